import { describe, expect, it } from 'vitest';
import { PROPERTY_IDS } from '../../src/checkers/tally.ts';
import type { Property } from '../../src/checkers/violation.ts';
import type { Fault } from '../../src/faults/fault.ts';
import type { Plan } from '../../src/scenario/plan.ts';
import { type Run, run } from '../../src/scenario/run.ts';
import { at, quietPlan, SECOND, story } from '../support/plans.ts';

type Transport = Plan['network']['transport'];

/** All packets take the same time. */
const STEADY = { minMicros: 1000, maxMicros: 1000, tailRatePpm: 0, tailMicros: 0 };
/** Packets overtake one another even when nothing is wrong. */
const UNSTEADY = { minMicros: 500, maxMicros: 1500, tailRatePpm: 0, tailMicros: 0 };

/** What the packets between servers suffer, if nothing else is said for the first twelve seconds. */
const SUFFERING = { reach: 'servers', when: at(0), forMicros: 12 * SECOND } as const;

function lost(ratePpm: number): Fault {
  return { kind: 'loss', ratePpm, ...SUFFERING };
}

function duplicated(ratePpm: number): Fault {
  return { kind: 'duplication', ratePpm, ...SUFFERING };
}

function reordered(ratePpm: number): Fault {
  return { kind: 'reordering', ratePpm, delayMicros: 50_000, ...SUFFERING };
}

function plan(transport: Transport, seed: number, faults: readonly Fault[]): Plan {
  return {
    ...quietPlan({ servers: 3, clients: 3, durationMicros: 20 * SECOND }),
    seed: `transport ${seed}`,
    network: { transport, latency: STEADY, bytesPerSecond: 0 },
    faults,
  };
}

const SEEDS = [0, 1, 2, 3, 4];

/** The committed history itself is lost, and not only the order of a channel. */
/** What else goes wrong is seen before it. */
const BUT_AGREEMENT: readonly Property[] = PROPERTY_IDS.filter((id) => id !== 'agreement');

function breaksAgreement({ violations }: Run): boolean {
  return violations.some(({ property }) => property === 'agreement');
}

describe('on datagrams', () => {
  it('an ensemble is correct as long as the network does by chance what TCP promises', () => {
    for (const seed of SEEDS) {
      const result = run(plan('datagram', seed, []));
      expect(result.verdict, story(result)).toBe('pass');
    }
  });

  it.each([
    { what: 'lost', faults: [lost(20_000)] },
    { what: 'duplicated', faults: [duplicated(20_000)] },
    { what: 'reordered', faults: [reordered(50_000)] },
  ])('it is broken when packets are $what, and on streams the same seeds are not', ({ faults }) => {
    for (const seed of SEEDS) {
      expect(run(plan('datagram', seed, faults)).verdict).toBe('violation');
      const onStream = run(plan('stream', seed, faults));
      expect(onStream.verdict, story(onStream)).toBe('pass');
    }
  });

  it('servers come to disagree about what is committed, and on streams with the same seed they do not', () => {
    const disturbed = (
      transport: Transport,
      seed: number,
      without: readonly Property[] = [],
    ): Run => {
      const faults = [lost(20_000), duplicated(20_000), reordered(50_000)];
      const later = { when: at(5), forMicros: 7 * SECOND };
      const drawn = plan(
        transport,
        seed,
        faults.map((fault) => ({ ...fault, ...later })),
      );
      const network = { transport, latency: UNSTEADY, bytesPerSecond: 0 };
      return run({ ...drawn, network }, undefined, { without });
    };
    const seeds = Array.from({ length: 100 }, (_, n) => n);
    const seed = seeds.find((seed) => breaksAgreement(disturbed('datagram', seed, BUT_AGREEMENT)));
    expect(seed).toBeDefined();
    const onStream = disturbed('stream', seed ?? 0);
    expect(onStream.verdict, story(onStream)).toBe('pass');
    expect(onStream.stats.packets.lost).toBeGreaterThan(0);
    expect(onStream.stats.packets.reordered).toBeGreaterThan(0);
  });

  it('every packet may come twice, and a server takes none for what it is not', () => {
    for (const seed of SEEDS) {
      const result = run(plan('datagram', seed, [duplicated(1_000_000)]));
      expect(result.stats.packets.duplicated).toBeGreaterThan(10);
      expect(result.stats.elections.won).toBeGreaterThan(0);
    }
  });
});
