import { assert } from './assert.ts';

/** Identifies a pending event, to cancel it. */
export type EventHandle = number;

export const NO_EVENT: EventHandle = -1;

/** Bounds the number of pending events, so that a handle holds both the slot and the sequence number. */
const SLOT_COUNT_MAX = 2 ** 21;
const CAPACITY_MIN = 64;

/**
 * The pending events of a simulation, totally ordered by (time, sequence number).
 *
 * A four-ary heap on typed arrays: children share cache lines, and nothing is allocated in the
 * steady state. `push` and `pop` are O(log pending); `cancel` marks the slot and is O(1), the heap
 * is swept when half of it is cancelled. After `pop` the event stands in the queue's own fields,
 * so that no event object is needed.
 *
 * The heap holds times and slots; sequence numbers are looked up only where times are equal. `pop`
 * lets the hole sink to the bottom first and the last entry rise from there (Wegener's bottom-up
 * heapsort): it comes from the bottom and mostly belongs there.
 */
export class EventQueue<Owner, Target> {
  /** The event popped last: its time in microseconds, its handle, and what was pushed with it. */
  at = 0;
  handle: EventHandle = NO_EVENT;
  kind = 0;
  arg = 0;
  owner: Owner | null = null;
  target: Target | null = null;

  private nextSeq = 0;
  private heapLength = 0;
  private cancelledCount = 0;
  private capacity = CAPACITY_MIN;
  private heapAt = new Float64Array(CAPACITY_MIN);
  private heapSlot = new Int32Array(CAPACITY_MIN);
  private slotSeq = new Float64Array(CAPACITY_MIN);
  private slotIsPending = new Uint8Array(CAPACITY_MIN);
  private slotKind = new Uint8Array(CAPACITY_MIN);
  private slotArg = new Float64Array(CAPACITY_MIN);
  private slotOwner: (Owner | null)[] = new Array<Owner | null>(CAPACITY_MIN).fill(null);
  private slotTarget: (Target | null)[] = new Array<Target | null>(CAPACITY_MIN).fill(null);
  private freeSlots = new Int32Array(CAPACITY_MIN).map((_, index) => index);
  private freeCount = CAPACITY_MIN;

  /** How many events are pending, cancelled ones not counted. */
  get length(): number {
    return this.heapLength - this.cancelledCount;
  }

  /** Schedules an event at `at` microseconds; among equal times the first pushed comes first. */
  push(at: number, kind: number, arg: number, owner: Owner, target: Target): EventHandle {
    if (this.freeCount === 0) this.grow();
    const slot = this.freeSlots[--this.freeCount] as number;
    const seq = this.nextSeq++;
    this.slotSeq[slot] = seq;
    this.slotIsPending[slot] = 1;
    this.slotKind[slot] = kind;
    this.slotArg[slot] = arg;
    this.slotOwner[slot] = owner;
    this.slotTarget[slot] = target;
    this.rise(this.heapLength++, at, slot);
    return seq * SLOT_COUNT_MAX + slot;
  }

  /** Takes back a pending event. `false` when it was performed or cancelled before. */
  cancel(handle: EventHandle): boolean {
    if (handle < 0) return false;
    const slot = handle % SLOT_COUNT_MAX;
    if (this.slotSeq[slot] !== (handle - slot) / SLOT_COUNT_MAX) return false;
    if (this.slotIsPending[slot] === 0) return false;
    this.slotIsPending[slot] = 0;
    this.slotOwner[slot] = null;
    this.slotTarget[slot] = null;
    this.cancelledCount++;
    if (this.cancelledCount > CAPACITY_MIN && this.cancelledCount * 2 > this.heapLength)
      this.sweep();
    return true;
  }

  /** Moves the earliest event into the fields. `false` when nothing is pending. */
  pop(): boolean {
    while (this.heapLength > 0) {
      const at = this.heapAt[0] as number;
      const slot = this.heapSlot[0] as number;
      this.removeFirst();
      this.freeSlots[this.freeCount++] = slot;
      const seq = this.slotSeq[slot] as number;
      if (this.slotIsPending[slot] === 0) {
        this.cancelledCount--;
        continue;
      }
      assert(at >= this.at, 'time never goes back');
      this.slotIsPending[slot] = 0;
      this.at = at;
      this.handle = seq * SLOT_COUNT_MAX + slot;
      this.kind = this.slotKind[slot] as number;
      this.arg = this.slotArg[slot] as number;
      this.owner = this.slotOwner[slot] as Owner;
      this.target = this.slotTarget[slot] as Target;
      return true;
    }
    return false;
  }

  private removeFirst(): void {
    const last = --this.heapLength;
    if (last === 0) return;
    const at = this.heapAt[last] as number;
    const slot = this.heapSlot[last] as number;
    this.rise(this.sink(0), at, slot);
  }

  /** Fills the hole with its least child, and that one's place likewise, down to a leaf. */
  private sink(from: number): number {
    const { heapAt, heapSlot, heapLength } = this;
    let hole = from;
    for (;;) {
      const first = (hole << 2) + 1;
      if (first >= heapLength) return hole;
      let least = first;
      let leastAt = heapAt[first] as number;
      const end = Math.min(first + 4, heapLength);
      for (let child = first + 1; child < end; child++) {
        const childAt = heapAt[child] as number;
        if (childAt > leastAt || (childAt === leastAt && !this.precedes(child, least))) continue;
        least = child;
        leastAt = childAt;
      }
      heapAt[hole] = leastAt;
      heapSlot[hole] = heapSlot[least] as number;
      hole = least;
    }
  }

  /** Places an entry at the hole or, as long as it is less than what is above, further up. */
  private rise(from: number, at: number, slot: number): void {
    const { heapAt, heapSlot, slotSeq } = this;
    let hole = from;
    while (hole > 0) {
      const parent = (hole - 1) >> 2;
      const parentAt = heapAt[parent] as number;
      if (parentAt < at) break;
      const parentSlot = heapSlot[parent] as number;
      if (parentAt === at && (slotSeq[parentSlot] as number) < (slotSeq[slot] as number)) break;
      heapAt[hole] = parentAt;
      heapSlot[hole] = parentSlot;
      hole = parent;
    }
    heapAt[hole] = at;
    heapSlot[hole] = slot;
  }

  /** Whether the entry at `a` was pushed before that at `b`. */
  private precedes(a: number, b: number): boolean {
    const { heapSlot, slotSeq } = this;
    return (slotSeq[heapSlot[a] as number] as number) < (slotSeq[heapSlot[b] as number] as number);
  }

  /** Drops the cancelled entries and rebuilds the heap, in place. */
  private sweep(): void {
    const length = this.heapLength;
    this.heapLength = 0;
    for (let index = 0; index < length; index++) {
      const at = this.heapAt[index] as number;
      const slot = this.heapSlot[index] as number;
      if (this.slotIsPending[slot] === 0) this.freeSlots[this.freeCount++] = slot;
      else this.rise(this.heapLength++, at, slot);
    }
    this.cancelledCount = 0;
  }

  private grow(): void {
    const before = this.capacity;
    const capacity = before * 2;
    assert(capacity <= SLOT_COUNT_MAX, 'too many pending events');
    this.heapAt = grown(this.heapAt, new Float64Array(capacity));
    this.heapSlot = grown(this.heapSlot, new Int32Array(capacity));
    this.slotSeq = grown(this.slotSeq, new Float64Array(capacity));
    this.slotIsPending = grown(this.slotIsPending, new Uint8Array(capacity));
    this.slotKind = grown(this.slotKind, new Uint8Array(capacity));
    this.slotArg = grown(this.slotArg, new Float64Array(capacity));
    this.freeSlots = grown(this.freeSlots, new Int32Array(capacity));
    for (let slot = before; slot < capacity; slot++) {
      this.slotOwner.push(null);
      this.slotTarget.push(null);
      this.freeSlots[this.freeCount++] = slot;
    }
    this.capacity = capacity;
  }
}

function grown<A extends Float64Array | Int32Array | Uint8Array>(from: A, to: A): A {
  to.set(from);
  return to;
}
