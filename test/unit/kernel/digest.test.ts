import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Digest } from '../../../src/kernel/digest.ts';

function digestOf(...values: readonly (number | string)[]): string {
  const digest = new Digest();
  for (const value of values) {
    if (typeof value === 'string') digest.mixText(value);
    else digest.mix(value);
  }
  return digest.toString();
}

const integer = fc.maxSafeInteger();

describe('a digest', () => {
  it('is sixteen hexadecimal digits', () => {
    const property = fc.property(fc.array(integer), (values) => {
      expect(digestOf(...values)).toMatch(/^[0-9a-f]{16}$/);
    });
    fc.assert(property, { numRuns: 100, seed: 5 });
  });

  it('is the same for the same values', () => {
    const property = fc.property(fc.array(integer), (values) => {
      expect(digestOf(...values)).toBe(digestOf(...values));
    });
    fc.assert(property, { numRuns: 100, seed: 6 });
  });

  it('is the same on every machine and in every version', () => {
    expect(digestOf(1, -1, 2 ** 40 + 3, Number.MIN_SAFE_INTEGER, 'zxid')).toBe('5089daf0f932fe2e');
  });

  it.each([
    [[0], []],
    [[0], [1]],
    [[1], [-1]],
    [[1], [2 ** 32 + 1]],
    [[-1], [2 ** 32 - 1]],
    [[2 ** 40], [2 ** 41]],
    [
      [1, 2],
      [2, 1],
    ],
    [
      ['ab', 'c'],
      ['a', 'bc'],
    ],
    [['é'], ['e']],
  ])('tells %j from %j', (a, b) => {
    expect(digestOf(...a)).not.toBe(digestOf(...b));
  });

  it('tells any two sequences apart that differ in one value', () => {
    const seen = new Set<string>();
    for (let n = 0; n < 20_000; n++) seen.add(digestOf(5, n * 2 ** 20, 7));
    expect(seen.size).toBe(20_000);
  });

  it('remembers a difference, whatever is mixed in later', () => {
    const property = fc.property(integer, integer, fc.array(integer), (a, b, rest) => {
      fc.pre(a !== b);
      expect(digestOf(a, ...rest)).not.toBe(digestOf(b, ...rest));
    });
    fc.assert(property, { numRuns: 500, seed: 7 });
  });
});
