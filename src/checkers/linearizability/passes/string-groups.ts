import { NEVER, type Part } from '../columns.ts';
import type { RecordedOperation } from '../operation.ts';
import { type Groups, NONE } from './blocks.ts';
import type { Conflict } from './pass.ts';
import { StringWrites } from './string-writes.ts';

/** Group 0 is the empty string. */
const FIRST = 0;

/** The texts that begin with one piece, or with something appended to the first, empty one. */
interface Line {
  /** The get that shows most of it. */
  longest: number;
  text: string;
  /** How long the text is after each piece, and the piece's group. */
  readonly lengths: number[];
  readonly groups: number[];
}

/**
 * A string, by what is put and appended to it, each piece once: a group is a piece that is written,
 * and the gets whose text ends with it. What a get shows before it says what it follows at once.
 */
export class StringGroups implements Groups {
  readonly heads: Int32Array;
  readonly nexts: Int32Array;
  readonly roots: Uint8Array;
  readonly groupOf: Int32Array;
  private readonly part: Part;
  private readonly calls: readonly RecordedOperation[];
  private readonly writes = new StringWrites();
  /** By the group of their first piece. */
  private readonly lines = new Map<number, Line>();
  /** For each get the group that the line of its text is known by. */
  private readonly lineOf: Int32Array;
  /** A get that shows each group, or -1. */
  private readonly shownBy: Int32Array;

  constructor(part: Part, operations: readonly RecordedOperation[]) {
    const { members, count } = part;
    this.part = part;
    this.calls = operationsOf(members, operations);
    this.lineOf = new Int32Array(count);
    this.heads = new Int32Array(count + 1).fill(NONE);
    this.nexts = new Int32Array(count + 1).fill(NONE);
    this.roots = new Uint8Array(count + 1);
    this.groupOf = new Int32Array(count).fill(NONE);
    this.shownBy = new Int32Array(count + 1).fill(NONE);
  }

  get count(): number {
    return this.writes.count + 1;
  }

  /** @returns whether every piece is written once, and none begins with another */
  readWrites(): boolean {
    for (let call = 0; call < this.calls.length; call++) {
      const { f, input } = this.calls[call] as RecordedOperation;
      if (f === 'get') continue;
      if (typeof input !== 'string' || !this.writes.add(input)) return false;
      this.heads[this.writes.count] = call;
      this.groupOf[call] = this.writes.count;
    }
    return this.writes.areDistinct();
  }

  /** Finds out what follows what, and which lost calls took effect. */
  join(): Conflict | null {
    const conflict = this.findLines() ?? this.followLines() ?? this.placeReaders();
    if (conflict !== null) return conflict;
    this.roots[FIRST] = 1;
    for (let group = 1; group < this.count; group++) {
      const head = this.heads[group] as number;
      const isShown = this.shownBy[group] !== NONE;
      if (!isShown && this.part.returned[head] === NEVER) this.groupOf[head] = NONE;
      else if (!isShown || this.isPut(group)) this.roots[group] = 1;
    }
    return null;
  }

  /** For each piece that a text may begin with, the longest text that does. */
  private findLines(): Conflict | null {
    for (let call = 0; call < this.calls.length; call++) {
      if (!this.isGet(call)) continue;
      const text = this.textOf(call);
      const root = this.rootOf(text);
      if (root === NONE) return { kind: 'phantom', reader: call };
      this.lineOf[call] = root;
      const line = this.lines.get(root);
      if (line === undefined) {
        this.lines.set(root, { longest: call, text, lengths: [], groups: [] });
      } else if (text.length > line.text.length) {
        line.longest = call;
        line.text = text;
      }
    }
    return null;
  }

  private followLines(): Conflict | null {
    for (const [root, line] of this.lines) {
      const conflict = this.followLine(root, line);
      if (conflict !== null) return conflict;
    }
    return null;
  }

  private followLine(root: number, { longest, text, lengths, groups }: Line): Conflict | null {
    let before = NONE;
    for (let at = 0; at < text.length; at = lengths.at(-1) as number) {
      const group = this.writes.pieceAt(text, at);
      if (group === NONE) return { kind: 'phantom', reader: longest };
      const writer = this.heads[group] as number;
      const other = this.shownBy[group] as number;
      if (other === longest || (this.isPut(group) && at > 0)) {
        return { kind: 'misplaced', reader: longest, writer };
      }
      if (other !== NONE) return { kind: 'split', readers: [other, longest] };
      this.shownBy[group] = longest;
      if (at > 0 || root === FIRST) this.nexts[Math.max(before, FIRST)] = group;
      lengths.push(at + this.lengthOf(group));
      groups.push(group);
      before = group;
    }
    return null;
  }

  private placeReaders(): Conflict | null {
    for (let call = 0; call < this.calls.length; call++) {
      if (!this.isGet(call)) continue;
      const text = this.textOf(call);
      const line = this.lines.get(this.lineOf[call] as number) as Line;
      const group = groupAt(line, text.length);
      if (!line.text.startsWith(text)) return this.splitOrPhantom(call, line);
      if (group === NONE) return { kind: 'phantom', reader: call };
      this.groupOf[call] = group;
    }
    return null;
  }

  /** A get whose text is not the beginning of another's that began as it did. */
  private splitOrPhantom(reader: number, { longest }: Line): Conflict {
    const text = this.textOf(reader);
    for (let at = 0; at < text.length; ) {
      const group = this.writes.pieceAt(text, at);
      if (group === NONE) return { kind: 'phantom', reader };
      at += this.lengthOf(group);
    }
    return { kind: 'split', readers: [reader, longest] };
  }

  /** The group that the line of a text is known by; -1 if nobody wrote what it begins with. */
  private rootOf(text: string): number {
    if (text === '') return FIRST;
    const group = this.writes.pieceAt(text, 0);
    return group === NONE || this.isPut(group) ? group : FIRST;
  }

  private isGet(call: number): boolean {
    return this.calls[call]?.f === 'get';
  }

  private isPut(group: number): boolean {
    return this.calls[this.heads[group] as number]?.f === 'put';
  }

  private lengthOf(group: number): number {
    return String(this.calls[this.heads[group] as number]?.input).length;
  }

  private textOf(get: number): string {
    return String(this.calls[get]?.output ?? '');
  }
}

function operationsOf(
  members: Int32Array,
  operations: readonly RecordedOperation[],
): RecordedOperation[] {
  const calls: RecordedOperation[] = [];
  for (const index of members) calls.push(operations[index] as RecordedOperation);
  return calls;
}

/** The group that a line has come to at a length; -1 if that is inside a piece. */
function groupAt({ lengths, groups }: Line, length: number): number {
  if (length === 0) return FIRST;
  let low = 0;
  let high = lengths.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((lengths[middle] as number) < length) low = middle + 1;
    else high = middle;
  }
  return lengths[low] === length ? (groups[low] as number) : NONE;
}
