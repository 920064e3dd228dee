import type { Part } from '../columns.ts';
import type { RecordedOperation } from '../operation.ts';
import { BlockOrder } from './block-order.ts';
import { Blocks, NONE } from './blocks.ts';
import { type PassResult, UNCLEAR } from './pass.ts';
import { RefusedGaps } from './refused.ts';
import { VersionGroups } from './version-groups.ts';

/**
 * Decides a znode by the versions that its answers carry: they say in what order the writes took
 * effect, and which of them each get follows.
 *
 * Unclear when an answer has no version, or when a cas failed at the last version that was seen
 * and a write without an answer may have been why.
 *
 * O(n), and the sorting of writes without an answer.
 */
export function passVersions(
  part: Part,
  operations: readonly RecordedOperation[],
  wantsOrder: boolean,
): PassResult {
  const groups = new VersionGroups(part);
  if (!groups.read(operations)) return UNCLEAR;
  const conflict = groups.join(operations);
  if (conflict !== null) return { verdict: 'violation', conflict };
  const blocks = new Blocks(part, groups);
  if (blocks.conflict !== null) return { verdict: 'violation', conflict: blocks.conflict };
  if (groups.refused.length === 0 && !wantsOrder) return { verdict: 'pass', order: null };
  const order = new BlockOrder(part, groups, blocks);
  const fitted = new RefusedGaps(part, groups.refused, order);
  if (fitted.misfit === NONE) {
    return { verdict: 'pass', order: wantsOrder ? fitted.merge(order, groups.refused) : null };
  }
  if (groups.spare > 0) return UNCLEAR;
  const refused = groups.refused[fitted.misfit]?.call as number;
  return { verdict: 'violation', conflict: { kind: 'refused', call: refused } };
}
