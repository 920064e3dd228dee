import { NEVER, type Part } from '../columns.ts';

const NONE = -1;
const WORD_BITS = 32;

/**
 * The calls without an answer, which may take effect at any time from their invocation on, or never.
 * Those of one kind are alike, so of each kind it is enough to know how many are placed: a few bits
 * of a configuration.
 */
export class LostCalls {
  /** The kinds, in the order in which the first of each is invoked. */
  readonly kinds: number[] = [];
  /** How many kinds have been invoked so far: the first of them. */
  begun = 0;
  /** The numbers of a configuration that say how many are placed. */
  readonly words: number;
  private readonly listOf: Int32Array;
  /** Of each kind, its calls in the order of invocation, and how many have been invoked so far. */
  private readonly calls: number[][] = [];
  private readonly invoked: Int32Array;
  /** Where a configuration has the number for each kind. */
  private readonly wordOf: Int32Array;
  private readonly shiftOf: Int32Array;
  private readonly maskOf: Int32Array;

  /** @param kinds of all calls of the part */
  constructor(part: Part, kinds: Int32Array) {
    this.listOf = new Int32Array(part.count).fill(NONE);
    const lists = new Map<number, number>();
    for (let call = 0; call < part.count; call++) {
      if (part.returned[call] !== NEVER) continue;
      const kind = kinds[call] as number;
      let list = lists.get(kind);
      if (list === undefined) {
        list = lists.size;
        lists.set(kind, list);
        this.kinds.push(kind);
        this.calls.push([]);
      }
      this.calls[list]?.push(call);
      this.listOf[call] = list;
    }
    this.invoked = new Int32Array(lists.size);
    this.wordOf = new Int32Array(lists.size);
    this.shiftOf = new Int32Array(lists.size);
    this.maskOf = new Int32Array(lists.size);
    this.words = this.giveBits();
  }

  /** What the columns of so many calls take, if none has an answer. */
  static bytesFor(count: number): number {
    return count * 24;
  }

  isLost(call: number): boolean {
    return this.listOf[call] !== NONE;
  }

  invoke(call: number): void {
    const list = this.listOf[call] as number;
    const before = this.invoked[list] as number;
    if (before === 0) this.begun++;
    this.invoked[list] = before + 1;
  }

  undoInvoke(call: number): void {
    const list = this.listOf[call] as number;
    const left = (this.invoked[list] as number) - 1;
    if (left === 0) this.begun--;
    this.invoked[list] = left;
  }

  /**
   * The first of a kind that has been invoked and is not placed; -1 if there is none.
   *
   * @param words where the numbers stand from `start` on
   */
  next(list: number, words: Int32Array, start: number): number {
    const placed = this.countAt(list, words, start);
    return placed < (this.invoked[list] as number) ? (this.calls[list]?.[placed] ?? NONE) : NONE;
  }

  /** Counts the call as placed. It is the next of its kind. */
  place(call: number, words: Int32Array, start: number): void {
    const list = this.listOf[call] as number;
    const at = start + (this.wordOf[list] as number);
    words[at] = (words[at] as number) + (1 << (this.shiftOf[list] as number));
  }

  /** Whether no more of any kind are placed in one configuration than in another. */
  isWithin(words: Int32Array, one: number, other: number): boolean {
    let word = 0;
    while (word < this.words && words[one + word] === words[other + word]) word++;
    if (word === this.words) return true;
    for (let list = 0; list < this.begun; list++) {
      if (this.countAt(list, words, one) > this.countAt(list, words, other)) return false;
    }
    return true;
  }

  private countAt(list: number, words: Int32Array, start: number): number {
    const word = words[start + (this.wordOf[list] as number)] as number;
    return (word >>> (this.shiftOf[list] as number)) & (this.maskOf[list] as number);
  }

  private giveBits(): number {
    let word = 0;
    let shift = 0;
    this.calls.forEach(({ length }, list) => {
      const bits = WORD_BITS - Math.clz32(length);
      if (shift + bits > WORD_BITS) {
        word++;
        shift = 0;
      }
      this.wordOf[list] = word;
      this.shiftOf[list] = shift;
      this.maskOf[list] = 2 ** bits - 1;
      shift += bits;
    });
    return shift === 0 ? 0 : word + 1;
  }
}
