import type { Part } from '../columns.ts';
import type { RecordedOperation } from '../operation.ts';
import type { Lookahead } from './lookahead.ts';
import type { Machine } from './machine.ts';

/** How many of the next gets to return are looked at. */
const GETS_AHEAD = 8;

/**
 * For strings: what has been written must be the beginning of what the next gets show, unless one of
 * them begins with a put that has no place yet.
 */
export class StringLookahead implements Lookahead {
  private readonly machine: Machine<unknown>;
  private readonly texts: readonly string[];
  private readonly isPlaced: Uint8Array;
  /** The gets by their returns, and for each end of a call how many of them have returned. */
  private readonly gets: number[] = [];
  private readonly returnedBefore: Int32Array;
  /** How many puts of each value have no place, and for each get the values that it may begin with. */
  private readonly putsLeft: Int32Array;
  private readonly putOf: Int32Array;
  private readonly beginnings: readonly (readonly number[])[];

  constructor(part: Part, calls: readonly RecordedOperation[], machine: Machine<unknown>) {
    this.machine = machine;
    this.isPlaced = new Uint8Array(part.count);
    this.texts = calls.map(({ f, input, output }) => String((f === 'get' ? output : input) ?? ''));
    this.returnedBefore = new Int32Array(part.ends.length);
    part.ends.forEach((end, event) => {
      this.returnedBefore[event] = this.gets.length;
      if ((end & 1) === 1 && calls[end >> 1]?.f === 'get') this.gets.push(end >> 1);
    });
    const values = [...new Set(this.texts.filter((_, call) => calls[call]?.f === 'put'))];
    const numbers = new Map(values.map((value, number) => [value, number]));
    this.putsLeft = new Int32Array(values.length);
    this.putOf = Int32Array.from(calls, ({ f }, call) => {
      return f === 'put' ? (numbers.get(this.texts[call] as string) as number) : -1;
    });
    for (const put of this.putOf)
      if (put >= 0) this.putsLeft[put] = (this.putsLeft[put] as number) + 1;
    this.beginnings = calls.map(({ f }, call) => {
      if (f !== 'get') return [];
      const text = this.texts[call] as string;
      return values.flatMap((value, number) => (text.startsWith(value) ? [number] : []));
    });
  }

  place(call: number): void {
    this.set(call, 1);
  }

  takeBack(call: number): void {
    this.set(call, 0);
  }

  isHopeless(_before: number, after: number, event: number): boolean {
    const text = String(this.machine.stateOf(after));
    let next = this.returnedBefore[event] as number;
    for (let seen = 0; seen < GETS_AHEAD && next < this.gets.length; next++) {
      const get = this.gets[next] as number;
      if (this.isPlaced[get] === 1) continue;
      if (!this.texts[get]?.startsWith(text) && !this.mayBegin(get)) return true;
      seen++;
    }
    return false;
  }

  private mayBegin(get: number): boolean {
    return this.beginnings[get]?.some((put) => (this.putsLeft[put] as number) > 0) === true;
  }

  private set(call: number, isPlaced: 0 | 1): void {
    this.isPlaced[call] = isPlaced;
    const put = this.putOf[call] as number;
    if (put >= 0) this.putsLeft[put] = (this.putsLeft[put] as number) + (isPlaced === 1 ? -1 : 1);
  }
}
