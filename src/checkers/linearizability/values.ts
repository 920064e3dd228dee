import { assert } from '../../kernel/assert.ts';

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

/** Numbers values in the order in which they are first seen, from 0. Equal ones have one number. */
export class ValueIds {
  private readonly plain = new Map<unknown, number>();
  private readonly texts = new Map<string, number>();

  /** How many values have been seen. */
  get size(): number {
    return this.plain.size + this.texts.size;
  }

  idOf(value: unknown): number {
    if (typeof value === 'object' && value !== null) return this.find(this.texts, textOf(value));
    return this.find(this.plain, value ?? null);
  }

  private find<Key>(ids: Map<Key, number>, key: Key): number {
    const known = ids.get(key);
    if (known !== undefined) return known;
    const id = this.size;
    ids.set(key, id);
    return id;
  }
}

/** More than any history has values. */
const IDS_MAX = 2 ** 26;

/** Numbers lists of numbers. Equal ones have one number; the empty list has 0. */
export class ListIds {
  static readonly EMPTY = 0;
  private readonly pairs = new Map<number, number>();

  /** The number of a list with one more member. */
  append(list: number, member: number): number {
    assert(member < IDS_MAX && list < IDS_MAX, 'a history has fewer values');
    const key = list * IDS_MAX + member;
    let id = this.pairs.get(key);
    if (id === undefined) {
      id = this.pairs.size + 1;
      this.pairs.set(key, id);
    }
    return id;
  }
}

/** The two values of a compare-and-set's argument. */
export function pairOf(input: unknown): readonly [unknown, unknown] {
  if (!Array.isArray(input)) return [null, null];
  const [first, second] = input as unknown[];
  return [first ?? null, second ?? null];
}
