import type { Shape } from './model.ts';
import type { RecordedOperation } from './operation.ts';
import { pairOf, ValueIds } from './values.ts';

/** What an operation of a register is. */
export const READ = 0;
export const WRITE = 1;
export const CAS = 2;
export const LOST_CAS = 3;
export const FAILED_CAS = 4;

/** What {@link RegisterColumns} take for each operation, and for each value in a table. */
export const BYTES_DECODED: number = 9 + 60;

/**
 * The operations of registers in columns, in the order of a history's parts: operations lie far
 * apart in memory, so each is looked at once, when its neighbours in the history are.
 */
export class RegisterColumns {
  readonly kinds: Uint8Array;
  /** The numbers of what a read shows, a write writes, or a cas finds; 0 is nothing. */
  readonly firsts: Int32Array;
  /** Of what a cas writes; empty if there is none. */
  seconds: Int32Array = new Int32Array(0);
  private readonly values = new ValueIds();
  /** The numbers of values within one part, while they are given; 0 for those that have none. */
  private numbers = new Int32Array(0);

  private constructor(count: number) {
    this.kinds = new Uint8Array(count);
    this.firsts = new Int32Array(count);
    this.values.idOf(null);
  }

  /** @returns `null` for what is no register */
  static of(shape: Shape | undefined, count: number): RegisterColumns | null {
    return shape === 'register' ? new RegisterColumns(count) : null;
  }

  put(member: number, { f, input, output, outcome }: RecordedOperation): void {
    const { kinds, firsts, values } = this;
    if (f === 'read' || f === 'write') {
      kinds[member] = f === 'read' ? READ : WRITE;
      firsts[member] = values.idOf(f === 'read' ? output : input);
      return;
    }
    const [from, to] = pairOf(input);
    kinds[member] = outcome === 'ok' ? CAS : outcome === 'fail' ? FAILED_CAS : LOST_CAS;
    firsts[member] = values.idOf(from);
    if (this.seconds.length === 0) this.seconds = new Int32Array(kinds.length);
    this.seconds[member] = values.idOf(to);
  }

  /** The operations of a part, with its own values numbered from 1 on. To be asked for once. */
  part(start: number, end: number): DecodedPart {
    if (this.numbers.length < this.values.size) this.numbers = new Int32Array(this.values.size);
    const { numbers } = this;
    const kinds = this.kinds.subarray(start, end);
    const firsts = this.firsts.subarray(start, end);
    const seconds = this.seconds.subarray(start, end);
    const own: number[] = [0];
    const renumber = (column: Int32Array): void => {
      for (let call = 0; call < column.length; call++) {
        const value = column[call] as number;
        if (value === 0) continue;
        if (numbers[value] === 0) {
          numbers[value] = own.length;
          own.push(value);
        }
        column[call] = numbers[value] as number;
      }
    };
    renumber(firsts);
    renumber(seconds);
    for (const value of own) numbers[value] = 0;
    return { kinds, firsts, seconds, valueCount: own.length };
  }
}

/** @see RegisterColumns */
export interface DecodedPart {
  readonly kinds: Uint8Array;
  readonly firsts: Int32Array;
  readonly seconds: Int32Array;
  /** With nothing, which has the number 0. */
  readonly valueCount: number;
}
