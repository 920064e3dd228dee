import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkHistory } from '../../../src/checkers/linearizability/history-check.ts';
import { REGISTER } from '../../../src/checkers/linearizability/models/register.ts';
import type { RecordedOperation } from '../../../src/checkers/linearizability/operation.ts';
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

describe('a search with many calls that were never answered', () => {
  /** Each value is written so often, never answered; then all are read by turns, once too often. */
  function writtenAndRead(values: number, times: number): RecordedOperation[] {
    const lost = { key: null, output: null, outcome: 'info', f: 'write' } as const;
    const writes = Array.from({ length: values * times }, (_, at): RecordedOperation => {
      const returnedAt = Number.POSITIVE_INFINITY;
      return { ...lost, process: at, input: at % values, invokedAt: at, returnedAt };
    });
    const reads = Array.from({ length: values * (times + 1) }, (_, index): RecordedOperation => {
      const invokedAt = writes.length + 2 * index;
      const answer = { output: index % values, outcome: 'ok', returnedAt: invokedAt + 1 } as const;
      return { process: -1, f: 'read', key: null, input: null, invokedAt, ...answer };
    });
    return [...writes, ...reads];
  }

  it('tries nothing that was in vain with fewer of them placed', () => {
    const { verdict, steps } = checkHistory(writtenAndRead(4, 12), REGISTER, { evidence: false });
    expect(verdict).toBe('violation');
    expect(steps).toBeLessThan(30_000);
  });

  it('remembers how many there were of each kind, not which', () => {
    const right = writtenAndRead(2, 4000).slice(0, -2);
    const { verdict, peakBytes } = checkHistory(right, REGISTER);
    expect(verdict).toBe('pass');
    expect(peakBytes).toBeLessThan(8 * 2 ** 20);
  });
});

describe('a search with values that nobody looks for', () => {
  it('takes one for the other', () => {
    const lost = { key: null, output: null, outcome: 'info', f: 'write' } as const;
    const writes = Array.from({ length: 200 }, (_, at): RecordedOperation => {
      const returnedAt = Number.POSITIVE_INFINITY;
      return { ...lost, process: at, input: at, invokedAt: at, returnedAt };
    });
    const reads = [1, 0, 1].map((output, index): RecordedOperation => {
      const invokedAt = 1000 + 2 * index;
      const asked = { process: -1, f: 'read', key: null, input: null, invokedAt } as const;
      return { ...asked, output, outcome: 'ok', returnedAt: invokedAt + 1 };
    });
    const again = { ...lost, process: 500, input: 0, invokedAt: 999, returnedAt: Infinity };
    const { verdict, steps } = checkHistory([...writes, again, ...reads], REGISTER);
    expect(verdict).toBe('violation');
    expect(steps).toBeLessThan(1000);
  });
});
