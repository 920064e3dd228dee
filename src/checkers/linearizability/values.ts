import { mix } from './hash.ts';

/** Equal for equal values and different for others; for what JSON can say. */
export function textOf(value: unknown): string {
  if (value === undefined) return 'null';
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(textOf).join()}]`;
  const fields = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${fields.map(([name, field]) => `${JSON.stringify(name)}:${textOf(field)}`).join()}}`;
}

export function isSame(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' && typeof b !== 'object') return false;
  return textOf(a) === textOf(b);
}

/** Whole numbers from 0 up to here are looked up without hashing. */
const PLAIN_MAX = 2 ** 20;
const FIRST_SIZE = 256;

/** Numbers values in the order in which they are first seen, from 0. Equal ones have one number. */
export class ValueIds {
  /** How many values have been seen. */
  size = 0;
  /** By the value: its number plus one, since 0 stands for none. */
  private small = new Int32Array(FIRST_SIZE);
  private readonly plain = new Map<unknown, number>();
  private readonly texts = new Map<string, number>();

  idOf(value: unknown): number {
    if (typeof value === 'number') return this.idOfNumber(value);
    if (typeof value === 'object' && value !== null) return this.find(this.texts, textOf(value));
    return this.find(this.plain, value ?? null);
  }

  private idOfNumber(value: number): number {
    if (!(value >= 0 && value < PLAIN_MAX && Number.isInteger(value))) {
      return this.find(this.plain, value);
    }
    if (value >= this.small.length) this.grow(value);
    const known = this.small[value] as number;
    if (known > 0) return known - 1;
    this.small[value] = ++this.size;
    return this.size - 1;
  }

  private grow(value: number): void {
    let size = this.small.length;
    while (size <= value) size *= 2;
    const grown = new Int32Array(size);
    grown.set(this.small);
    this.small = grown;
  }

  private find<Key>(ids: Map<Key, number>, key: Key): number {
    const known = ids.get(key);
    if (known !== undefined) return known;
    ids.set(key, this.size);
    return this.size++;
  }
}

/** A list, a member, and the number of the list with the member. */
const PAIR_INTS = 3;

/** Numbers lists of numbers. Equal ones have one number; the empty list has 0. */
export class ListIds {
  static readonly EMPTY = 0;
  private count = 0;
  /** Open addressing; a longer list's number is never 0, which stands for a free place. */
  private pairs = new Int32Array(FIRST_SIZE * PAIR_INTS);
  private mask = FIRST_SIZE - 1;

  /** The number of a list with one more member. */
  append(list: number, member: number): number {
    const at = this.placeOf(list, member);
    const known = this.pairs[at + 2] as number;
    if (known !== 0) return known;
    this.count++;
    this.put(at, list, member, this.count);
    if (this.count * 2 > this.mask) this.grow();
    return this.count;
  }

  private placeOf(list: number, member: number): number {
    const { pairs, mask } = this;
    for (let slot = mix(mix(0, list), member) & mask; ; slot = (slot + 1) & mask) {
      const at = slot * PAIR_INTS;
      if (pairs[at + 2] === 0 || (pairs[at] === list && pairs[at + 1] === member)) return at;
    }
  }

  private put(at: number, list: number, member: number, id: number): void {
    this.pairs[at] = list;
    this.pairs[at + 1] = member;
    this.pairs[at + 2] = id;
  }

  private grow(): void {
    const old = this.pairs;
    this.mask = this.mask * 2 + 1;
    this.pairs = new Int32Array((this.mask + 1) * PAIR_INTS);
    for (let at = 0; at < old.length; at += PAIR_INTS) {
      if (old[at + 2] === 0) continue;
      const [list, member] = [old[at] as number, old[at + 1] as number];
      this.put(this.placeOf(list, member), list, member, old[at + 2] as number);
    }
  }
}

/** The two values of a compare-and-set's argument. */
export function pairOf(input: unknown): readonly [unknown, unknown] {
  if (!Array.isArray(input)) return [null, null];
  const [first, second] = input as unknown[];
  return [first ?? null, second ?? null];
}
