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

/** More values than any history has. */
const IDS_MAX = 2 ** 26;

/** Numbers values in the order in which they are first seen, from 0. Equal ones have one number. */
export class ValueIds {
  private readonly plain = new Map<unknown, number>();
  private readonly pairs = new Map<number, number>();
  private readonly texts = new Map<string, number>();
  private count = 0;

  /** How many numbers have been given. */
  get size(): number {
    return this.count;
  }

  idOf(value: unknown): number {
    if (typeof value !== 'object' || value === null) return this.plainId(value ?? null);
    return Array.isArray(value) ? this.listId(value) : this.textId(value);
  }

  /** The number of an ordered pair of numbers, given by this table too. */
  pairId(first: number, second: number): number {
    return this.keyId(this.pairs, first * IDS_MAX + second);
  }

  private plainId(value: unknown): number {
    let id = this.plain.get(value);
    if (id === undefined) {
      id = this.count++;
      this.plain.set(value, id);
    }
    return id;
  }

  private listId(list: readonly unknown[]): number {
    let id = this.keyId(this.pairs, -1 - list.length);
    for (const value of list) id = this.pairId(id, this.idOf(value));
    return id;
  }

  private textId(value: object): number {
    return this.keyId(this.texts, textOf(value));
  }

  private keyId<Key>(ids: Map<Key, number>, key: Key): number {
    let id = ids.get(key);
    if (id === undefined) {
      id = this.count++;
      assert(id < IDS_MAX, 'a history has fewer values');
      ids.set(key, id);
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
