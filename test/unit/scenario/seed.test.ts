import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalSeed, displaySeed } from '../../../src/scenario/seed.ts';

describe('a seed', () => {
  it.each(['42', '042', '0x2a', '0X2A', '0x002a'])('written %s is the number 42', (text) => {
    expect(canonicalSeed(text)).toBe('42');
  });

  it.each(['quiet', '2a', '-42', '4.2', '1e3', '42 ', '0x', '0xnone', ''])(
    'that is the text "%s" stands for itself',
    (text) => {
      expect(canonicalSeed(text)).toBe(text);
      expect(displaySeed(text)).toBe(text);
    },
  );

  it('is shown in hexadecimal if it is a number', () => {
    expect(displaySeed('42')).toBe('0x2a');
    expect(displaySeed('0')).toBe('0x0');
  });

  it('is the same after it was shown and typed again, however large', () => {
    const property = fc.property(fc.bigInt({ min: 0n, max: 2n ** 200n }), (number) => {
      const seed = number.toString();
      expect(canonicalSeed(displaySeed(seed))).toBe(seed);
    });
    fc.assert(property, { numRuns: 200, seed: 1 });
  });

  it('has one spelling that does not change any more', () => {
    const property = fc.property(fc.string(), (text) => {
      const canonical = canonicalSeed(text);
      expect(canonicalSeed(canonical)).toBe(canonical);
    });
    fc.assert(property, { numRuns: 500, seed: 1 });
  });
});
