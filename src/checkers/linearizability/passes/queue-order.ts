import { NEVER } from '../columns.ts';
import { NONE } from './blocks.ts';
import type { Items } from './items.ts';

/** A dequeue of nothing, and the end of a call after which it takes place. */
export interface FreeMoment {
  readonly dequeue: number;
  readonly moment: number;
}

/** A legal order of the calls of a queue that has none of the wrong patterns. */
export function queueOrder(items: Items, moments: readonly FreeMoment[]): Int32Array {
  const stays = staysOf(orderOf(livesOf(items, moments)), moments);
  const calls: number[] = [];
  let left = 0;
  let empties = 0;
  const leaveUntil = (time: number, entered: number): void => {
    for (; left < entered; left++) {
      const { item, leavesAt } = stays[left] as Stay;
      const dequeue = items.dequeues[item] as number;
      if (leavesAt > time) return;
      if (dequeue !== NONE) calls.push(dequeue);
    }
  };
  stays.forEach(({ item, entersAt, isAfter }, entered) => {
    leaveUntil(entersAt, entered);
    for (; empties < isAfter; empties++) calls.push((moments[empties] as FreeMoment).dequeue);
    calls.push(items.enqueues[item] as number);
  });
  leaveUntil(NEVER, stays.length);
  for (const { dequeue } of moments.slice(empties)) calls.push(dequeue);
  return Int32Array.from(calls);
}

/** When an item can enter and leave; first and last moments, by the end of a call just before. */
interface Life {
  readonly item: number;
  readonly entersFrom: number;
  readonly entersUntil: number;
  readonly leavesFrom: number;
  readonly leavesUntil: number;
}

/** Behind all that leaves. */
const STAYS = NEVER + 1;

/** The items that were in, each either wholly before or wholly after each moment with nothing in. */
function livesOf(items: Items, moments: readonly FreeMoment[]): Life[] {
  const lives: Life[] = [];
  for (let item = 0; item < items.count; item++) {
    const isLeft = items.dequeues[item] !== NONE;
    const entersBy = items.entersBy(item);
    if (!isLeft && entersBy === NEVER) continue;
    const leavesFrom = items.leavesFrom(item);
    const next = moments[firstFrom(moments, entersBy)]?.moment ?? NEVER;
    const before = moments[firstFrom(moments, leavesFrom) - 1]?.moment ?? NONE;
    const leavesUntil = isLeft ? Math.min(items.leavesBy(item) - 1, next) : STAYS;
    const entersFrom = Math.max(items.entersFrom(item), before);
    lives.push({
      item,
      entersFrom,
      entersUntil: Math.min(entersBy - 1, leavesUntil),
      leavesFrom: Math.max(leavesFrom, entersFrom),
      leavesUntil,
    });
  }
  return lives;
}

/** The first that is not before a place. */
function firstFrom(moments: readonly FreeMoment[], place: number): number {
  let low = 0;
  let high = moments.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((moments[middle]?.moment ?? NEVER) < place) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** First in, first out: each time one that none of the rest must come before, at either end. */
function orderOf(lives: readonly Life[]): Life[] {
  const ends = [
    new QueueEnd(
      lives,
      ({ entersFrom }) => entersFrom,
      ({ entersUntil }) => entersUntil,
    ),
    new QueueEnd(
      lives,
      ({ leavesFrom }) => leavesFrom,
      ({ leavesUntil }) => leavesUntil,
    ),
  ];
  const ordered: Life[] = [];
  const placed = new Set<Life>();
  const freeAtOneEnd = new Set<Life>();
  const ready: Life[] = [];
  for (;;) {
    for (const life of ends.flatMap((end) => end.freed(placed))) {
      if (freeAtOneEnd.has(life)) ready.push(life);
      else freeAtOneEnd.add(life);
    }
    const next = ready.pop();
    if (next === undefined) return ordered;
    placed.add(next);
    ordered.push(next);
  }
}

/** Where items pass one by one, each from a moment and until another. */
class QueueEnd {
  private readonly from: (life: Life) => number;
  private readonly until: (life: Life) => number;
  private readonly byFirst: readonly Life[];
  private readonly byLast: readonly Life[];
  private nextFreed = 0;
  private nextLast = 0;

  constructor(lives: readonly Life[], from: (life: Life) => number, until: (life: Life) => number) {
    this.from = from;
    this.until = until;
    this.byFirst = lives.toSorted((a, b) => from(a) - from(b));
    this.byLast = lives.toSorted((a, b) => until(a) - until(b));
  }

  /** Those that none must pass before any more but the placed, each told once. */
  freed(placed: ReadonlySet<Life>): Life[] {
    const { byFirst, byLast, from, until } = this;
    let last = byLast[this.nextLast];
    for (; last !== undefined && placed.has(last); last = byLast[this.nextLast]) this.nextLast++;
    const found: Life[] = [];
    if (last === undefined) return found;
    let first = byFirst[this.nextFreed];
    for (; first !== undefined && from(first) <= until(last); first = byFirst[this.nextFreed]) {
      found.push(first);
      this.nextFreed++;
    }
    return found;
  }
}

/** A queue's item that passes in and out as soon as it can, and how many empty moments before. */
interface Stay {
  readonly item: number;
  readonly entersAt: number;
  readonly leavesAt: number;
  readonly isAfter: number;
}

function staysOf(ordered: readonly Life[], moments: readonly FreeMoment[]): Stay[] {
  let entersAt = 0;
  let leavesAt = 0;
  let isAfter = 0;
  return ordered.map(({ item, entersFrom, leavesFrom }): Stay => {
    entersAt = Math.max(entersAt, entersFrom);
    leavesAt = Math.max(leavesAt, entersAt, leavesFrom);
    for (let next = moments[isAfter]; next !== undefined && next.moment < leavesAt; ) {
      entersAt = Math.max(entersAt, next.moment);
      next = moments[++isAfter];
    }
    return { item, entersAt, leavesAt, isAfter };
  });
}
