import { NEVER, type Part } from '../columns.ts';
import { CAS, type DecodedPart, FAILED_CAS, READ, WRITE } from '../decoded.ts';
import { type Groups, NONE } from './blocks.ts';
import type { Conflict } from './pass.ts';
import type { Refused } from './refused.ts';
import type { Scratch } from './scratch.ts';

/** Group 0 is the register's first value. */
const FIRST = 0;

/** The values of a register, each written once, and what found them. */
export class RegisterValues implements Groups {
  readonly count: number;
  readonly heads: Int32Array;
  readonly nexts: Int32Array;
  readonly roots: Uint8Array;
  readonly groupOf: Int32Array;
  /** The cas that failed, in the order of invocation. */
  readonly refused: Refused[] = [];
  private readonly part: Part;
  /** The kinds of the calls, and the groups that each has to do with. */
  private readonly kinds: Uint8Array;
  private readonly firsts: Int32Array;
  private readonly seconds: Int32Array;
  /** For each group that a cas wrote, the one that it found. */
  private readonly found: Int32Array;
  /** A call that shows each group, or -1: a group without one may never have been there. */
  private readonly shownBy: Int32Array;

  constructor(part: Part, { kinds, firsts, seconds, valueCount }: DecodedPart, scratch: Scratch) {
    this.part = part;
    this.count = valueCount;
    this.kinds = kinds;
    this.firsts = firsts;
    this.seconds = seconds;
    this.heads = scratch.take(valueCount);
    this.nexts = scratch.take(valueCount);
    this.found = scratch.take(valueCount);
    this.shownBy = scratch.take(valueCount);
    this.roots = new Uint8Array(valueCount);
    this.groupOf = scratch.take(part.count);
  }

  /** How many numbers it takes for so many values and calls. */
  static intsFor(values: number, calls: number): number {
    return 4 * values + calls;
  }

  /** @returns whether every value is written once, and the first one never again */
  read(): boolean {
    for (let call = 0; call < this.kinds.length; call++) {
      if (!this.readCall(call)) return false;
    }
    return true;
  }

  /** Finds out which lost calls took effect, and what follows what. */
  join(): Conflict | null {
    this.showAncestors();
    let joined = 0;
    for (let group = 1; group < this.count; group++) {
      const head = this.heads[group] as number;
      if (head < 0 && this.shownBy[group] === NONE) continue;
      if (head < 0) return { kind: 'phantom', reader: this.shownBy[group] as number };
      if (!this.isEffective(group)) {
        this.groupOf[head] = NONE;
        continue;
      }
      joined++;
      const before = this.found[group] as number;
      if (before < 0) {
        this.roots[group] = 1;
        continue;
      }
      const other = this.nexts[before] as number;
      if (other >= 0) return this.fork(before, other, group);
      this.nexts[before] = group;
    }
    this.roots[FIRST] = 1;
    return this.findCycle(joined);
  }

  private readCall(call: number): boolean {
    const kind = this.kinds[call];
    const before = this.firsts[call] as number;
    if (kind === READ) {
      this.show(before, call);
      return true;
    }
    if (kind === WRITE) return this.write(call, before);
    if (kind === FAILED_CAS) {
      this.refused.push({ call, missed: before });
      return true;
    }
    const after = this.seconds[call] as number;
    if (before === after) {
      if (kind === CAS) this.show(before, call);
      return true;
    }
    if (kind === CAS) this.shownBy[before] = call;
    this.found[after] = before;
    return this.write(call, after);
  }

  private show(group: number, call: number): void {
    this.groupOf[call] = group;
    this.shownBy[group] = call;
  }

  private write(call: number, group: number): boolean {
    if (group === FIRST || this.heads[group] !== NONE) return false;
    this.heads[group] = call;
    this.groupOf[call] = group;
    return true;
  }

  /** What a lost cas found was there, if anything shows what it wrote. */
  private showAncestors(): void {
    for (let group = 1; group < this.count; group++) {
      let at = group;
      while (this.shownBy[at] !== NONE) {
        const before = this.found[at] as number;
        if (before < 0 || this.shownBy[before] !== NONE) break;
        this.shownBy[before] = this.heads[at] as number;
        at = before;
      }
    }
  }

  private fork(group: number, one: number, other: number): Conflict {
    const writer = this.heads[group] as number;
    const winners = [this.heads[one] as number, this.heads[other] as number] as const;
    return { kind: 'fork', winners, links: writer === NONE ? [] : [writer] };
  }

  private isEffective(group: number): boolean {
    return this.shownBy[group] !== NONE || this.isAnswered(this.heads[group] as number);
  }

  private isAnswered(call: number): boolean {
    return this.part.returned[call] !== NEVER;
  }

  /** Values that were only ever made of each other. */
  private findCycle(joined: number): Conflict | null {
    let reached = 0;
    for (let root = 0; root < this.count; root++) {
      if (this.roots[root] !== 1) continue;
      for (let group = root; group !== NONE; group = this.nexts[group] as number) reached++;
    }
    if (reached === joined + 1) return null;
    return { kind: 'cycle', calls: this.cycle() };
  }

  private cycle(): number[] {
    const seen = new Uint8Array(this.count);
    for (let root = 0; root < this.count; root++) {
      if (this.roots[root] !== 1) continue;
      for (let group = root; group !== NONE; group = this.nexts[group] as number) seen[group] = 1;
    }
    const isInCycle = (group: number): boolean => {
      return seen[group] === 0 && this.isEffective(group);
    };
    let start = 1;
    while (!isInCycle(start)) start++;
    const calls: number[] = [];
    for (let group = start; seen[group] === 0; group = this.nexts[group] as number) {
      seen[group] = 1;
      calls.push(this.heads[group] as number);
    }
    return calls;
  }
}
