import { NEVER } from '../columns.ts';
import { NONE } from './blocks.ts';
import type { Items } from './items.ts';
import type { Ranks } from './ranks.ts';

/**
 * For each item that no answer shows, the first moment of a dequeue that it must have left before;
 * {@link NEVER} if there is none.
 *
 * @param moments of each dequeue with an answer, by calls
 * @returns `null` if there are not enough dequeues without an answer to take them all out
 */
export function deadlinesOf(items: Items, ranks: Ranks, moments: Int32Array): Int32Array | null {
  const { part, dequeues } = items;
  const deadlines = new Int32Array(items.count).fill(NEVER);
  if (items.lost.length === 0) return deadlines;
  const later = new LaterMoments(moments, part.ends.length);
  let next = 0;
  for (const item of ranks.sorted) {
    // Those as urgent as the item do not want it to be gone.
    for (; isAsUrgent(ranks, next, item); next++) {
      const dequeue = dequeues[ranks.sorted[next] as number] as number;
      if (dequeue !== NONE) later.remove(moments[dequeue] as number);
    }
    if (dequeues[item] === NONE) deadlines[item] = later.next(items.entersBy(item));
  }
  return areMet(items, deadlines) ? deadlines : null;
}

function isAsUrgent({ sorted, rankOf }: Ranks, index: number, item: number): boolean {
  const other = sorted[index];
  return other !== undefined && (rankOf[other] as number) <= (rankOf[item] as number);
}

function areMet({ part, lost }: Items, deadlines: Int32Array): boolean {
  const finite = deadlines.filter((deadline) => deadline !== NEVER).sort();
  return finite.every((deadline, index) => {
    const call = lost[index];
    return call !== undefined && (part.invoked[call] as number) <= deadline;
  });
}

/** Moments of dequeues that are taken away one by one, and the first of the rest from a place on. */
class LaterMoments {
  /** How many there are at each place. */
  private readonly counts: Int32Array;
  /** For each place one not behind the first that is left. */
  private readonly skips: Int32Array;

  constructor(moments: Int32Array, places: number) {
    this.counts = new Int32Array(places);
    for (const moment of moments)
      if (moment !== NONE) this.counts[moment] = (this.counts[moment] as number) + 1;
    this.skips = Int32Array.from({ length: places }, (_, place) => place);
  }

  remove(moment: number): void {
    this.counts[moment] = (this.counts[moment] as number) - 1;
  }

  next(from: number): number {
    const { counts, skips } = this;
    let place = from;
    while (place < counts.length && counts[place] === 0) {
      const skip = skips[place] as number;
      place = skip === place ? place + 1 : skip;
    }
    // What was passed is passed at once from now on.
    for (let passed = from; passed < place && passed < counts.length; ) {
      const skip = skips[passed] as number;
      skips[passed] = place;
      passed = skip === passed ? passed + 1 : skip;
    }
    return place < counts.length ? place : NEVER;
  }
}

/** Where a call stands: after which end of a call, and at one moment by rank. */
interface Placed {
  readonly call: number;
  readonly moment: number;
  readonly rank: number;
}

/** Each item leaves as early as it may, and enters as late. */
export function priorityOrder(
  items: Items,
  ranks: Ranks,
  moments: Int32Array,
  deadlines: Int32Array,
): Int32Array {
  const { enqueues, dequeues } = items;
  const dequeueOf = dequeues.slice();
  lendLost(items, deadlines, dequeueOf);
  const placed: Placed[] = items.empties.map((call) => {
    return { call, moment: moments[call] as number, rank: ranks.count };
  });
  for (let item = 0; item < items.count; item++) {
    const dequeue = dequeueOf[item] as number;
    const entersBy = items.entersBy(item);
    if (dequeue === NONE && entersBy === NEVER) continue;
    const isShown = dequeues[item] !== NONE;
    const leaves = isShown ? (moments[dequeue] as number) : (deadlines[item] as number);
    const enters = Math.min(entersBy - 1, leaves);
    const rank = ranks.rankOf[item] as number;
    const entersAs = enters === leaves ? rank : ranks.count + 1;
    placed.push({ call: enqueues[item] as number, moment: enters, rank: entersAs });
    if (dequeue !== NONE) placed.push({ call: dequeue, moment: leaves, rank });
  }
  placed.sort((a, b) => a.moment - b.moment || a.rank - b.rank);
  return Int32Array.from(placed, ({ call }) => call);
}

function lendLost({ lost }: Items, deadlines: Int32Array, dequeueOf: Int32Array): void {
  const due: number[] = [];
  deadlines.forEach((deadline, item) => {
    if (deadline !== NEVER) due.push(item);
  });
  due.sort((a, b) => (deadlines[a] as number) - (deadlines[b] as number));
  due.forEach((item, index) => {
    dequeueOf[item] = lost[index] as number;
  });
}
