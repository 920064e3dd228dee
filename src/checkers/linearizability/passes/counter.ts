import { NEVER, type Part } from '../columns.ts';
import type { RecordedOperation } from '../operation.ts';
import { NONE } from './blocks.ts';
import { Earliest } from './earliest.ts';
import { type Conflict, type PassResult, UNCLEAR } from './pass.ts';

/**
 * Decides a counter to which only one amount is ever added: as long as every read that returns has
 * been right, the less that was added so far the better. So an addition waits until it returns, or
 * until a read returns that shows more; then of the open ones those go first that return first.
 *
 * O(n log n).
 */
export function passCounter(
  part: Part,
  operations: readonly RecordedOperation[],
  wantsOrder: boolean,
): PassResult {
  const calls = new CounterCalls(part);
  if (!calls.read(operations)) return UNCLEAR;
  const count = new Count(part, calls);
  if (count.conflict !== null) return { verdict: 'violation', conflict: count.conflict };
  return { verdict: 'pass', order: wantsOrder ? count.order() : null };
}

/** Adds nothing and shows nothing. */
const NOTHING = 0;
const ADDS = 1;
const READS = 2;

class CounterCalls {
  readonly kinds: Uint8Array;
  /** For each read how many additions it shows; no whole number from 0 on if none can be. */
  readonly shown: Float64Array;
  private readonly part: Part;
  private amount = 0;

  constructor(part: Part) {
    this.part = part;
    this.kinds = new Uint8Array(part.count);
    this.shown = new Float64Array(part.count);
  }

  /** @returns whether all that is added is the same */
  read(operations: readonly RecordedOperation[]): boolean {
    const { part, kinds, shown } = this;
    for (let call = 0; call < part.count; call++) {
      const { f, input, output } = operations[part.members[call] as number] as RecordedOperation;
      if (f === 'read') {
        kinds[call] = READS;
        shown[call] = typeof output === 'number' ? output : Number.NaN;
      } else if (!this.add(call, f === 'inc' ? 1 : Number(input))) return false;
    }
    if (this.amount === 0) return true;
    for (let call = 0; call < part.count; call++)
      shown[call] = (shown[call] as number) / this.amount;
    return true;
  }

  private add(call: number, amount: number): boolean {
    if (amount === 0) return true;
    if (!Number.isSafeInteger(amount)) return false;
    this.kinds[call] = ADDS;
    if (this.amount === 0) this.amount = amount;
    return this.amount === amount;
  }
}

/** How many additions there have been at any time, at the least. */
class Count {
  conflict: Conflict | null = null;
  private readonly part: Part;
  private readonly calls: CounterCalls;
  private count = 0;
  /** The returns of the open additions that have no place, and those that never return. */
  private readonly open: Earliest;
  private readonly lost: number[] = [];
  private readonly isPlaced: Uint8Array;
  private readonly placed: Int32Array;
  /** For each call that adds nothing, how many additions come before it. */
  private readonly seen: Int32Array;

  constructor(part: Part, calls: CounterCalls) {
    this.part = part;
    this.calls = calls;
    this.open = new Earliest(part.count);
    this.isPlaced = new Uint8Array(part.count);
    this.placed = new Int32Array(part.count);
    this.seen = new Int32Array(part.count);
    for (let place = 0; place < part.ends.length && this.conflict === null; place++) {
      const end = part.ends[place] as number;
      if ((end & 1) === 0) this.begin(end >> 1);
      else this.end(end >> 1);
    }
  }

  /** A legal order: whatever shows a count stands behind the addition that led to it. */
  order(): Int32Array {
    const { part, calls, seen, placed } = this;
    const observers: number[] = [];
    for (let call = 0; call < part.count; call++) {
      if (calls.kinds[call] !== ADDS && part.returned[call] !== NEVER) observers.push(call);
    }
    observers.sort((a, b) => (seen[a] as number) - (seen[b] as number) || a - b);
    const order: number[] = [];
    let next = 0;
    for (let count = 0; count <= this.count; count++) {
      if (count > 0) order.push(placed[count - 1] as number);
      for (; seen[observers[next] ?? NONE] === count; next++) order.push(observers[next] as number);
    }
    return Int32Array.from(order);
  }

  private begin(call: number): void {
    const { part, calls, count } = this;
    if (calls.kinds[call] === ADDS) {
      if (part.returned[call] === NEVER) this.lost.push(call);
      else this.open.put(part.returned[call] as number);
      return;
    }
    if (calls.kinds[call] === NOTHING) {
      this.seen[call] = count;
      return;
    }
    const shown = calls.shown[call] as number;
    if (Number.isInteger(shown) && shown < count) this.conflict = this.tooFew(call, shown);
    this.seen[call] = shown;
  }

  private end(call: number): void {
    const { calls } = this;
    if (calls.kinds[call] === ADDS) {
      // It is the first of the open ones to return.
      if (this.isPlaced[call] === 0) this.place(this.open.take());
    } else if (calls.kinds[call] === READS) {
      this.raise(call, calls.shown[call] as number);
    }
  }

  private raise(reader: number, shown: number): void {
    while (this.count < shown) {
      const earliest = this.open.take();
      if (earliest !== NONE) this.place(earliest);
      else {
        const lost = this.lost.pop();
        if (lost === undefined) break;
        this.placed[this.count++] = lost;
      }
    }
    if (shown <= this.count && Number.isInteger(shown)) return;
    const before = this.part.returned[reader] as number;
    this.conflict = { kind: 'miscounted', reader, calls: [reader, ...this.additionsTo(before)] };
  }

  private place(returned: number): void {
    const call = (this.part.ends[returned] as number) >> 1;
    this.isPlaced[call] = 1;
    this.placed[this.count++] = call;
  }

  /** All additions that were invoked before a moment. */
  private additionsTo(until: number): number[] {
    const { part, calls } = this;
    const found: number[] = [];
    for (let call = 0; call < part.count && (part.invoked[call] as number) < until; call++)
      if (calls.kinds[call] === ADDS) found.push(call);
    return found;
  }

  /**
   * Goes back in time from a read that shows less than there had been, until there is a read so far
   * back, or the beginning, that what was added in between is too much.
   */
  private tooFew(reader: number, shown: number): Conflict {
    const { part, calls } = this;
    const until = part.invoked[reader] as number;
    const between: number[] = [];
    for (let place = until - 1; place >= 0; place--) {
      const end = part.ends[place] as number;
      const call = end >> 1;
      const isReturn = (end & 1) === 1;
      if (calls.kinds[call] === ADDS) {
        if (!isReturn && (part.returned[call] as number) < until) between.push(call);
      } else if (isReturn && calls.kinds[call] === READS) {
        const excess = (calls.shown[call] as number) + between.length - shown;
        if (excess <= 0) continue;
        const needed = between.slice(0, Math.max(0, between.length - excess + 1));
        const before = this.additionsTo(place);
        return { kind: 'miscounted', reader, calls: [reader, call, ...needed, ...before] };
      }
    }
    return { kind: 'miscounted', reader, calls: [reader, ...between.slice(0, shown + 1)] };
  }
}
