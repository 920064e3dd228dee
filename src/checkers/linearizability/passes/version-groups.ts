import { NEVER, type Part } from '../columns.ts';
import type { RecordedOperation } from '../operation.ts';
import { pairOf, ValueIds } from '../values.ts';
import { type Groups, NONE } from './blocks.ts';
import { LostWrites } from './lost-writes.ts';
import type { Conflict } from './pass.ts';
import type { Refused } from './refused.ts';

/** A znode's first version, and its number in the group of values: no data. */
const FIRST = 0;
const NO_DATA = 0;

/**
 * A znode by its versions: a group is a version's write and the gets that show it, and the groups
 * follow each other as they are numbered. Writes without an answer fill the gaps.
 */
export class VersionGroups implements Groups {
  heads: Int32Array = new Int32Array(0);
  nexts: Int32Array = new Int32Array(0);
  roots: Uint8Array = new Uint8Array(0);
  readonly groupOf: Int32Array;
  readonly refused: Refused[] = [];
  private readonly part: Part;
  private readonly suggested: ReadonlyMap<number, number>;
  private readonly values = new ValueIds();
  private readonly valueOf: Int32Array;
  /** 1 for the writes that were answered. */
  private readonly isWrite: Uint8Array;
  private readonly lost: LostWrites;
  /** The highest version that somebody has seen, and who. */
  private highest = FIRST;
  private highestBy = NONE;
  private conflict: Conflict | null = null;

  /** @param suggested by versions, refused calls before whose return they had come */
  constructor(part: Part, suggested: ReadonlyMap<number, number>) {
    this.part = part;
    this.suggested = suggested;
    this.groupOf = new Int32Array(part.count).fill(NONE);
    this.valueOf = new Int32Array(part.count).fill(NONE);
    this.isWrite = new Uint8Array(part.count);
    this.lost = new LostWrites(part);
    this.values.idOf(null);
  }

  get count(): number {
    return this.highest + 1;
  }

  /** Whether there are writes of which nobody knows the version, if they have one. */
  get hasLost(): boolean {
    return this.lost.count > 0;
  }

  /** @returns whether all answers have versions */
  read(operations: readonly RecordedOperation[]): boolean {
    const { members } = this.part;
    for (let call = 0; call < members.length; call++) {
      const operation = operations[members[call] as number] as RecordedOperation;
      if (!this.readCall(call, operation)) return false;
    }
    for (const [version, call] of this.suggested) {
      if (version <= this.highest) continue;
      this.highest = version;
      this.highestBy = call;
    }
    return true;
  }

  /** Puts the calls into groups, and finds a write for each version that somebody has seen. */
  join(): Conflict | null {
    const { highest, highestBy, part } = this;
    if (highest > part.count) return { kind: 'phantom', reader: highestBy };
    this.heads = new Int32Array(this.count).fill(NONE);
    this.nexts = new Int32Array(this.count).fill(NONE);
    for (let version = FIRST; version < highest; version++) this.nexts[version] = version + 1;
    this.roots = new Uint8Array(this.count);
    this.roots[FIRST] = 1;
    for (let call = 0; call < part.count && this.conflict === null; call++) {
      if (this.isWrite[call] === 1) this.takeHead(call);
    }
    return this.conflict ?? this.compareValues() ?? this.fillGaps();
  }

  private readCall(call: number, operation: RecordedOperation): boolean {
    const { f, input, output, outcome, version = NONE } = operation;
    const [expected, data] = f === 'cas' ? pairOf(input) : [null, input];
    const before = f === 'cas' ? Number(expected) : NONE;
    if (outcome === 'fail') {
      this.refused.push({ call, missed: before });
      return true;
    }
    // All else looks, by whatever name.
    const isWrite = f === 'set' || f === 'cas';
    const value = this.values.idOf(isWrite ? data : output);
    if (outcome === 'info') {
      this.lost.add({ call, value, version: f === 'cas' ? before + 1 : NONE });
      return true;
    }
    if (!Number.isSafeInteger(version) || version < 0) return false;
    this.groupOf[call] = version;
    this.valueOf[call] = value;
    this.isWrite[call] = isWrite ? 1 : 0;
    if (version > this.highest) {
      this.highest = version;
      this.highestBy = call;
    }
    if (f === 'cas' && version !== before + 1) this.conflict = { kind: 'clash', calls: [call] };
    return true;
  }

  private takeHead(call: number): void {
    const version = this.groupOf[call] as number;
    const other = this.heads[version] as number;
    // The first version was written by nobody.
    if (version === FIRST) this.conflict = { kind: 'clash', calls: [call] };
    else if (other !== NONE) this.conflict = { kind: 'clash', calls: [other, call] };
    else this.heads[version] = call;
  }

  /** Whether all that show a version show the same. */
  private compareValues(): Conflict | null {
    const shownBy = this.heads.slice();
    for (let call = 0; call < this.groupOf.length; call++) {
      const version = this.groupOf[call] as number;
      if (version === NONE) continue;
      const value = this.valueOf[call];
      if (version === FIRST && value !== NO_DATA) return { kind: 'phantom', reader: call };
      const other = shownBy[version] as number;
      if (other === NONE) shownBy[version] = call;
      else if (this.valueOf[other] !== value) return { kind: 'clash', calls: [other, call] };
    }
    return this.namelessVersions(shownBy);
  }

  /** Hands the versions without a write over to the lost writes. */
  private namelessVersions(shownBy: Int32Array): Conflict | null {
    for (let version = FIRST + 1; version <= this.highest; version++) {
      if (this.heads[version] !== NONE) continue;
      const shower = shownBy[version] as number;
      this.lost.want(version, shower === NONE ? NONE : (this.valueOf[shower] as number));
    }
    return null;
  }

  private fillGaps(): Conflict | null {
    const { deadlines, deadlineBy } = this.lastMoments();
    const taken = this.lost.assign(deadlines);
    if (typeof taken === 'number') return { kind: 'phantom', reader: deadlineBy[taken] as number };
    for (const { call, version } of taken) {
      this.heads[version] = call;
      this.groupOf[call] = version;
    }
    return null;
  }

  /** When each version must have been written at the latest, and the call that says so. */
  private lastMoments(): { deadlines: Int32Array; deadlineBy: Int32Array } {
    const deadlines = new Int32Array(this.count).fill(NEVER);
    const deadlineBy = new Int32Array(this.count).fill(NONE);
    const tell = (version: number, call: number): void => {
      const returned = this.part.returned[call] as number;
      if (version === NONE || returned >= (deadlines[version] as number)) return;
      deadlines[version] = returned;
      deadlineBy[version] = call;
    };
    this.groupOf.forEach(tell);
    for (const [version, call] of this.suggested) tell(version, call);
    for (let version = this.highest - 1; version >= FIRST; version--) {
      if ((deadlines[version + 1] as number) >= (deadlines[version] as number)) continue;
      deadlines[version] = deadlines[version + 1] as number;
      deadlineBy[version] = deadlineBy[version + 1] as number;
    }
    return { deadlines, deadlineBy };
  }
}
