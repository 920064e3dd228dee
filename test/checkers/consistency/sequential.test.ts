import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { newCheck } from '../../../src/checkers/consistency/judge.ts';
import { SequentialCheck } from '../../../src/checkers/consistency/sequential.ts';
import type { HistoryModel } from '../../../src/checkers/linearizability/model.ts';
import { HISTORY_MODELS } from '../../../src/checkers/linearizability/models/models.ts';
import type { RecordedOperation } from '../../../src/checkers/linearizability/operation.ts';
import type { CheckOptions, CheckResult } from '../../../src/checkers/linearizability/result.ts';
import { readHistoryFile } from '../history-files.ts';
import { drawArbitrary, historyOf } from '../linearizability/drawn-history.ts';
import { VOCABULARIES } from '../linearizability/vocabularies.ts';
import { agreesWithPrograms, isSequential } from './brute-force.ts';
import { tamper, znodeHistory } from './znode-histories.ts';

const RUNS = 500;

function modelOf(name: string): HistoryModel<unknown> {
  const model = HISTORY_MODELS.get(name);
  if (model === undefined) throw new Error(`no model ${name}`);
  return model;
}

function check(
  operations: readonly RecordedOperation[],
  model: HistoryModel<unknown>,
  options: CheckOptions = {},
): CheckResult {
  const sequential = new SequentialCheck(operations, model, { order: true, ...options });
  sequential.advance(Number.POSITIVE_INFINITY);
  return sequential.result();
}

/** The same operations by few processes, each of which asks for one thing at a time. */
function byFewProcesses(operations: readonly RecordedOperation[]): RecordedOperation[] {
  const busyUntil: number[] = [];
  return operations.map((operation) => {
    const idle = busyUntil.findIndex((until) => until < operation.invokedAt);
    const process = idle < 0 ? busyUntil.length : idle;
    busyUntil[process] = operation.returnedAt;
    return { ...operation, process };
  });
}

/** Holds a check against trying every order. @returns whether the history is right */
function compare(operations: readonly RecordedOperation[], model: HistoryModel<unknown>): boolean {
  const isRight = isSequential(operations, model);
  const { verdict, order, evidence } = check(operations, model);
  expect({ operations, verdict }).toEqual({ operations, verdict: isRight ? 'pass' : 'violation' });
  if (isRight) expect(agreesWithPrograms(order ?? [], operations, model)).toBe(true);
  else expect(isSequential(evidence?.operations ?? [], model)).toBe(false);
  return isRight;
}

const DRAWN = Object.entries(VOCABULARIES).filter(([, { model }]) => model.byProcess !== true);

describe('one order that every process agrees with', () => {
  it.each(DRAWN)('of %s is found where trying every order finds one', (_name, vocabulary) => {
    let right = 0;
    const draws = fc.array(drawArbitrary, { minLength: 1, maxLength: 7 });
    fc.assert(
      fc.property(draws, (drawn) => {
        const operations = byFewProcesses(historyOf(drawn, vocabulary));
        if (compare(operations, vocabulary.model)) right++;
      }),
      { numRuns: RUNS, seed: 2 },
    );
    expect(right).toBeGreaterThan(RUNS / 10);
    expect(right).toBeLessThan(RUNS - RUNS / 50);
  });

  it('of znodes whose servers lag behind is found where trying every order finds one', () => {
    const counts = { right: 0, wrong: 0 };
    for (let seed = 0; seed < RUNS; seed++) {
      const shape = { processes: 3, keys: 2, operations: 7, lostPpm: 200_000 };
      const isRight = compare(tamper(znodeHistory(seed, shape), seed), modelOf('znode'));
      counts[isRight ? 'right' : 'wrong']++;
    }
    expect(Math.min(counts.right, counts.wrong)).toBeGreaterThan(RUNS / 10);
  });

  it('need not agree with real time', () => {
    const late = [operationOf(1, 'write', 7, [1, 2]), operationOf(2, 'read', null, [3, 4])];
    expect(check(late, modelOf('register')).verdict).toBe('pass');
    const own = late.map((operation) => ({ ...operation, process: 1 }));
    expect(check(own, modelOf('register')).verdict).toBe('violation');
  });

  it('has to be one for all objects', () => {
    // Each sees its own write, and not yet the other's.
    const operations = [
      operationOf(1, 'write', 1, [1, 5], '/a'),
      operationOf(2, 'write', 1, [2, 6], '/b'),
      operationOf(1, 'read', null, [7, 9], '/b'),
      operationOf(2, 'read', null, [8, 10], '/a'),
    ];
    const { verdict, evidence } = check(operations, modelOf('kv-register'));
    expect(verdict).toBe('violation');
    expect(evidence?.operations).toEqual(operations);
    expect(evidence?.explanation[0]).toContain('No order of these 4 operations');
  });

  it('takes a get of the own server for a get', () => {
    const operations = [
      { ...operationOf(1, 'set', 7, [1, 2], '/a'), version: 1 },
      { ...operationOf(2, 'localGet', null, [3, 4], '/a'), version: 0 },
      { ...operationOf(1, 'localGet', null, [5, 6], '/a'), version: 0 },
    ];
    const verdictOf = (some: readonly RecordedOperation[]): string => {
      const sequential = newCheck('sequential', some, modelOf('znode'));
      sequential.advance(Number.POSITIVE_INFINITY);
      return sequential.result().verdict;
    };
    expect(verdictOf(operations.slice(0, 2))).toBe('pass');
    expect(verdictOf(operations)).toBe('violation');
  });

  it('takes no get of the own server for what wrote the version', () => {
    const lost = { outcome: 'info', returnedAt: Number.POSITIVE_INFINITY } as const;
    const operations = [
      { ...operationOf(1, 'cas', [0, 1], [1, 0]), ...lost },
      { ...operationOf(2, 'set', 2, [2, 0]), ...lost },
      { ...operationOf(3, 'localGet', null, [3, 4]), output: 2, version: 3, zxid: 2 },
      { ...operationOf(3, 'set', 3, [5, 0]), ...lost },
    ];
    const sequential = newCheck('sequential', operations, modelOf('znode'));
    sequential.advance(Number.POSITIVE_INFINITY);
    expect(sequential.result().verdict).toBe('violation');
  });

  it('takes the version that a cas expects for no value', () => {
    const refused = { ...operationOf(2, 'cas', [2, 4], [5, 8]), outcome: 'fail' } as const;
    const operations = [
      { ...operationOf(1, 'set', 1, [1, 2]), version: 1 },
      { ...operationOf(1, 'cas', [1, 2], [3, 4]), version: 2 },
      { ...operationOf(2, 'get', null, [0, 4.5]), output: 2, version: 2 },
      refused,
    ];
    expect(compare(operations, modelOf('znode'))).toBe(false);
  });
});

function operationOf(
  process: number,
  f: string,
  value: unknown,
  [invokedAt, returnedAt]: readonly [number, number],
  key: string | null = null,
): RecordedOperation {
  return { process, f, key, input: value, output: null, outcome: 'ok', invokedAt, returnedAt };
}

describe('the look for an order', () => {
  /** What each of many reads saw, and in the end what nobody wrote. */
  const hard = [
    ...Array.from({ length: 8 }, (_, n) => operationOf(n, 'write', n % 3, [n + 1, n + 20])),
    { ...operationOf(20, 'read', null, [50, 51]), output: 9 },
  ];
  const register = modelOf('register');

  it('says unknown when its steps are used up, after the same number each time', () => {
    const results = [1, 2].map(() => check(hard, register, { stepsMax: 50 }));
    expect(results[0]).toEqual(results[1]);
    expect(results[0]).toMatchObject({ verdict: 'unknown', progress: { cap: 'steps' } });
    expect(check(hard, register).verdict).toBe('violation');
  });

  it('says unknown when its memory is used up', () => {
    const result = check(hard, register, { memoryMax: 3000 });
    expect(result).toMatchObject({ verdict: 'unknown', progress: { cap: 'memory' } });
    expect(result.peakBytes).toBeLessThanOrEqual(3000);
  });

  it('goes on where it was interrupted', () => {
    const sequential = new SequentialCheck(hard, register);
    let slices = 1;
    while (!sequential.advance(10)) slices++;
    expect(slices).toBeGreaterThan(3);
    expect(sequential.result().verdict).toBe(check(hard, register).verdict);
  });
});

describe('the recorded histories', () => {
  it.each([
    'znode-local-p3-40-ok',
    'znode-local-p3-40-sessionBack',
    'znode-local-p3-40-ownWrite',
    'znode-local-p3-40-crossKey',
    'znode-local-p4-k4-200-ok',
    'znode-local-p4-k4-200-sessionBack',
    'znode-local-p4-k4-200-ownWrite',
    'znode-local-p4-k4-200-crossKey',
  ])('of %s come out as declared', (name) => {
    const { header, history } = readHistoryFile(name);
    const { verdict, evidence } = check(history.operations, modelOf('znode'));
    expect(verdict).toBe(header.sequential ? 'pass' : 'violation');
    const left = evidence?.operations ?? [];
    expect(left.length).toBeLessThanOrEqual(header.defect?.lines.length ?? 0);
  });
});
