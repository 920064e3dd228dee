import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { excerptsOf } from '../../../src/checkers/linearizability/evidence/find-evidence.ts';
import { type Check, Shrinker } from '../../../src/checkers/linearizability/evidence/shrink.ts';
import { checkHistory } from '../../../src/checkers/linearizability/history-check.ts';
import type { RecordedOperation } from '../../../src/checkers/linearizability/operation.ts';
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
