import { assert } from './assert.ts';

/** Identifies a pending event, to cancel it. */
export type EventHandle = number;

export const NO_EVENT: EventHandle = -1;

/** Bounds the number of pending events, so that a handle holds both the slot and the sequence number. */
const SLOT_COUNT_MAX = 2 ** 21;
const CAPACITY_MIN = 64;
const FREE = -1;

/**
 * The pending events of a simulation, totally ordered by (time, sequence number).
 *
 * A four-ary heap on typed arrays: children share cache lines, and nothing is allocated in the
 * steady state. `push` and `pop` are O(log pending); `cancel` marks the slot and is O(1), the heap
 * is swept when half of it is cancelled. After `pop` the event stands in the queue's own fields,
 * so that no event object is needed.
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
  private heapSeq = new Float64Array(CAPACITY_MIN);
  private heapSlot = new Int32Array(CAPACITY_MIN);
  private slotSeq = new Float64Array(CAPACITY_MIN).fill(FREE);
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
    this.slotKind[slot] = kind;
    this.slotArg[slot] = arg;
    this.slotOwner[slot] = owner;
    this.slotTarget[slot] = target;
    this.siftUp(this.heapLength++, at, seq, slot);
    return seq * SLOT_COUNT_MAX + slot;
  }

  /** Takes back a pending event. `false` when it was performed or cancelled before. */
  cancel(handle: EventHandle): boolean {
    if (handle < 0) return false;
    const slot = handle % SLOT_COUNT_MAX;
    if (this.slotSeq[slot] !== (handle - slot) / SLOT_COUNT_MAX) return false;
    this.slotSeq[slot] = FREE;
    this.slotOwner[slot] = null;
    this.slotTarget[slot] = null;
    this.cancelledCount++;
    if (this.cancelledCount > CAPACITY_MIN && this.cancelledCount * 2 > this.heapLength) this.sweep();
    return true;
  }

  /** Moves the earliest event into the fields. `false` when nothing is pending. */
  pop(): boolean {
    while (this.heapLength > 0) {
      const at = this.heapAt[0] as number;
      const seq = this.heapSeq[0] as number;
      const slot = this.heapSlot[0] as number;
      this.removeFirst();
      this.freeSlots[this.freeCount++] = slot;
      if (this.slotSeq[slot] !== seq) {
        this.cancelledCount--;
        continue;
      }
      assert(at >= this.at, 'time never goes back');
      this.slotSeq[slot] = FREE;
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
    const seq = this.heapSeq[last] as number;
    this.siftDown(0, at, seq, this.heapSlot[last] as number);
  }

  private siftUp(from: number, at: number, seq: number, slot: number): void {
    const { heapAt, heapSeq, heapSlot } = this;
    let hole = from;
    while (hole > 0) {
      const parent = (hole - 1) >> 2;
      const parentAt = heapAt[parent] as number;
      if (parentAt < at || (parentAt === at && (heapSeq[parent] as number) < seq)) break;
      heapAt[hole] = parentAt;
      heapSeq[hole] = heapSeq[parent] as number;
      heapSlot[hole] = heapSlot[parent] as number;
      hole = parent;
    }
    heapAt[hole] = at;
    heapSeq[hole] = seq;
    heapSlot[hole] = slot;
  }

  private siftDown(from: number, at: number, seq: number, slot: number): void {
    const { heapAt, heapSeq, heapSlot, heapLength } = this;
    let hole = from;
    for (;;) {
      const first = (hole << 2) + 1;
      if (first >= heapLength) break;
      let least = first;
      let leastAt = heapAt[first] as number;
      const end = first + 4 < heapLength ? first + 4 : heapLength;
      for (let child = first + 1; child < end; child++) {
        const childAt = heapAt[child] as number;
        if (childAt > leastAt) continue;
        if (childAt === leastAt && (heapSeq[child] as number) > (heapSeq[least] as number)) continue;
        least = child;
        leastAt = childAt;
      }
      if (leastAt > at || (leastAt === at && (heapSeq[least] as number) > seq)) break;
      heapAt[hole] = leastAt;
      heapSeq[hole] = heapSeq[least] as number;
      heapSlot[hole] = heapSlot[least] as number;
      hole = least;
    }
    heapAt[hole] = at;
    heapSeq[hole] = seq;
    heapSlot[hole] = slot;
  }

  /** Drops the cancelled entries and rebuilds the heap, O(length). */
  private sweep(): void {
    let kept = 0;
    for (let index = 0; index < this.heapLength; index++) {
      const slot = this.heapSlot[index] as number;
      const seq = this.heapSeq[index] as number;
      if (this.slotSeq[slot] !== seq) {
        this.freeSlots[this.freeCount++] = slot;
        continue;
      }
      this.heapAt[kept] = this.heapAt[index] as number;
      this.heapSeq[kept] = seq;
      this.heapSlot[kept] = slot;
      kept++;
    }
    this.heapLength = kept;
    this.cancelledCount = 0;
    for (let index = (kept - 2) >> 2; index >= 0; index--) {
      const at = this.heapAt[index] as number;
      const seq = this.heapSeq[index] as number;
      this.siftDown(index, at, seq, this.heapSlot[index] as number);
    }
  }

  private grow(): void {
    const before = this.capacity;
    const capacity = before * 2;
    assert(capacity <= SLOT_COUNT_MAX, 'too many pending events');
    this.heapAt = grown(this.heapAt, new Float64Array(capacity));
    this.heapSeq = grown(this.heapSeq, new Float64Array(capacity));
    this.heapSlot = grown(this.heapSlot, new Int32Array(capacity));
    this.slotSeq = grown(this.slotSeq, new Float64Array(capacity).fill(FREE));
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
