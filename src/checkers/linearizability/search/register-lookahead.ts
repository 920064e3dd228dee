import type { RecordedOperation } from '../operation.ts';
import { pairOf } from '../values.ts';
import type { Lookahead } from './lookahead.ts';
import type { Machine } from './machine.ts';

const NONE = -1;

/**
 * For registers: how many calls without a place still have to find a value, and how many could
 * write it. A value that is wanted and that nobody else could write must not be overwritten.
 */
export class RegisterLookahead implements Lookahead {
  /** The values that a part has, by the states that have them, numbered anew. */
  private readonly local = new Map<number, number>();
  private readonly wants: Int32Array;
  private readonly gives: Int32Array;
  private readonly wanted: Int32Array;
  private readonly offered: Int32Array;

  constructor(kinds: Int32Array, machine: Machine<unknown>) {
    const firstOf = new Map<number, number>();
    this.wants = new Int32Array(kinds.length);
    this.gives = new Int32Array(kinds.length);
    kinds.forEach((kind, call) => {
      const alike = firstOf.get(kind);
      if (alike === undefined) firstOf.set(kind, call);
      const sample = machine.sampleOf(kind);
      this.wants[call] =
        alike === undefined
          ? this.localOf(wantedBy(sample), machine)
          : (this.wants[alike] as number);
      this.gives[call] =
        alike === undefined
          ? this.localOf(givenBy(sample), machine)
          : (this.gives[alike] as number);
    });
    this.wanted = new Int32Array(this.local.size);
    this.offered = new Int32Array(this.local.size);
    for (let call = 0; call < kinds.length; call++) this.count(call, 1);
  }

  place(call: number): void {
    this.count(call, -1);
  }

  takeBack(call: number): void {
    this.count(call, 1);
  }

  isHopeless(before: number): boolean {
    const value = this.local.get(before);
    return value !== undefined && (this.wanted[value] as number) > 0 && this.offered[value] === 0;
  }

  private count(call: number, by: number): void {
    const wants = this.wants[call] as number;
    const gives = this.gives[call] as number;
    if (wants !== NONE) this.wanted[wants] = (this.wanted[wants] as number) + by;
    if (gives !== NONE) this.offered[gives] = (this.offered[gives] as number) + by;
  }

  private localOf(values: readonly unknown[], machine: Machine<unknown>): number {
    if (values.length === 0) return NONE;
    const state = machine.idOf({ value: values[0] });
    const known = this.local.get(state);
    if (known !== undefined) return known;
    this.local.set(state, this.local.size);
    return this.local.size - 1;
  }
}

/** In a list, since `null` is a value too. */
function wantedBy({ f, input, output, outcome }: RecordedOperation): readonly unknown[] {
  if (outcome !== 'ok') return [];
  if (f === 'read') return [output ?? null];
  return f === 'cas' ? [pairOf(input)[0]] : [];
}

function givenBy({ f, input, outcome }: RecordedOperation): readonly unknown[] {
  if (outcome === 'fail') return [];
  if (f === 'write') return [input ?? null];
  return f === 'cas' ? [pairOf(input)[1]] : [];
}
