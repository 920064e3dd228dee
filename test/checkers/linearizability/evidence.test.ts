import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { excerptsOf } from '../../../src/checkers/linearizability/evidence/find-evidence.ts';
import { type Check, Shrinker } from '../../../src/checkers/linearizability/evidence/shrink.ts';
import { checkHistory } from '../../../src/checkers/linearizability/history-check.ts';
import type { HistoryModel } from '../../../src/checkers/linearizability/model.ts';
import { HISTORY_MODELS } from '../../../src/checkers/linearizability/models/models.ts';
import type { RecordedOperation } from '../../../src/checkers/linearizability/operation.ts';
import { checkLinearizable } from '../../../src/checkers/linearizability/reference-search.ts';
import { textOf } from '../../../src/checkers/linearizability/values.ts';
import { isLinearizable } from './brute-force.ts';
import { drawArbitrary, historyOf, type Vocabulary } from './drawn-history.ts';
import { VOCABULARIES } from './vocabularies.ts';

const RUNS = 500;
const drawsArbitrary = fc.array(drawArbitrary, { minLength: 1, maxLength: 7 });

/** What says something, of the part that the first operation is in. */
function firstPart(
  history: readonly RecordedOperation[],
  { model }: Vocabulary,
): RecordedOperation[] {
  const partOf = (operation: RecordedOperation): unknown => {
    return model.partition?.(operation) ?? operation.key;
  };
  const part = history[0] === undefined ? null : partOf(history[0]);
  return history.filter((operation) => {
    const { f, outcome } = operation;
    const traits = model.operations?.[f];
    if (outcome === 'info' && traits?.isRead === true) return false;
    if (outcome === 'fail' && traits?.tellsWhenRefused !== true) return false;
    return partOf(operation) === part;
  });
}

/** What the independent search says of operations as a history of its own. */
function referenceVerdict(
  operations: readonly RecordedOperation[],
  { init, step, hash }: HistoryModel<unknown>,
): string {
  const sequential = {
    initial: init,
    step: (state: unknown, operation: RecordedOperation) => step(state, operation),
    keyOf: (state: unknown) => String(hash?.(state) ?? textOf(state)),
  };
  const asked = operations.map((operation) => {
    const { invokedAt, returnedAt } = operation;
    const output = operation.outcome === 'info' ? undefined : (true as const);
    return { input: operation, output, invokedAt, returnedAt };
  });
  return checkLinearizable(sequential, asked, 1_000_000).verdict;
}

describe.each(Object.entries(VOCABULARIES))('the history of %s', (_name, vocabulary) => {
  const { model } = vocabulary;

  it('if right, has no excerpt that is wrong', () => {
    let judgedCount = 0;
    const property = fc.property(drawsArbitrary, fc.nat(127), fc.nat(7), (draws, mask, last) => {
      const history = historyOf(draws, vocabulary);
      const calls = firstPart(history, vocabulary);
      if (!isLinearizable(calls, model)) return;
      const until = calls[last]?.returnedAt ?? Number.POSITIVE_INFINITY;
      const excerpt = calls.flatMap((_, call) => ((mask >> call) & 1 ? [call] : []));
      for (const excerpts of excerptsOf({ calls, until }, model)) {
        const judged = excerpts.judged(excerpt);
        if (judged === null) continue;
        judgedCount++;
        expect(isLinearizable(judged.operations, judged.model)).toBe(true);
      }
    });
    fc.assert(property, { numRuns: RUNS, seed: 1 });
    expect(judgedCount).toBeGreaterThan(RUNS / 20);
  });

  it('if wrong, has an excerpt that is, with the reason', () => {
    let wrong = 0;
    const property = fc.property(drawsArbitrary, (draws) => {
      const history = historyOf(draws, vocabulary);
      const { verdict, evidence } = checkHistory(history, model);
      expect(evidence === null).toBe(verdict !== 'violation');
      if (evidence === null) return;
      wrong++;
      expect(history).toEqual(expect.arrayContaining([...evidence.operations]));
      expect(isLinearizable(evidence.operations, model)).toBe(false);
      expect(referenceVerdict(evidence.operations, model)).toBe('not linearizable');
      expect(evidence.explanation).not.toEqual([]);
      expect(evidence.operations).toEqual(expect.arrayContaining([...evidence.longestOrder]));
      expect(evidence.longestOrder.length).toBeLessThan(evidence.operations.length);
    });
    fc.assert(property, { numRuns: RUNS, seed: 1 });
    expect(wrong).toBeGreaterThan(RUNS / 20);
  });
});

describe('the work that evidence takes', () => {
  it('ends, whatever it is that takes long', () => {
    let judgedCount = 0;
    const excerpts = {
      effort: () => 100_000,
      judged: () => {
        judgedCount++;
        return null;
      },
      context: () => [],
      remarks: () => [],
    };
    const check: Check = () => ({ verdict: 'violation', steps: 1 });
    const all = Array.from({ length: 1000 }, (_, call) => call);
    expect(new Shrinker(excerpts, check).shrink(all)).toEqual(all);
    expect(judgedCount).toBeLessThan(100);
  });
});

type Told = Partial<RecordedOperation> & Pick<RecordedOperation, 'process' | 'f'>;

/** Operations that have an answer unless something else is said of them. */
function operationOf([invokedAt, returnedAt]: readonly [number, number], told: Told) {
  const outcome = returnedAt === LOST ? ('info' as const) : ('ok' as const);
  return { key: null, input: null, output: null, outcome, invokedAt, returnedAt, ...told };
}

const LOST = Number.POSITIVE_INFINITY;

/** One after the other. */
function inTurn(...told: readonly Told[]): RecordedOperation[] {
  return told.map((each, index) => operationOf([2 * index + 1, 2 * index + 2], each));
}

function evidenceOf(name: string, operations: readonly RecordedOperation[]) {
  const model = HISTORY_MODELS.get(name);
  const { verdict, evidence } = checkHistory(operations, model as HistoryModel<unknown>);
  expect(verdict).toBe('violation');
  const { operations: shown = [], explanation = [], longestOrder = [] } = evidence ?? {};
  return { shown, text: explanation.join('\n'), order: longestOrder };
}

describe('the evidence', () => {
  it('about a version that nobody made shows what was there before, and says so', () => {
    const set = (input: number, version: number): Told => ({
      process: 1,
      f: 'set',
      input,
      version,
    });
    const cas = { process: 2, f: 'cas', input: [4, 9], version: 5 };
    const operations = inTurn(set(7, 1), set(8, 2), set(6, 3), cas);
    const { shown, text, order } = evidenceOf('znode', operations);
    expect(shown).toEqual(operations.slice(2));
    expect(order).toEqual(operations.slice(2, 3));
    expect(text).toContain("Process 2's cas [4,9] → version 5 [7–8] has no place in any order.");
    expect(text).toContain('the version is 3, so it cannot have ended as it did.');
    expect(text).toContain('No write in the history can have made version 4.');
  });

  it('about versions that too few writes can have made shows those writes', () => {
    const lost = operationOf([1, LOST], { process: 3, f: 'set', input: 1 });
    const set = operationOf([2, 3], { process: 1, f: 'set', input: 2, version: 3 });
    const { shown, text } = evidenceOf('znode', [lost, set]);
    expect(shown).toEqual([lost, set]);
    expect(text).toContain('need a write without an answer each');
  });

  it('calls a cas a cas, though only what it wrote counts', () => {
    const read = (process: number, output: number): Told => ({ process, f: 'read', output });
    const write = (input: number): Told => ({ process: 1, f: 'write', input });
    const cas = { process: 2, f: 'cas', input: [1, 2] };
    const operations = inTurn(write(1), cas, write(3), read(4, 2), write(1));
    const { shown, text } = evidenceOf('cas-register', operations);
    expect(shown).toEqual(operations.slice(1, 4));
    expect(text).toContain("process 2's cas [1,2] [3–4], then process 1's write 3 [5–6]");
    expect(text).toContain("Of process 2's cas [1,2] [3–4] only what it wrote counts here");
    expect(text).not.toContain('write 2');
  });

  it('about a text of pieces that are written again and again is small', () => {
    const append = (input: string): Told => ({ process: 1, f: 'append', input });
    const get = (process: number, output: string): Told => ({ process, f: 'get', output });
    const before = ['a', 'ab', 'a', 'b', 'a'].map(append);
    const operations = inTurn(...before, get(2, 'aababa'), append('ab'), get(3, 'aababa'));
    const { shown, order } = evidenceOf('kv', operations);
    expect(shown.length).toBeLessThanOrEqual(3);
    expect(order.length).toBe(shown.length - 1);
  });

  it('does not hold a text against pieces that others may have written together', () => {
    const [append] = [(input: string): Told => ({ process: 1, f: 'append', input })];
    const operations = inTurn(append('ab'), append('a'), { process: 2, f: 'get', output: 'aba' });
    // With only the second append there, the first a of the text need not be its own.
    for (const excerpts of excerptsOf(
      { calls: operations, until: LOST },
      HISTORY_MODELS.get('kv') as HistoryModel<unknown>,
    )) {
      const judged = excerpts.judged([1, 2]);
      if (judged !== null) expect(isLinearizable(judged.operations, judged.model)).toBe(true);
    }
  });

  it('does without dequeues that had no answer, where they took nothing of it', () => {
    const lost = [1, 2, 3].map((at) => operationOf([at, LOST], { process: 9 + at, f: 'dequeue' }));
    const told = [
      { process: 1, f: 'enqueue', input: 7 },
      { process: 1, f: 'dequeue', output: 7 },
      { process: 2, f: 'dequeue', output: 7 },
    ];
    const later = told.map((each, index) => operationOf([10 + 2 * index, 11 + 2 * index], each));
    const { shown } = evidenceOf('queue', [...lost, ...later]);
    expect(shown).toEqual(later);
  });
});
