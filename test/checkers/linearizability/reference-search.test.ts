import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Call,
  checkLinearizable,
  type SearchVerdict,
  type SequentialModel,
} from '../../../src/checkers/linearizability/reference-search.ts';
import { callsByKey, modelOf, type RecordedHistory, recordedHistories } from '../histories.ts';

const STEPS_MAX = 2_000_000;

function judge(history: RecordedHistory): SearchVerdict {
  const model = modelOf(history);
  const verdicts = callsByKey(history).map(
    (calls) => checkLinearizable(model, calls, STEPS_MAX).verdict,
  );
  if (verdicts.includes('not linearizable')) return 'not linearizable';
  return verdicts.includes('unknown') ? 'unknown' : 'linearizable';
}

describe('histories with a known verdict', () => {
  const known = recordedHistories().filter(({ linearizable }) => linearizable !== null);

  it.each(known.map((history) => ({ name: history.name, history })))('$name', ({ history }) => {
    const expected = history.linearizable ? 'linearizable' : 'not linearizable';
    expect(judge(history)).toBe(expected);
  });

  it('are of both kinds', () => {
    expect(new Set(known.map(({ linearizable }) => linearizable))).toEqual(new Set([true, false]));
  });
});

interface Write {
  readonly value: number | null;
}

/** A register of small numbers; `null` asks for the value. */
const REGISTER: SequentialModel<number, Write, number> = {
  initial: 0,
  step: (state, { value }, answer) => {
    if (value !== null) return value;
    return answer === undefined || answer === state ? state : null;
  },
  keyOf: String,
};

/** Tries every order. */
function isLinearizable(calls: readonly Call<Write, number>[], state = 0): boolean {
  if (calls.every(({ output }) => output === undefined)) return true;
  return calls.some((call, index) => {
    const others = calls.filter((_, other) => other !== index);
    if (others.some(({ returnedAt }) => returnedAt < call.invokedAt)) return false;
    const next = REGISTER.step(state, call.input, call.output);
    return next !== null && isLinearizable(others, next);
  });
}

/** Up to seven overlapping calls of a register with three values, some without an answer. */
const callsArbitrary = fc
  .array(
    fc.record({
      value: fc.option(fc.nat(2)),
      answer: fc.nat(2),
      isLost: fc.boolean(),
      start: fc.integer({ min: 0, max: 1000 }),
      length: fc.integer({ min: 1, max: 600 }),
    }),
    { maxLength: 7 },
  )
  .map((drawn) =>
    drawn.map(({ value, answer, isLost, start, length }, index): Call<Write, number> => {
      const invokedAt = start * 10 + index;
      const lost = isLost && value !== null;
      return {
        input: { value },
        output: lost ? undefined : answer,
        invokedAt,
        returnedAt: lost ? Number.POSITIVE_INFINITY : (start + length) * 10 + index,
      };
    }),
  );

describe('the search', () => {
  it('agrees with trying every order', () => {
    let rejected = 0;
    const property = fc.property(callsArbitrary, (calls) => {
      const expected = isLinearizable(calls);
      if (!expected) rejected++;
      const { verdict } = checkLinearizable(REGISTER, calls, STEPS_MAX);
      expect(verdict).toBe(expected ? 'linearizable' : 'not linearizable');
    });
    fc.assert(property, { numRuns: 2000, seed: 1 });
    expect(rejected).toBeGreaterThan(200);
    expect(rejected).toBeLessThan(1800);
  });

  it('says unknown when its steps are used up, always after the same number', () => {
    const calls = Array.from({ length: 12 }, (_, n): Call<Write, number> => {
      return { input: { value: n }, output: 0, invokedAt: n, returnedAt: 100 + n };
    });
    const impossible = [
      ...calls,
      { input: { value: null }, output: 99, invokedAt: 200, returnedAt: 201 },
    ];
    const result = checkLinearizable(REGISTER, impossible, 1000);
    expect(result).toEqual({ verdict: 'unknown', steps: 1001 });
  });
});
