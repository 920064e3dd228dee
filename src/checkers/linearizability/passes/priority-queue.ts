import type { Part } from '../columns.ts';
import type { RecordedOperation } from '../operation.ts';
import { pairOf } from '../values.ts';
import { NONE } from './blocks.ts';
import { chainOver } from './covered.ts';
import { Items } from './items.ts';
import { type Conflict, type PassResult, UNCLEAR } from './pass.ts';
import { deadlinesOf, priorityOrder } from './priority-order.ts';
import { Ranks } from './ranks.ts';
import { Slack } from './slack.ts';
import { Uncovered } from './uncovered.ts';

/**
 * Decides a queue by priority whose values are put in once: each dequeue needs a moment at which
 * nothing more urgent is in for certain, and then all find theirs. So the items are looked at from
 * the most urgent down, and what found nothing at last.
 *
 * A dequeue without an answer may have taken out what nobody else did. At each moment of a dequeue
 * there must have been as many as there were more urgent items; that is needed, but all dequeues
 * together may need more: then it is unclear. So it is for repeated values, as in a plain queue.
 *
 * O(n log n).
 */
export function passPriorityQueue(
  part: Part,
  operations: readonly RecordedOperation[],
  wantsOrder: boolean,
): PassResult {
  const items = new Items(part);
  if (!items.read(operations, (input) => pairOf(input)[0])) return UNCLEAR;
  const tooMany = items.match();
  if (tooMany !== null) return { verdict: 'violation', conflict: tooMany };
  const ranks = new Ranks(items, operations);
  if (!ranks.areNumbers) return UNCLEAR;
  const found = items.findEarly() ?? findMoments(items, ranks);
  if (!(found instanceof Int32Array))
    return items.hasRepeats ? UNCLEAR : { verdict: 'violation', conflict: found };
  const deadlines = deadlinesOf(items, ranks, found);
  if (deadlines === null) return UNCLEAR;
  const order = wantsOrder ? priorityOrder(items, ranks, found, deadlines) : null;
  return { verdict: 'pass', order };
}

/** For each dequeue the first moment that it may have had, by the end of a call just before. */
function findMoments(items: Items, ranks: Ranks): Int32Array | Conflict {
  const { part } = items;
  const moments = new Int32Array(part.count).fill(NONE);
  const slack =
    items.lost.length === 0 ? new Uncovered(part.ends.length) : new Slack(lostUntil(items));
  let next = 0;
  for (let rank = 0; rank < ranks.count; rank++) {
    const first = next;
    for (; ranks.rankOf[ranks.sorted[next] ?? NONE] === rank; next++) {
      const item = ranks.sorted[next] as number;
      const dequeue = items.dequeues[item] as number;
      if (dequeue === NONE) continue;
      const from = Math.max(items.leavesFrom(item), items.entersFrom(item));
      const moment = slack.firstFree(from, items.leavesBy(item));
      if (moment === NONE) return covered(items, ranks, dequeue, rank, from);
      moments[dequeue] = moment;
    }
    for (const item of ranks.sorted.subarray(first, next)) lower(slack, items, item);
  }
  for (const dequeue of items.empties) {
    const from = part.invoked[dequeue] as number;
    const moment = slack.firstFree(from, part.returned[dequeue] as number);
    if (moment === NONE) return covered(items, ranks, dequeue, ranks.count, from);
    moments[dequeue] = moment;
  }
  return moments;
}

/** After each end of a call, how many dequeues without an answer had been invoked. */
function lostUntil({ part, lost }: Items): Int32Array {
  const counts = new Int32Array(part.ends.length);
  for (const call of lost) counts[part.invoked[call] as number] = 1;
  for (let place = 1; place < counts.length; place++)
    counts[place] = (counts[place] as number) + (counts[place - 1] as number);
  return counts;
}

/** Takes the time in which an item was certainly in, or one of the dequeues that may have taken it. */
function lower(slack: Slack | Uncovered, items: Items, item: number): void {
  const isShown = items.dequeues[item] !== NONE;
  const until = Math.min(items.leavesFrom(item), items.part.ends.length);
  slack.lower(items.entersBy(item), until, isShown ? items.lost.length + 1 : 1);
}

function covered(
  items: Items,
  ranks: Ranks,
  dequeue: number,
  rank: number,
  from: number,
): Conflict {
  const { part, itemOf } = items;
  const until = part.returned[dequeue] as number;
  const isUrgent = (item: number): boolean => (ranks.rankOf[item] as number) < rank;
  const lost = items.lost.filter((call) => (part.invoked[call] as number) < until);
  const chain =
    lost.length === 0
      ? chainOver(items, from, until, isUrgent)
      : ranks.sorted.filter(
          (item) => isUrgent(item) && items.entersBy(item) < until && items.leavesFrom(item) > from,
        );
  const own = itemOf[dequeue] === NONE ? [dequeue] : items.callsOf(itemOf[dequeue] as number);
  const others = Array.from(chain).flatMap((item) => items.callsOf(item));
  return { kind: 'covered', dequeue, calls: [...own, ...others, ...lost] };
}
