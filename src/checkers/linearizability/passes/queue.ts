import type { Part } from '../columns.ts';
import type { RecordedOperation } from '../operation.ts';
import { NONE } from './blocks.ts';
import { chainOver } from './covered.ts';
import { Items } from './items.ts';
import { type Conflict, type PassResult, UNCLEAR } from './pass.ts';
import { type FreeMoment, queueOrder } from './queue-order.ts';

/**
 * Decides a queue whose values are put in once: a wrong history has one of a few wrong patterns, of
 * one or two items or one dequeue of nothing (Bouajjani, Emmi, Enea and Hamza, 2015).
 *
 * Of repeated values the items are guessed: an order of those is one of the history, but if there
 * is none it is unclear.
 *
 * O(n).
 */
export function passQueue(
  part: Part,
  operations: readonly RecordedOperation[],
  wantsOrder: boolean,
): PassResult {
  const items = new Items(part);
  if (!items.read(operations)) return UNCLEAR;
  const tooMany = items.match();
  if (tooMany !== null) return { verdict: 'violation', conflict: tooMany };
  const left = takeOutByLost(items);
  const found = items.findEarly() ?? findOvertaken(items, left) ?? findMoments(items, left);
  if (Array.isArray(found))
    return { verdict: 'pass', order: wantsOrder ? queueOrder(items, found) : null };
  return items.hasRepeats ? UNCLEAR : { verdict: 'violation', conflict: found };
}

/**
 * A dequeue without an answer may have taken out any one item that no other did. All that wait
 * before a moment at which they must be gone were certainly in by then; so the first to be
 * certainly in has the first such dequeue, and no other choice does better.
 *
 * @returns the items that no answer shows, in that order
 */
function takeOutByLost(items: Items): number[] {
  const left: number[] = [];
  for (const end of items.part.ends) {
    const call = end >> 1;
    if ((end & 1) === 0 || !items.isPutIn(call)) continue;
    const item = items.itemOf[call] as number;
    if (items.dequeues[item] !== NONE) continue;
    const dequeue = items.lost[left.length];
    if (dequeue !== undefined) items.pair(item, dequeue);
    left.push(item);
  }
  return left;
}

/** An item that was in before another and must have left after it. */
function findOvertaken(items: Items, left: readonly number[]): Conflict | null {
  let longest = NONE;
  let stays: number = NONE;
  for (const end of items.part.ends) {
    const call = end >> 1;
    if (!items.isPutIn(call)) continue;
    const item = items.itemOf[call] as number;
    if ((end & 1) === 0) {
      if (items.leavesBy(item) < stays) return overtaken(items, longest, item, left);
    } else if (items.leavesFrom(item) > stays) {
      longest = item;
      stays = items.leavesFrom(item);
    }
  }
  return null;
}

function overtaken(items: Items, first: number, second: number, left: readonly number[]): Conflict {
  const until = items.leavesBy(second);
  const calls = [...items.callsOf(second), ...callsTo(items, [first], until, left)];
  return { kind: 'overtaken', first: putInBy(items, first), second: putInBy(items, second), calls };
}

function putInBy(items: Items, item: number): number {
  return items.enqueues[item] as number;
}

/** A moment at which the queue may have been empty for each dequeue of nothing, or a conflict. */
function findMoments(items: Items, left: readonly number[]): FreeMoment[] | Conflict {
  const { empties, part } = items;
  const moments: FreeMoment[] = [];
  const isEmpty = new Uint8Array(part.count);
  for (const call of empties) isEmpty[call] = 1;
  let certain = 0;
  let moment = NONE;
  for (let place = 0; place < part.ends.length && moments.length < empties.length; place++) {
    const end = part.ends[place] as number;
    const call = end >> 1;
    const item = items.itemOf[call] as number;
    if (isEmpty[call] === 1 && (end & 1) === 1) {
      if (moment < (part.invoked[call] as number)) return covered(items, call, left);
      moments.push({ dequeue: call, moment });
    } else if (item !== NONE && items.hasCertainTime(item)) {
      if (place === items.entersBy(item)) certain++;
      else if (place === items.leavesFrom(item)) certain--;
    }
    if (certain === 0) moment = place;
  }
  return moments;
}

function covered(items: Items, dequeue: number, left: readonly number[]): Conflict {
  const from = items.part.invoked[dequeue] as number;
  const until = items.part.returned[dequeue] as number;
  const chain = chainOver(items, from, until, () => true);
  return { kind: 'covered', dequeue, calls: [dequeue, ...callsTo(items, chain, until, left)] };
}

/**
 * What shows that the items were in until a moment. If no answer shows what became of one, that is
 * all dequeues without an answer, and more such items than they may have taken out by then.
 */
function callsTo(
  items: Items,
  chosen: readonly number[],
  until: number,
  left: readonly number[],
): number[] {
  const { part } = items;
  const places = chosen.map((item) => left.indexOf(item)).filter((place) => place !== NONE);
  const shown = chosen.filter((item) => !left.includes(item));
  const calls = shown.flatMap((item) => items.callsOf(item));
  if (places.length === 0) return calls;
  const lost = items.lost.filter((call) => (part.invoked[call] as number) < until);
  const first = Math.max(0, Math.min(...places) - lost.length);
  const waiting = left.slice(first, Math.max(...places) + 1);
  return [...calls, ...waiting.map((item) => putInBy(items, item)), ...lost];
}
