import type { Part } from '../columns.ts';
import type { RecordedOperation } from '../operation.ts';
import { BlockOrder } from './block-order.ts';
import { Blocks, NONE } from './blocks.ts';
import { type Conflict, type PassResult, UNCLEAR } from './pass.ts';
import { type Refused, RefusedGaps } from './refused.ts';
import type { Scratch } from './scratch.ts';
import { VersionGroups } from './version-groups.ts';

/**
 * Decides a znode by the versions that its answers carry: they say in what order the writes took
 * effect, and which of them each get follows.
 *
 * A cas that failed though its version seems to have been there shows that the next one had come, by
 * a write without an answer. So it is tried again with that, and unclear if that does not help.
 *
 * O(n) for each time, and the sorting of writes without an answer.
 */
export function passVersions(
  part: Part,
  operations: readonly RecordedOperation[],
  wantsOrder: boolean,
  scratch: Scratch,
): PassResult {
  const suggestions = new Suggestions(part);
  for (let round = 0; round < ROUNDS_MAX; round++) {
    const result = tryVersions(part, operations, wantsOrder, suggestions, scratch);
    if (result !== null) return result;
  }
  return UNCLEAR;
}

const ROUNDS_MAX = 10;

/** @returns `null` if there are new suggestions */
function tryVersions(
  part: Part,
  operations: readonly RecordedOperation[],
  wantsOrder: boolean,
  suggestions: Suggestions,
  scratch: Scratch,
): PassResult | null {
  const groups = new VersionGroups(part, suggestions.calls);
  if (!groups.read(operations)) return UNCLEAR;
  const conflict = groups.join();
  if (conflict !== null) return suggestions.wrong(conflict);
  scratch.begin(Blocks.intsFor(groups.count, part.count));
  const blocks = new Blocks(part, groups, scratch);
  if (blocks.conflict !== null) return suggestions.wrong(blocks.conflict);
  if (groups.refused.length === 0 && !wantsOrder) return { verdict: 'pass', order: null };
  const order = new BlockOrder(part, groups, blocks);
  const fitted = new RefusedGaps(part, groups.refused, order);
  const misfits = fitted.misfits.map((number) => groups.refused[number] as Refused);
  const [first] = misfits;
  if (first === undefined) {
    return { verdict: 'pass', order: wantsOrder ? fitted.merge(order, groups.refused) : null };
  }
  if (groups.hasLost && suggestions.take(misfits, groups.groupOf)) return null;
  return suggestions.wrong({ kind: 'refused', call: first.call });
}

/** What the refused calls tell of versions that had come. */
class Suggestions {
  /** By versions, the first to return of the refused calls before whose return they had come. */
  readonly calls = new Map<number, number>();
  private readonly part: Part;
  /** Whether there is no other way: then what does not fit is wrong. */
  private areCertain = true;

  constructor(part: Part) {
    this.part = part;
  }

  /** @returns whether there are new ones among them */
  take(refused: readonly Refused[], groupOf: Int32Array): boolean {
    let isNew = false;
    const known = this.knownBefore(groupOf);
    for (const { call, missed } of refused) {
      const other = this.calls.get(missed + 1);
      if (other !== undefined && this.returned(other) <= this.returned(call)) continue;
      this.calls.set(missed + 1, call);
      // Before its version came, it would have failed as well.
      if ((known[this.part.invoked[call] as number] as number) < missed) this.areCertain = false;
      isNew = true;
    }
    return isNew;
  }

  wrong(conflict: Conflict): PassResult {
    return this.areCertain ? { verdict: 'violation', conflict } : UNCLEAR;
  }

  /** For each moment, the highest version that an answer had told of. */
  private knownBefore(groupOf: Int32Array): Int32Array {
    const { ends } = this.part;
    const known = new Int32Array(ends.length);
    let highest = 0;
    ends.forEach((end, place) => {
      const version = groupOf[end >> 1] as number;
      if ((end & 1) === 1 && version !== NONE && version > highest) highest = version;
      known[place] = highest;
    });
    return known;
  }

  private returned(call: number): number {
    return this.part.returned[call] as number;
  }
}
