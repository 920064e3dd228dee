/** A set of integers 0 to 31 in one number: the ids of an ensemble's servers. */
export type BitSet = number;

export const EMPTY: BitSet = 0;

/** The largest member a set can hold. */
export const MEMBER_MAX = 31;

export function withMember(set: BitSet, member: number): BitSet {
  return set | (1 << member);
}

export function withoutMember(set: BitSet, member: number): BitSet {
  return set & ~(1 << member);
}

export function hasMember(set: BitSet, member: number): boolean {
  return (set & (1 << member)) !== 0;
}

export function size(set: BitSet): number {
  let bits = set - ((set >>> 1) & 0x55555555);
  bits = (bits & 0x33333333) + ((bits >>> 2) & 0x33333333);
  return Math.imul((bits + (bits >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

/** The members in ascending order. */
export function members(set: BitSet): number[] {
  const list: number[] = [];
  for (let member = 0; member <= MEMBER_MAX; member++)
    if (hasMember(set, member)) list.push(member);
  return list;
}

export function setOf(list: Iterable<number>): BitSet {
  let set = EMPTY;
  for (const member of list) set = withMember(set, member);
  return set;
}
