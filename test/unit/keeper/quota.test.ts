import { describe, expect, it } from 'vitest';
import { isWithinQuota, parseQuota } from '../../../src/keeper/quota.ts';

const BYTES = new TextEncoder();

describe('a subtree', () => {
  const totals = parseQuota(BYTES.encode('count=5,bytes=50'));
  it.each([
    ['countHardLimit=6', 1, 0, true],
    ['countHardLimit=5', 1, 0, false],
    ['countHardLimit=4', 0, 9, true],
    ['byteHardLimit=60', 0, 10, true],
    ['byteHardLimit=60', 0, 11, false],
    ['byteHardLimit=40', 0, 0, true],
    ['byteHardLimit=40', 0, -10, true],
    // It shrinks, and is too large all the same.
    ['byteHardLimit=40', 0, -9, false],
    ['count=1,bytes=1', 9, 99, true],
  ])('under %s may change by %d nodes and %d bytes: %s', (limits, count, bytes, may) => {
    expect(isWithinQuota(parseQuota(BYTES.encode(limits)), totals, count, bytes)).toBe(may);
  });
});
