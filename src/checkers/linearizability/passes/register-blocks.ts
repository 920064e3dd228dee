import type { Part } from '../columns.ts';
import type { RecordedOperation } from '../operation.ts';
import { BlockOrder } from './block-order.ts';
import { Blocks, NONE } from './blocks.ts';
import { type PassResult, UNCLEAR } from './pass.ts';
import { RegisterValues } from './register-values.ts';

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
  operations: readonly RecordedOperation[],
  wantsOrder: boolean,
): PassResult {
  const values = new RegisterValues(part);
  if (!values.read(operations)) return UNCLEAR;
  const conflict = values.join();
  if (conflict !== null) return { verdict: 'violation', conflict };
  const blocks = new Blocks(part, values);
  if (blocks.conflict !== null) return { verdict: 'violation', conflict: blocks.conflict };
  if (values.refused.length === 0 && !wantsOrder) return { verdict: 'pass', order: null };
  const order = new BlockOrder(part, values, blocks);
  const gaps = gapsOfRefused(part, values, order);
  if (gaps === null) return UNCLEAR;
  return { verdict: 'pass', order: wantsOrder ? merge(order, values.refused, gaps) : null };
}

/**
 * Finds for each cas that failed a gap between two calls of an order where its own interval lies
 * and the value is not the one that it expected: the first one that there is, so that others which
 * began after it ended find theirs.
 *
 * @returns for each how many calls of the order stand before it; `null` if one has no gap
 */
function gapsOfRefused(
  part: Part,
  { refused, unwanted }: RegisterValues,
  order: BlockOrder,
): Int32Array | null {
  const gaps = new Int32Array(refused.length);
  const latest = latestGaps(part, order);
  /** By its own place among the members, which refused call it is. */
  const refusedAt = new Int32Array(part.count).fill(NONE);
  refused.forEach((call, index) => {
    refusedAt[call] = index;
  });
  let earliest = 0;
  for (const end of part.ends) {
    const call = end >> 1;
    const isReturn = (end & 1) === 1;
    const index = refusedAt[call] as number;
    if (index < 0) {
      const after = (order.placeOf[call] as number) + 1;
      if (isReturn && after > earliest) earliest = after;
    } else if (isReturn) {
      earliest = Math.max(earliest, gaps[index] as number);
    } else {
      const gap = gapWithout(unwanted[index] as number, earliest, order);
      if (gap > (latest[part.returned[call] as number] as number)) return null;
      gaps[index] = gap;
    }
  }
  return gaps;
}

/** For each place in time, how many calls of the order come before all those invoked after it. */
function latestGaps(part: Part, { calls, placeOf }: BlockOrder): Int32Array {
  const latest = new Int32Array(part.ends.length);
  let most = calls.length;
  for (let place = latest.length - 1; place >= 0; place--) {
    latest[place] = most;
    const end = part.ends[place] as number;
    const own = placeOf[end >> 1] as number;
    if ((end & 1) === 0 && own >= 0) most = Math.min(most, own);
  }
  return latest;
}

/** The first gap from `earliest` on in which the value is another. */
function gapWithout(group: number, earliest: number, { starts, ends }: BlockOrder): number {
  const start = starts[group] as number;
  const end = ends[group] as number;
  if (end === NONE) return earliest;
  const isFound = group === 0 ? earliest <= end : earliest > start && earliest <= end;
  return isFound ? end + 1 : earliest;
}

function merge(order: BlockOrder, refused: readonly number[], gaps: Int32Array): Int32Array {
  const merged = new Int32Array(order.calls.length + refused.length);
  const byGap = refused.map((_, index) => index);
  byGap.sort((a, b) => (gaps[a] as number) - (gaps[b] as number) || a - b);
  let next = 0;
  let at = 0;
  for (let gap = 0; gap <= order.calls.length; gap++) {
    for (; gaps[byGap[next] ?? NONE] === gap; next++)
      merged[at++] = refused[byGap[next] as number] as number;
    if (gap < order.calls.length) merged[at++] = order.calls[gap] as number;
  }
  return merged;
}
