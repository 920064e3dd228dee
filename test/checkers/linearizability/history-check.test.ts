import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkHistory } from '../../../src/checkers/linearizability/history-check.ts';
import { isLegalOrder, isLinearizable } from './brute-force.ts';
import { type Draw, drawArbitrary, historyOf } from './drawn-history.ts';
import { VOCABULARIES } from './vocabularies.ts';

const RUNS = 700;

/** How many of the histories are right, after `judge` has looked at each. */
function judgeDrawn(judge: (draws: readonly Draw[]) => boolean): number {
  let right = 0;
  const draws = fc.array(drawArbitrary, { minLength: 1, maxLength: 7 });
  fc.assert(
    fc.property(draws, (drawn) => {
      if (judge(drawn)) right++;
    }),
    { numRuns: RUNS, seed: 1 },
  );
  return right;
}

describe.each(Object.entries(VOCABULARIES))('the history of %s', (_name, vocabulary) => {
  it('has the verdict that trying every order comes to', () => {
    const { model } = vocabulary;
    const right = judgeDrawn((draws) => {
      const history = historyOf(draws, vocabulary);
      const isRight = isLinearizable(history, model);
      expect(checkHistory(history, model).verdict).toBe(isRight ? 'pass' : 'violation');
      return isRight;
    });
    expect(right).toBeGreaterThan(RUNS / 10);
    expect(right).toBeLessThan(RUNS - RUNS / 20);
  });

  it('has a legal order of all that was answered, if it is right', () => {
    const { model } = vocabulary;
    judgeDrawn((draws) => {
      const history = historyOf(draws, vocabulary);
      const { verdict, order } = checkHistory(history, model, { order: true, evidence: false });
      expect(order === null).toBe(verdict !== 'pass');
      if (order === null) return false;
      expect(isLegalOrder(order, model)).toBe(true);
      const answered = history.filter(({ outcome }) => outcome === 'ok');
      expect(order).toEqual(expect.arrayContaining(answered));
      return true;
    });
  });

  it('has the same verdict by a search alone', () => {
    const { shape: _, ...searched } = vocabulary.model;
    judgeDrawn((draws) => {
      const history = historyOf(draws, vocabulary);
      const isRight = isLinearizable(history, searched);
      expect(checkHistory(history, searched).verdict).toBe(isRight ? 'pass' : 'violation');
      return isRight;
    });
  });
});
