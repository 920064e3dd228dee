import type { RecordedOperation } from '../linearizability/operation.ts';

/** Places may be so many times as far apart as if every one of them was taken. */
const SPREAD_MAX = 8;

/**
 * Both ends of all operations in the order of time: `index` where one is invoked, `~index` where it
 * returns. Those that never return have one end.
 */
export function endsInOrder(operations: readonly RecordedOperation[]): Int32Array {
  let last = 0;
  let count = 0;
  for (const { invokedAt, returnedAt } of operations) {
    const end = returnedAt === Number.POSITIVE_INFINITY ? invokedAt : returnedAt;
    if (end > last) last = end;
    count += end === returnedAt ? 2 : 1;
  }
  const isDense = last < SPREAD_MAX * (count + SPREAD_MAX) && operations.every(hasWholePlaces);
  return isDense ? byPlace(operations, last, count) : bySorting(operations);
}

function hasWholePlaces({ invokedAt, returnedAt }: RecordedOperation): boolean {
  const isWhole = Number.isInteger(returnedAt) || returnedAt === Number.POSITIVE_INFINITY;
  return isWhole && Number.isInteger(invokedAt) && invokedAt >= 0;
}

/** Lines of a file are nearly all taken, so each end has a seat at its line. */
function byPlace(
  operations: readonly RecordedOperation[],
  last: number,
  count: number,
): Int32Array {
  const seats = new Int32Array(last + 1);
  const isTaken = new Uint8Array(last + 1);
  operations.forEach(({ invokedAt, returnedAt }, index) => {
    seats[invokedAt] = index;
    isTaken[invokedAt] = 1;
    if (returnedAt === Number.POSITIVE_INFINITY) return;
    seats[returnedAt] = ~index;
    isTaken[returnedAt] = 1;
  });
  const ends = new Int32Array(count);
  let length = 0;
  for (let place = 0; place <= last; place++) {
    if (isTaken[place] === 1) ends[length++] = seats[place] ?? 0;
  }
  return ends;
}

function bySorting(operations: readonly RecordedOperation[]): Int32Array {
  const ends: { readonly at: number; readonly end: number }[] = [];
  operations.forEach(({ invokedAt, returnedAt }, index) => {
    ends.push({ at: invokedAt, end: index });
    if (returnedAt !== Number.POSITIVE_INFINITY) ends.push({ at: returnedAt, end: ~index });
  });
  return Int32Array.from(ends.sort((a, b) => a.at - b.at).map(({ end }) => end));
}
