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

/** Numbers values in the order in which they are first seen, from 0. */
export class ValueIds {
  private readonly plain = new Map<unknown, number>();
  private readonly structured = new Map<string, number>();
  private count = 0;

  get size(): number {
    return this.count;
  }

  /** The value's number; a new one if it has none yet. */
  idOf(value: unknown): number {
    const known = this.find(value);
    if (known >= 0) return known;
    const id = this.count++;
    if (typeof value === 'object' && value !== null) this.structured.set(textOf(value), id);
    else this.plain.set(value ?? null, id);
    return id;
  }

  /** The value's number, or -1. */
  find(value: unknown): number {
    if (typeof value === 'object' && value !== null) {
      return this.structured.get(textOf(value)) ?? -1;
    }
    return this.plain.get(value ?? null) ?? -1;
  }
}

/** The two values of a compare-and-set's argument. */
export function pairOf(input: unknown): readonly [unknown, unknown] {
  if (!Array.isArray(input)) return [null, null];
  const [first, second] = input as unknown[];
  return [first ?? null, second ?? null];
}
