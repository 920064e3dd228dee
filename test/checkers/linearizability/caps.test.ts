import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkHistory, HistoryCheck } from '../../../src/checkers/linearizability/history-check.ts';
import { REGISTER } from '../../../src/checkers/linearizability/models/register.ts';
import type { RecordedOperation } from '../../../src/checkers/linearizability/operation.ts';
import type { CheckResult } from '../../../src/checkers/linearizability/result.ts';
import { drawArbitrary, historyOf } from './drawn-history.ts';
import { VOCABULARIES } from './vocabularies.ts';

const { shape: _shape, ...SEARCHED } = REGISTER;

const WRITES = 24;

/** Writes that all overlap, each value twice; then a read of what nobody wrote. */
function hardHistory(): RecordedOperation[] {
  const writes = Array.from({ length: WRITES }, (_, index): RecordedOperation => {
    return operation({ process: index, f: 'write', input: index >> 1, invokedAt: index });
  });
  const read = { process: WRITES, f: 'read', input: null, output: -1 };
  return [...writes, operation({ ...read, invokedAt: 900, returnedAt: 901 })];
}

function operation(
  given: Pick<RecordedOperation, 'process' | 'f' | 'input' | 'invokedAt'> &
    Partial<RecordedOperation>,
): RecordedOperation {
  return { key: null, output: null, outcome: 'ok', returnedAt: 100 + given.invokedAt, ...given };
}

describe('a check with a cap on its steps', () => {
  it('takes no more, and says how far it came', () => {
    const result = checkHistory(hardHistory(), SEARCHED, { stepsMax: 1000 });
    expect(result.verdict).toBe('unknown');
    expect(result.steps).toBe(1000);
    expect(result.progress).toMatchObject({ cap: 'steps', parts: 1, partsDecided: 0 });
    expect(result.progress?.placed).toBeGreaterThan(0);
    expect(result.progress?.operations).toBe(WRITES + 1);
  });

  it('comes to the verdict when the cap is just what it needs', () => {
    const drawn = fc.array(drawArbitrary, { minLength: 1, maxLength: 7 });
    const vocabulary = VOCABULARIES['a register of few values'];
    if (vocabulary === undefined) throw new Error('no such vocabulary');
    const property = fc.property(drawn, (draws) => {
      const history = historyOf(draws, vocabulary);
      const { verdict, steps } = checkHistory(history, vocabulary.model);
      const enough = checkHistory(history, vocabulary.model, { stepsMax: steps + 1 });
      expect(enough.verdict).toBe(verdict);
      if (steps < 2) return;
      const short = checkHistory(history, vocabulary.model, { stepsMax: steps - 1 });
      expect(['unknown', verdict]).toContain(short.verdict);
      expect(short.steps).toBeLessThan(steps);
    });
    fc.assert(property, { numRuns: 300, seed: 1 });
  });
});

describe('a check with a cap on its memory', () => {
  it.each([1 << 10, 1 << 13, 1 << 15, 1 << 17])('never counts more than %i bytes', (memoryMax) => {
    const result = checkHistory(hardHistory(), SEARCHED, { memoryMax });
    expect(result.verdict).toBe('unknown');
    expect(result.peakBytes).toBeLessThanOrEqual(memoryMax);
    expect(result.progress?.cap).toBe('memory');
  });

  it('decides the parts that it can', () => {
    const easy = operation({ process: 99, f: 'read', input: null, invokedAt: 950, key: 'easy' });
    const result = checkHistory([...hardHistory(), easy], SEARCHED, { memoryMax: 1 << 15 });
    expect(result.progress).toMatchObject({ cap: 'memory', parts: 2, partsDecided: 1, key: null });
  });
});

describe('a check that is interrupted', () => {
  function inSlices(history: readonly RecordedOperation[], slice: number): CheckResult {
    const check = new HistoryCheck(history, SEARCHED);
    while (!check.advance(slice)) {
      const { verdict, progress } = check.result();
      expect(verdict).toBe('unknown');
      expect(progress?.cap).toBe('caller');
    }
    return check.result();
  }

  it.each([1, 7, 1000])('comes to the same by %i steps at a time', (slice) => {
    const drawn = fc.array(drawArbitrary, { minLength: 1, maxLength: 7 });
    const vocabulary = VOCABULARIES['a register of few values'];
    if (vocabulary === undefined) throw new Error('no such vocabulary');
    const property = fc.property(drawn, (draws) => {
      const history = historyOf(draws, vocabulary);
      expect(inSlices(history, slice)).toEqual(checkHistory(history, SEARCHED));
    });
    fc.assert(property, { numRuns: 100, seed: 1 });
  });
});

describe('a history', () => {
  it('with two ends at one place is no history', () => {
    const one = operation({ process: 1, f: 'read', input: null, invokedAt: 1, returnedAt: 2 });
    const other = operation({ process: 2, f: 'read', input: null, invokedAt: 2, returnedAt: 3 });
    expect(() => checkHistory([one, other], REGISTER)).toThrow(RangeError);
  });

  it('with an answer before its question is none either', () => {
    const turned = operation({ process: 1, f: 'read', input: null, invokedAt: 2, returnedAt: 1 });
    expect(() => checkHistory([turned], REGISTER)).toThrow(RangeError);
  });

  it('without operations is right', () => {
    const { verdict, order } = checkHistory([], REGISTER, { order: true });
    expect({ verdict, order }).toEqual({ verdict: 'pass', order: [] });
  });
});
