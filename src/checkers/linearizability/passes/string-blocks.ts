import type { Part } from '../columns.ts';
import type { RecordedOperation } from '../operation.ts';
import { BlockOrder } from './block-order.ts';
import { Blocks } from './blocks.ts';
import { type PassResult, UNCLEAR } from './pass.ts';
import type { Scratch } from './scratch.ts';
import { StringGroups } from './string-groups.ts';

/**
 * Decides a string all of whose pieces are written once: each get shows the put that it follows and
 * all that was appended since, in order. Unclear when a piece is written twice, or begins with
 * another.
 *
 * O(n), and the length of the longest texts.
 */
export function passStrings(
  part: Part,
  operations: readonly RecordedOperation[],
  wantsOrder: boolean,
  scratch: Scratch,
): PassResult {
  const groups = new StringGroups(part, operations);
  if (!groups.readWrites()) return UNCLEAR;
  const conflict = groups.join();
  if (conflict !== null) return { verdict: 'violation', conflict };
  scratch.begin(Blocks.intsFor(groups.count, part.count));
  const blocks = new Blocks(part, groups, scratch);
  if (blocks.conflict !== null) return { verdict: 'violation', conflict: blocks.conflict };
  return { verdict: 'pass', order: wantsOrder ? new BlockOrder(part, groups, blocks).calls : null };
}
