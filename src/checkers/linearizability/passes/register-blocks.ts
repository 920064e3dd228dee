import type { Part } from '../columns.ts';
import type { RecordedOperation } from '../operation.ts';
import { BlockOrder } from './block-order.ts';
import { Blocks } from './blocks.ts';
import { type PassResult, UNCLEAR } from './pass.ts';
import { RefusedGaps } from './refused.ts';
import { RegisterValues } from './register-values.ts';
import type { Scratch } from './scratch.ts';

/**
 * Decides a register all of whose values are written once: each read names the write that it
 * follows, and each cas that succeeded joins two values to one block.
 *
 * Unclear when a value is written twice, or a cas that failed does not fit into the order found.
 *
 * O(n).
 */
export function passRegister(
  part: Part,
  _operations: readonly RecordedOperation[],
  wantsOrder: boolean,
  scratch: Scratch,
): PassResult {
  const decoded = part.decoded();
  if (decoded === null) return UNCLEAR;
  const { valueCount } = decoded;
  const ints = RegisterValues.intsFor(valueCount, part.count);
  scratch.begin(ints + Blocks.intsFor(valueCount, part.count));
  const values = new RegisterValues(part, decoded, scratch);
  if (!values.read()) return UNCLEAR;
  const conflict = values.join();
  if (conflict !== null) return { verdict: 'violation', conflict };
  const blocks = new Blocks(part, values, scratch);
  if (blocks.conflict !== null) return { verdict: 'violation', conflict: blocks.conflict };
  if (values.refused.length === 0 && !wantsOrder) return { verdict: 'pass', order: null };
  const order = new BlockOrder(part, values, blocks);
  const fitted = new RefusedGaps(part, values.refused, order);
  if (fitted.misfits.length > 0) return UNCLEAR;
  return { verdict: 'pass', order: wantsOrder ? fitted.merge(order, values.refused) : null };
}
