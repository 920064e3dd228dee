import type { Part } from '../columns.ts';
import type { MemoryBudget } from '../memory-budget.ts';
import { LostCalls } from './lost-calls.ts';
import { IMPOSSIBLE, type Machine, NO_MEMORY } from './machine.ts';
import { type Layout, Memo } from './memo.ts';
import { OpenCalls } from './open-calls.ts';
import type { SearchCalls } from './search-calls.ts';
import { Stack } from './stack.ts';

export type SearchState = 'running' | 'pass' | 'violation' | 'out of memory';

/** Of a configuration, before the bits of what is placed: the moment and the state. */
const RECORD_HEAD = 2;
/** Of a frame: its record, its first candidate, the next, and how many calls were placed. */
const FRAME_INTS = 4;
/** Its kind, whether it observes, what it wants and gives, and its place in the order. */
const BYTES_PER_CALL = 17;

/**
 * Looks for an order of the operations of one part, in order of time (the just-in-time search of
 * Lowe, 2017): a call is given its place only when it returns, if it has none yet; then each of the
 * open calls may come first. What was tried is remembered as the moment, the state, and which of
 * the open calls are placed.
 *
 * Observers, which change nothing, are placed as soon as they fit. Calls without an answer need not
 * be placed, and are not where they would change nothing. Of open calls of one kind only the first
 * to return is tried. Nor is anything tried where it was in vain though more observers were placed,
 * or fewer calls without an answer.
 */
export class Search {
  state: SearchState = 'running';
  /** Ends of calls passed, and calls tried. */
  steps = 0;
  /** The return, among the part's ends, that no order tried has come past. */
  eventMost = 0;
  placedMost = 0;
  private readonly part: Part;
  private readonly calls: SearchCalls;
  private readonly machine: Machine<unknown>;
  private readonly budget: MemoryBudget;
  private readonly open: OpenCalls;
  private readonly lost: LostCalls;
  private readonly memo: Memo;
  /** Bits of the open calls that are placed, and how many are of those without an answer. */
  private readonly placed: Int32Array;
  private readonly order: Int32Array;
  private placedCount = 0;
  private event = 0;
  private current: number;
  /** Whether the call that returns now has no place yet. */
  private isTrying = false;
  private readonly frames: Stack;
  private readonly candidates: Stack;

  /** What a search of so many calls takes before it begins to remember. */
  static bytesFor(calls: number): number {
    const columns = OpenCalls.bytesFor(calls) + LostCalls.bytesFor(calls);
    return columns + calls * BYTES_PER_CALL + 2 * Stack.INITIAL_BYTES;
  }

  /** The budget has given {@link Search.bytesFor} the part's calls. */
  constructor(part: Part, calls: SearchCalls, machine: Machine<unknown>, budget: MemoryBudget) {
    this.part = part;
    this.calls = calls;
    this.machine = machine;
    this.budget = budget;
    this.current = calls.initial;
    this.open = new OpenCalls(part, calls.observers);
    this.lost = new LostCalls(part, calls.kinds);
    this.placed = new Int32Array(this.open.words + this.lost.words);
    this.memo = new Memo(layoutOf(this.open, this.lost), budget);
    this.order = new Int32Array(part.count);
    this.frames = new Stack(budget);
    this.candidates = new Stack(budget);
  }

  /** Gives back all that the search has taken. */
  release(): void {
    const grown = this.memo.bytes + this.frames.bytes + this.candidates.bytes;
    this.budget.give(Search.bytesFor(this.part.count) - 2 * Stack.INITIAL_BYTES + grown);
  }

  advance(steps: number): SearchState {
    const until = this.steps + steps;
    while (this.state === 'running' && this.steps < until) {
      if (this.isTrying) this.tryNext();
      else this.walk();
    }
    return this.state;
  }

  /** The members of the part in a legal order; those without an answer only if they took effect. */
  legalOrder(): Int32Array {
    return this.order.slice(0, this.placedCount);
  }

  /** Passes the next end of a call, if nothing has to be tried for it. */
  private walk(): void {
    const end = this.part.ends[this.event];
    if (end === undefined) {
      this.state = 'pass';
      return;
    }
    this.steps++;
    const call = end >> 1;
    if (this.lost.isLost(call)) {
      this.lost.invoke(call);
      this.event++;
    } else if ((end & 1) === 0) {
      this.open.enter(call);
      this.event++;
      if (this.calls.observers[call] === 1) this.placeIfFits(call);
    } else if (this.isPlaced(call)) {
      this.open.leave(call);
      this.setPlaced(call, false);
      this.event++;
    } else {
      this.branch();
    }
  }

  private branch(): void {
    if (this.event > this.eventMost) this.eventMost = this.event;
    this.isTrying = true;
    const { memo } = this;
    if (!memo.reserve()) {
      this.state = 'out of memory';
      return;
    }
    const at = memo.next;
    memo.records[at] = this.event;
    memo.records[at + 1] = this.current;
    memo.records.set(this.placed, at + RECORD_HEAD);
    const record = memo.keep();
    if (record >= 0) this.gather(record);
  }

  /** Which of the open calls may come next, the first to return first. */
  private gather(record: number): void {
    const { open, lost, placed, calls, candidates } = this;
    const first = candidates.count;
    const mark = this.machine.newMark();
    let hasMemory = true;
    for (let call = open.next[open.end] as number; call !== open.end && hasMemory; ) {
      if (!this.isPlaced(call)) hasMemory = this.offer(call, calls.kinds[call] as number, mark);
      call = open.next[call] as number;
    }
    for (let list = 0; list < lost.begun && hasMemory; list++) {
      const call = lost.next(list, placed, open.words);
      if (call >= 0) hasMemory = this.offer(call, lost.kinds[list] as number, mark);
    }
    hasMemory &&= this.pushFrame(record, first);
    if (!hasMemory) this.state = 'out of memory';
  }

  /** @returns whether there was memory to see whether the call fits */
  private offer(call: number, kind: number, mark: number): boolean {
    const { marks } = this.machine;
    if (marks[kind] === mark) return true;
    marks[kind] = mark;
    const next = this.machine.next(this.current, kind);
    if (next === NO_MEMORY) return false;
    // An observer that fits has been placed.
    const isUseless = next === this.current && this.lost.isLost(call);
    return next === IMPOSSIBLE || isUseless || this.candidates.push(call);
  }

  private pushFrame(record: number, firstCandidate: number): boolean {
    const { frames } = this;
    return (
      frames.push(record) &&
      frames.push(firstCandidate) &&
      frames.push(firstCandidate) &&
      frames.push(this.placedCount)
    );
  }

  private tryNext(): void {
    const { frames, candidates } = this;
    if (frames.count === 0) {
      this.state = 'violation';
      return;
    }
    const at = frames.count - FRAME_INTS;
    const next = frames.items[at + 2] as number;
    if (next === candidates.count) {
      candidates.count = frames.items[at + 1] as number;
      frames.count = at;
      return;
    }
    this.steps++;
    frames.items[at + 2] = next + 1;
    this.goBack(frames.items[at] as number, frames.items[at + 3] as number);
    this.tryPlacing(candidates.items[next] as number);
  }

  private tryPlacing(call: number): void {
    const before = this.current;
    const next = this.machine.next(before, this.calls.kinds[call] as number);
    this.place(call);
    if (next === before) {
      this.isTrying = false;
      return;
    }
    this.current = next;
    if (this.calls.lookahead?.isHopeless(before, next, this.event) === true) return;
    this.isTrying = false;
    this.placeObservers();
  }

  /** All open calls that change nothing and fit. */
  private placeObservers(): void {
    const { open, calls } = this;
    for (let call = open.next[open.end] as number; call !== open.end; ) {
      if (calls.observers[call] === 1 && !this.isPlaced(call)) this.placeIfFits(call);
      call = open.next[call] as number;
    }
  }

  private placeIfFits(call: number): void {
    const next = this.machine.next(this.current, this.calls.kinds[call] as number);
    if (next === this.current) this.place(call);
    else if (next === NO_MEMORY) this.state = 'out of memory';
  }

  private place(call: number): void {
    if (this.lost.isLost(call)) this.lost.place(call, this.placed, this.open.words);
    else this.setPlaced(call, true);
    this.calls.lookahead?.place(call);
    this.order[this.placedCount++] = call;
    if (this.placedCount > this.placedMost) this.placedMost = this.placedCount;
  }

  /** Takes everything back to the moment of a record. */
  private goBack(record: number, placedCount: number): void {
    const { memo, part, open, placed, order } = this;
    const at = record * (RECORD_HEAD + placed.length);
    const event = memo.records[at] as number;
    while (this.event > event) {
      const end = part.ends[--this.event] as number;
      if (this.lost.isLost(end >> 1)) this.lost.undoInvoke(end >> 1);
      else if ((end & 1) === 1) open.undoLeave(end >> 1);
      else open.undoEnter(end >> 1);
    }
    this.current = memo.records[at + 1] as number;
    for (let word = 0; word < placed.length; word++) {
      placed[word] = memo.records[at + RECORD_HEAD + word] as number;
    }
    while (this.placedCount > placedCount) {
      this.placedCount--;
      this.calls.lookahead?.takeBack(order[this.placedCount] as number);
    }
  }

  private isPlaced(call: number): boolean {
    const { wordOf, bitOf } = this.open;
    return ((this.placed[wordOf[call] as number] as number) & (bitOf[call] as number)) !== 0;
  }

  private setPlaced(call: number, isPlaced: boolean): void {
    const { wordOf, bitOf } = this.open;
    const word = wordOf[call] as number;
    const bit = bitOf[call] as number;
    const bits = this.placed[word] as number;
    this.placed[word] = isPlaced ? bits | bit : bits & ~bit;
  }
}

/** More observers placed, and fewer calls without an answer, leave no less to be done with. */
function layoutOf(open: OpenCalls, lost: LostCalls): Layout {
  const head = RECORD_HEAD + open.observerWord;
  const lostAt = RECORD_HEAD + open.words;
  return {
    width: lostAt + lost.words,
    head,
    isNoWorse(records, one, other) {
      for (let at = head; at < lostAt; at++) {
        const missing = (records[other + at] as number) & ~(records[one + at] as number);
        if (missing !== 0) return false;
      }
      return lost.isWithin(records, one + lostAt, other + lostAt);
    },
  };
}
