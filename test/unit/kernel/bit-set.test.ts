import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  EMPTY,
  hasMember,
  MEMBER_MAX,
  members,
  setOf,
  size,
  withMember,
} from '../../../src/kernel/bit-set.ts';

const ALL = Array.from({ length: MEMBER_MAX + 1 }, (_, member) => member);
const memberList = fc.array(fc.integer({ min: 0, max: MEMBER_MAX }));

describe('a bit set', () => {
  it('is empty without members', () => {
    expect(members(EMPTY)).toEqual([]);
    expect(size(EMPTY)).toBe(0);
    expect(hasMember(EMPTY, 0)).toBe(false);
  });

  it('holds the largest member like any other', () => {
    const set = withMember(EMPTY, MEMBER_MAX);
    expect(members(set)).toEqual([MEMBER_MAX]);
    expect(size(set)).toBe(1);
    expect(hasMember(set, MEMBER_MAX)).toBe(true);
    expect(hasMember(set, MEMBER_MAX - 1)).toBe(false);
  });

  it('can hold all members at once', () => {
    expect(members(setOf(ALL))).toEqual(ALL);
    expect(size(setOf(ALL))).toBe(32);
  });

  it('agrees with a Set about any members', () => {
    const property = fc.property(memberList, (list) => {
      const set = setOf(list);
      const expected = new Set(list);
      expect(members(set)).toEqual([...expected].toSorted((a, b) => a - b));
      expect(size(set)).toBe(expected.size);
      expect(ALL.filter((member) => hasMember(set, member))).toEqual(members(set));
    });
    fc.assert(property, { numRuns: 200, seed: 3 });
  });

  it('is the same number for the same members in any order', () => {
    const property = fc.property(memberList, (list) => {
      expect(setOf(list.toReversed())).toBe(setOf(list));
    });
    fc.assert(property, { numRuns: 100, seed: 4 });
  });
});
