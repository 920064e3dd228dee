import { BYTES_DECODED, type DecodedPart, RegisterColumns } from './decoded.ts';
import type { MemoryBudget } from './memory-budget.ts';
import type { HistoryModel, Shape } from './model.ts';
import type { RecordedOperation } from './operation.ts';

/** Where an answer stands that never came. */
export const NEVER = 0x7fffffff;

/** Operations that see nothing of all others, with their ends numbered from 0 in order of time. */
export interface Part {
  readonly count: number;
  /** Places among the history's operations, in the order of invocation. */
  readonly members: Int32Array;
  readonly invoked: Int32Array;
  /** {@link NEVER} where no answer came. */
  readonly returned: Int32Array;
  /** Both ends of all: twice the place among the members, and one more for a return. */
  readonly ends: Int32Array;
  /** What the operations are, of registers. */
  decoded(): DecodedPart | null;
}

/** An operation's part, place, both ends, and both ends in order; and while that is found, again. */
const BYTES_PER_OPERATION = 24;
const BYTES_WHILE_SORTING = 40;
const LEFT_OUT = -1;
/** With places not much further apart than lines of a file, sorting is writing them down. */
const SPREAD_MAX = 8;
/** A part's key in a table, and where the part begins. */
const BYTES_PER_PART = 72;

/** A history in columns, part by part. */
export class Columns {
  readonly partCount: number;
  private readonly starts: Int32Array;
  private readonly endStarts: Int32Array;
  private readonly members: Int32Array;
  private readonly invoked: Int32Array;
  private readonly returned: Int32Array;
  private readonly ends: Int32Array;
  private readonly decoded: RegisterColumns | null;

  private constructor(
    operations: readonly RecordedOperation[],
    { partOf, partCount }: Division,
    shape: Shape | undefined,
  ) {
    this.partCount = partCount;
    const counts = new Int32Array(partCount + 1);
    const endCounts = new Int32Array(partCount + 1);
    for (let index = 0; index < partOf.length; index++) {
      const part = partOf[index] as number;
      if (part === LEFT_OUT) continue;
      (counts[part + 1] as number)++;
      endCounts[part + 1] =
        (endCounts[part + 1] as number) + (hasAnswer(operations, index) ? 2 : 1);
    }
    for (let part = 0; part < partCount; part++) {
      counts[part + 1] = (counts[part + 1] as number) + (counts[part] as number);
      endCounts[part + 1] = (endCounts[part + 1] as number) + (endCounts[part] as number);
    }
    this.starts = counts;
    this.endStarts = endCounts;
    const total = counts[partCount] as number;
    this.members = new Int32Array(total);
    this.invoked = new Int32Array(total);
    this.returned = new Int32Array(total).fill(NEVER);
    this.ends = new Int32Array(endCounts[partCount] as number);
    this.decoded = RegisterColumns.of(shape, total);
    this.fill(operations, partOf);
  }

  /**
   * @returns `null` if there is no memory for them
   * @throws RangeError if two ends have one place, or an operation returned before it was invoked
   */
  static of(
    operations: readonly RecordedOperation[],
    model: HistoryModel<unknown>,
    budget: MemoryBudget,
  ): Columns | null {
    const decoded = model.shape === 'register' ? BYTES_DECODED : 0;
    const bytes = operations.length * (BYTES_PER_OPERATION + decoded);
    const whileSorting = operations.length * BYTES_WHILE_SORTING;
    if (!budget.take(bytes + whileSorting)) return null;
    const division = divide(operations, model);
    if (!budget.take(division.partCount * BYTES_PER_PART)) return null;
    const columns = new Columns(operations, division, model.shape);
    budget.give(whileSorting);
    return columns;
  }

  part(index: number): Part {
    const start = this.starts[index] as number;
    const end = this.starts[index + 1] as number;
    return {
      count: end - start,
      members: this.members.subarray(start, end),
      invoked: this.invoked.subarray(start, end),
      returned: this.returned.subarray(start, end),
      ends: this.ends.subarray(this.endStarts[index], this.endStarts[index + 1]),
      decoded: () => this.decoded?.part(start, end) ?? null,
    };
  }

  sizeOf(index: number): number {
    return (this.starts[index + 1] as number) - (this.starts[index] as number);
  }

  private fill(operations: readonly RecordedOperation[], partOf: Int32Array): void {
    const { starts, endStarts, members, invoked, returned, ends, decoded } = this;
    const nextMember = starts.slice();
    const nextEnd = endStarts.slice();
    const memberOf = new Int32Array(operations.length);
    const ordered = inOrder(operations, partOf);
    for (let at = 0; at < ordered.length; at++) {
      const end = ordered[at] as number;
      if (end < 0) continue;
      const index = end >> 1;
      const part = partOf[index] as number;
      const slot = nextEnd[part] as number;
      nextEnd[part] = slot + 1;
      const place = slot - (endStarts[part] as number);
      if ((end & 1) === 0) {
        const member = nextMember[part] as number;
        nextMember[part] = member + 1;
        memberOf[index] = member;
        members[member] = index;
        invoked[member] = place;
        decoded?.put(member, operations[index] as RecordedOperation);
      } else {
        returned[memberOf[index] as number] = place;
      }
      const local = (memberOf[index] as number) - (starts[part] as number);
      ends[slot] = local * 2 + (end & 1);
    }
  }
}

function hasAnswer(operations: readonly RecordedOperation[], index: number): boolean {
  return operations[index]?.outcome !== 'info';
}

interface Division {
  /** The part of each operation; those that say nothing have none. */
  readonly partOf: Int32Array;
  readonly partCount: number;
}

function divide(operations: readonly RecordedOperation[], model: HistoryModel<unknown>): Division {
  const parts = new Map<string | number | null, number>();
  const partOf = new Int32Array(operations.length);
  for (let index = 0; index < operations.length; index++) {
    const operation = operations[index] as RecordedOperation;
    if (saysNothing(operation, model)) {
      partOf[index] = LEFT_OUT;
      continue;
    }
    const key = model.partition === undefined ? operation.key : model.partition(operation);
    let part = parts.get(key);
    if (part === undefined) {
      part = parts.size;
      parts.set(key, part);
    }
    partOf[index] = part;
  }
  return { partOf, partCount: parts.size };
}

function saysNothing(
  { f, outcome }: RecordedOperation,
  { operations }: HistoryModel<unknown>,
): boolean {
  if (outcome === 'ok') return false;
  const traits = operations?.[f];
  return outcome === 'info' ? traits?.isRead === true : traits?.tellsWhenRefused !== true;
}

/** The ends of all operations that have a part, in order of time; -1 where there is none. */
function inOrder(operations: readonly RecordedOperation[], partOf: Int32Array): Int32Array {
  let most = 0;
  let isWhole = true;
  for (const { outcome, invokedAt, returnedAt } of operations) {
    const last = outcome === 'info' ? invokedAt : returnedAt;
    if (!(last >= invokedAt)) throw new RangeError(`an answer at ${last}, asked at ${invokedAt}`);
    if (last > most) most = last;
    isWhole &&= Number.isInteger(invokedAt) && Number.isInteger(last) && invokedAt >= 0;
  }
  const isNarrow = isWhole && most <= operations.length * SPREAD_MAX + SPREAD_MAX;
  return isNarrow ? byPlace(operations, partOf, most) : bySorting(operations, partOf);
}

function byPlace(
  operations: readonly RecordedOperation[],
  partOf: Int32Array,
  most: number,
): Int32Array {
  const ends = new Int32Array(most + 1).fill(-1);
  for (let index = 0; index < operations.length; index++) {
    if (partOf[index] === LEFT_OUT) continue;
    const { outcome, invokedAt, returnedAt } = operations[index] as RecordedOperation;
    putEnd(ends, invokedAt, index * 2);
    if (outcome !== 'info') putEnd(ends, returnedAt, index * 2 + 1);
  }
  return ends;
}

function bySorting(operations: readonly RecordedOperation[], partOf: Int32Array): Int32Array {
  const places = operations.flatMap(({ outcome, invokedAt, returnedAt }, index) => {
    if (partOf[index] === LEFT_OUT) return [];
    return outcome === 'info' ? [invokedAt] : [invokedAt, returnedAt];
  });
  const sorted = Float64Array.from(places).sort();
  const ends = new Int32Array(sorted.length).fill(-1);
  operations.forEach(({ outcome, invokedAt, returnedAt }, index) => {
    if (partOf[index] === LEFT_OUT) return;
    putEnd(ends, rankOf(sorted, invokedAt), index * 2);
    if (outcome !== 'info') putEnd(ends, rankOf(sorted, returnedAt), index * 2 + 1);
  });
  return ends;
}

function putEnd(ends: Int32Array, place: number, end: number): void {
  if (ends[place] !== -1) throw new RangeError('two ends of operations have one place');
  ends[place] = end;
}

function rankOf(sorted: Float64Array, place: number): number {
  let low = 0;
  let high = sorted.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] as number) < place) low = middle + 1;
    else high = middle;
  }
  return low;
}
