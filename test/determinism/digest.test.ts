import { Worker } from 'node:worker_threads';
import { describe, expect, it } from 'vitest';
import { generate } from '../../src/scenario/generate.ts';
import { run } from '../../src/scenario/run.ts';
import { observe } from '../support/plans.ts';

/**
 * Pinned: a change here is either a change of what servers, world or generator do, and named in
 * its commit, or a bug to be found before all else.
 */
const GOLDEN: Readonly<Record<string, string>> = {
  '0': '6038e1570ccab3fa',
  '1': 'e7db8f21bb8ee8bd',
  '2': '26976469546a15e7',
  '7': '24e5fd1371aaf364',
  '42': '5e3902cfeab5c187',
  'any text': '1f91f5fb95cf89c2',
};

/** Runs a seed in a thread of its own, from the built package. */
function runInWorker(seed: string): Promise<string> {
  const code = `
    import { parentPort, workerData } from 'node:worker_threads';
    import { generate, run } from ${JSON.stringify(new URL('../../dist/index.js', import.meta.url))};
    parentPort.postMessage(run(generate(workerData)).digest);
  `;
  const url = new URL(`data:text/javascript,${encodeURIComponent(code)}`);
  return new Promise((resolve, reject) => {
    const worker = new Worker(url, { workerData: seed });
    worker.once('message', resolve);
    worker.once('error', reject);
  });
}

describe('the digest of a seed', () => {
  it.each(Object.entries(GOLDEN))('%s is the pinned one', (seed, digest) => {
    expect(run(generate(seed)).digest).toBe(digest);
  });

  it('is the same twice, traced, and in a worker', async () => {
    for (const seed of ['42', 'any text']) {
      const { digest } = run(generate(seed));
      expect(run(generate(seed)).digest).toBe(digest);
      expect(observe(generate(seed)).result.digest).toBe(digest);
      expect(await runInWorker(seed)).toBe(digest);
    }
  });

  it('is the same however a number is written', () => {
    const { digest } = run(generate(42));
    expect(run(generate('42')).digest).toBe(digest);
    expect(run(generate('0x2a')).digest).toBe(digest);
    expect(run(generate('0X2A')).digest).toBe(digest);
    expect(run(generate('042')).digest).toBe(digest);
  });

  it('differs from seed to seed', () => {
    const brief = { durationMicros: 5_000_000 };
    const digests = Array.from({ length: 30 }, (_, seed) => run(generate(seed, brief)).digest);
    expect(new Set(digests).size).toBe(30);
  });

  it('differs when one fault is taken away', () => {
    const plan = generate(4);
    expect(plan.faults.length).toBeGreaterThan(0);
    expect(run({ ...plan, faults: [] }).digest).not.toBe(run(plan).digest);
  });
});

describe('keyed chance', () => {
  it('leaves a run as it was up to the moment of a fault that is taken away', () => {
    const plan = generate(4);
    const timed = plan.faults.map(({ when }) =>
      'atMicros' in when ? when.atMicros : Number.POSITIVE_INFINITY,
    );
    const last = plan.faults[timed.indexOf(Math.max(...timed.filter(Number.isFinite)))];
    const before = last !== undefined && 'atMicros' in last.when ? last.when.atMicros : 0;
    const without = { ...plan, faults: plan.faults.filter((fault) => fault !== last) };
    const upTo = (events: readonly { at: number }[]): unknown[] => {
      return events.filter(({ at }) => at < before);
    };
    expect(before).toBeGreaterThan(0);
    expect(upTo(observe(without).events)).toEqual(upTo(observe(plan).events));
  });
});
