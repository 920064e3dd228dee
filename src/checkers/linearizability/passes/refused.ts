import type { Part } from '../columns.ts';
import type { BlockOrder } from './block-order.ts';
import { NONE } from './blocks.ts';

/** A call that was refused because something was not there: it found any other group. */
export interface Refused {
  readonly call: number;
  /** The group that it did not find. */
  readonly missed: number;
}

/**
 * Finds for each refused call a gap between two calls of an order where its own interval lies and
 * another group is there: the first gap that there is, so that others which began after it ended
 * find theirs. If one has none, no order with the groups in this sequence will do; what others that
 * come after it find says nothing then.
 *
 * O(n).
 */
export class RefusedGaps {
  /** For each refused call, how many calls of the order stand before it. */
  readonly gaps: Int32Array;
  /** The refused calls that have no gap, by their numbers. */
  readonly misfits: number[] = [];

  constructor(part: Part, refused: readonly Refused[], order: BlockOrder) {
    this.gaps = new Int32Array(refused.length);
    const latest = latestGaps(part, order);
    const numberOf = new Int32Array(part.count).fill(NONE);
    refused.forEach(({ call }, number) => {
      numberOf[call] = number;
    });
    let earliest = 0;
    for (const end of part.ends) {
      const call = end >> 1;
      const isReturn = (end & 1) === 1;
      const number = numberOf[call] as number;
      if (number < 0) {
        if (isReturn) earliest = Math.max(earliest, (order.placeOf[call] as number) + 1);
      } else if (isReturn) {
        earliest = Math.max(earliest, this.gaps[number] as number);
      } else {
        const { missed } = refused[number] as Refused;
        const gap = gapWithout(missed, earliest, order);
        const last = latest[part.returned[call] as number] as number;
        this.gaps[number] = Math.min(gap, last);
        if (gap > last) this.misfits.push(number);
      }
    }
  }

  /** The whole order. */
  merge(order: BlockOrder, refused: readonly Refused[]): Int32Array {
    const { gaps } = this;
    const merged = new Int32Array(order.calls.length + refused.length);
    const sorted = refused.map((_, number) => number);
    sorted.sort((a, b) => (gaps[a] as number) - (gaps[b] as number) || a - b);
    let next = 0;
    let at = 0;
    for (let gap = 0; gap <= order.calls.length; gap++) {
      for (; next < sorted.length && gaps[sorted[next] as number] === gap; next++) {
        merged[at++] = refused[sorted[next] as number]?.call as number;
      }
      if (gap < order.calls.length) merged[at++] = order.calls[gap] as number;
    }
    return merged;
  }
}

/** For each moment, how many calls of the order come before all those invoked after it. */
function latestGaps(part: Part, { calls, placeOf }: BlockOrder): Int32Array {
  const latest = new Int32Array(part.ends.length);
  let most = calls.length;
  for (let moment = latest.length - 1; moment >= 0; moment--) {
    latest[moment] = most;
    const end = part.ends[moment] as number;
    const place = placeOf[end >> 1] as number;
    if ((end & 1) === 0 && place >= 0 && place < most) most = place;
  }
  return latest;
}

/** The first gap from `earliest` on where another group is there. */
function gapWithout(group: number, earliest: number, { starts, ends }: BlockOrder): number {
  const start = starts[group] ?? NONE;
  const end = ends[group] ?? NONE;
  if (end === NONE) return earliest;
  // Group 0 is there before the first call; any other, behind its head.
  const isThere = earliest <= end && (group === 0 || earliest > start);
  return isThere ? end + 1 : earliest;
}
