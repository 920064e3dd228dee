import { NEVER, type Part } from '../columns.ts';

/** A word of 32 bits. */
const WORD_SHIFT = 5;
const WORD_BITS = 32;

/**
 * The calls that are open at a moment and will be answered, in the order of their returns. What is
 * open does not depend on what has been placed, so going back in time is undoing.
 */
export class OpenCalls {
  /** For each call the next to return; {@link OpenCalls.end} behind the last. */
  readonly next: Int32Array;
  /** Stands before the first and behind the last. */
  readonly end: number;
  /** The bit that says whether a call is placed: of which word, and which. */
  readonly wordOf: Int32Array;
  readonly bitOf: Int32Array;
  readonly words: number;
  /** The first words are of calls that may change something, those from here on of observers. */
  readonly observerWord: number;
  private readonly returned: Int32Array;
  private readonly previous: Int32Array;
  /** Behind which call a call goes in; -1 while that was never looked for. */
  private readonly enters: Int32Array;

  /** @param observers 1 for the calls that change nothing */
  constructor({ count, returned, ends }: Part, observers: Uint8Array) {
    this.returned = returned;
    this.end = count;
    this.next = new Int32Array(count + 1);
    this.previous = new Int32Array(count + 1);
    this.next[count] = count;
    this.previous[count] = count;
    this.enters = new Int32Array(count).fill(-1);
    this.wordOf = new Int32Array(count);
    this.bitOf = new Int32Array(count);
    this.observerWord = this.giveBits(ends, 0, (call) => observers[call] === 0);
    this.words = this.giveBits(ends, this.observerWord, (call) => observers[call] === 1);
  }

  /** What the columns of so many calls take. */
  static bytesFor(count: number): number {
    return count * 5 * 4;
  }

  /** The call is invoked. */
  enter(call: number): void {
    const { previous, enters, returned, end } = this;
    let before = enters[call] as number;
    if (before < 0) {
      before = previous[end] as number;
      const own = returned[call] as number;
      while (before !== end && (returned[before] as number) > own)
        before = previous[before] as number;
      enters[call] = before;
    }
    this.link(call, before);
  }

  /** The call returns: it is the first. */
  leave(call: number): void {
    this.unlink(call);
  }

  undoEnter(call: number): void {
    this.unlink(call);
  }

  undoLeave(call: number): void {
    this.link(call, this.end);
  }

  private link(call: number, before: number): void {
    const { next, previous } = this;
    const after = next[before] as number;
    next[before] = call;
    previous[call] = before;
    next[call] = after;
    previous[after] = call;
  }

  private unlink(call: number): void {
    const { next, previous } = this;
    const before = previous[call] as number;
    const after = next[call] as number;
    next[before] = after;
    previous[after] = before;
  }

  /**
   * Gives each of the calls meant a bit that no other has while it is open.
   *
   * @returns the word behind the last that was needed
   */
  private giveBits(ends: Int32Array, first: number, isMeant: (call: number) => boolean): number {
    const slots = new Int32Array(this.end);
    const free: number[] = [];
    let most = 0;
    for (const end of ends) {
      const call = end >> 1;
      if (this.returned[call] === NEVER || !isMeant(call)) continue;
      if ((end & 1) === 1) {
        free.push(slots[call] as number);
        continue;
      }
      const slot = free.pop() ?? most++;
      slots[call] = slot;
      this.wordOf[call] = first + (slot >> WORD_SHIFT);
      this.bitOf[call] = 1 << (slot & (WORD_BITS - 1));
    }
    return first + Math.ceil(most / WORD_BITS);
  }
}
