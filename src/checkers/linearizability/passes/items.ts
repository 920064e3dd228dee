import { NEVER, type Part } from '../columns.ts';
import type { RecordedOperation } from '../operation.ts';
import { ValueIds } from '../values.ts';
import { NONE } from './blocks.ts';
import type { Conflict } from './pass.ts';

/**
 * What was put into a queue and taken out again, item by item. An item is one enqueue, with the
 * dequeue that shows its value. Of equal values the first to be put in is taken to be the first to
 * leave, which may be wrong: see {@link Items.hasRepeats}.
 */
export class Items {
  count = 0;
  /** For each item the call that put it in, and the one that took it out, or -1. */
  readonly enqueues: Int32Array;
  readonly dequeues: Int32Array;
  /** For each call its item; -1 for a dequeue of nothing, or without an answer. */
  readonly itemOf: Int32Array;
  /** The dequeues that found nothing, and those without an answer; in the order of invocation. */
  readonly empties: number[] = [];
  readonly lost: number[] = [];
  /** Whether a value is put in twice: then there are other ways to tell the items apart. */
  hasRepeats = false;
  readonly part: Part;
  private readonly values = new ValueIds();
  /** For each call the number of the value that it mentions, or -1. */
  private readonly valueAt: Int32Array;
  /** For each value the first item not yet taken out, and the last one; the next by items. */
  private readonly waiting: Int32Array;
  private readonly latest: Int32Array;
  private readonly nexts: Int32Array;

  constructor(part: Part) {
    this.part = part;
    this.enqueues = new Int32Array(part.count).fill(NONE);
    this.dequeues = new Int32Array(part.count).fill(NONE);
    this.itemOf = new Int32Array(part.count).fill(NONE);
    this.valueAt = new Int32Array(part.count).fill(NONE);
    this.waiting = new Int32Array(part.count).fill(NONE);
    this.latest = new Int32Array(part.count).fill(NONE);
    this.nexts = new Int32Array(part.count).fill(NONE);
  }

  /** @returns whether nothing is put in that would look like an empty queue when it leaves */
  read(
    operations: readonly RecordedOperation[],
    valueIn: (input: unknown) => unknown = (input) => input,
  ): boolean {
    const { members } = this.part;
    for (let call = 0; call < members.length; call++) {
      const operation = operations[members[call] as number] as RecordedOperation;
      const { f, input, output, outcome } = operation;
      if (f === 'enqueue') {
        const value = valueIn(input) ?? null;
        if (value === null) return false;
        this.putIn(call, this.values.idOf(value));
      } else if (outcome === 'info') this.lost.push(call);
      else if (output === null || output === undefined) this.empties.push(call);
      else this.valueAt[call] = this.values.idOf(output);
    }
    return true;
  }

  /** Finds for each dequeue its item, or one too many of a value. */
  match(): Conflict | null {
    const { part, valueAt, itemOf, waiting, nexts } = this;
    for (let call = 0; call < part.count; call++) {
      const value = valueAt[call] as number;
      if (value === NONE || itemOf[call] !== NONE) continue;
      const item = waiting[value] as number;
      if (item === NONE) return this.oneTooMany(call, value);
      waiting[value] = nexts[item] as number;
      this.pair(item, call);
    }
    return null;
  }

  pair(item: number, dequeue: number): void {
    this.dequeues[item] = dequeue;
    this.itemOf[dequeue] = item;
  }

  /** An item that left before it was put in. */
  findEarly(): Conflict | null {
    for (let item = 0; item < this.count; item++) {
      if (this.leavesBy(item) >= this.entersFrom(item)) continue;
      const earlier = this.enqueues[item] as number;
      return { kind: 'turned', earlier, later: this.dequeues[item] as number, links: [] };
    }
    return null;
  }

  /** The ends of the calls of an item: {@link NEVER} for what was not answered, or not asked. */
  entersFrom(item: number): number {
    return this.part.invoked[this.enqueues[item] as number] as number;
  }

  entersBy(item: number): number {
    return this.part.returned[this.enqueues[item] as number] as number;
  }

  leavesFrom(item: number): number {
    const call = this.dequeues[item] as number;
    return call === NONE ? NEVER : (this.part.invoked[call] as number);
  }

  leavesBy(item: number): number {
    const call = this.dequeues[item] as number;
    return call === NONE ? NEVER : (this.part.returned[call] as number);
  }

  isPutIn(call: number): boolean {
    const item = this.itemOf[call] as number;
    return item !== NONE && this.enqueues[item] === call;
  }

  /** Whether it is in for certain at some time: between the two calls. */
  hasCertainTime(item: number): boolean {
    return this.entersBy(item) < this.leavesFrom(item);
  }

  /** The calls that mention an item. */
  callsOf(item: number): number[] {
    const enqueue = this.enqueues[item] as number;
    const dequeue = this.dequeues[item] as number;
    return dequeue === NONE ? [enqueue] : [enqueue, dequeue];
  }

  private putIn(call: number, value: number): void {
    const item = this.count++;
    this.enqueues[item] = call;
    this.itemOf[call] = item;
    this.valueAt[call] = value;
    const before = this.latest[value] as number;
    this.latest[value] = item;
    if (before === NONE) {
      this.waiting[value] = item;
      return;
    }
    this.nexts[before] = item;
    this.hasRepeats = true;
  }

  private oneTooMany(reader: number, value: number): Conflict {
    if (this.latest[value] === NONE) return { kind: 'phantom', reader };
    const calls: number[] = [];
    this.valueAt.forEach((other, call) => {
      if (other === value) calls.push(call);
    });
    return { kind: 'repeated', calls };
  }
}
