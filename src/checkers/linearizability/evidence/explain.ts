import type { RecordedOperation } from '../operation.ts';
import { asSentence, nameAnswered, showValue } from '../phrases.ts';
import { type Judged, returnOf } from './excerpts.ts';
import type { LongestOrder } from './longest-order.ts';

/** A longer order is told by its beginning and its end. */
const TOLD_MAX = 6;
/** Of more places those in the middle are passed over. */
const PLACES_MAX = 6;

/**
 * Which operation has no place in the order of the others, and what stands in its way.
 *
 * @param originals the operations as they are in the history, by their invocations
 */
export function explain(
  judged: Judged,
  found: LongestOrder,
  originals: ReadonlyMap<number, RecordedOperation>,
): string[] {
  return new Explanation(judged, found, originals).sentences();
}

class Explanation {
  private readonly judged: Judged;
  private readonly found: LongestOrder;
  private readonly originals: ReadonlyMap<number, RecordedOperation>;
  /** The states before the first of the order, and behind each of them. */
  private readonly states: readonly unknown[];

  constructor(
    judged: Judged,
    found: LongestOrder,
    originals: ReadonlyMap<number, RecordedOperation>,
  ) {
    this.judged = judged;
    this.found = found;
    this.originals = originals;
    const states: unknown[] = [judged.model.init];
    for (const operation of found.order) states.push(judged.model.step(states.at(-1), operation));
    this.states = states;
  }

  sentences(): string[] {
    const { order, stuck, isAllOthers, isOnly } = this.found;
    const told = [asSentence(`${this.name(stuck)} has no place in any order`)];
    if (order.length > 0) {
      const what = isAllOthers ? 'Without it there is one' : `The longest has ${order.length}`;
      told.push(`${what}: ${this.list()}.`);
    }
    told.push(...this.bounds(), ...this.obstacles());
    if (!isAllOthers) told.push('No other order that was tried has more of them.');
    else if (!isOnly) told.push('Every other order of the others has something in its way too.');
    return told;
  }

  private list(): string {
    const { order } = this.found;
    const names = order.map((operation) => this.name(operation));
    if (names.length <= TOLD_MAX) return names.join(', then ');
    const begin = names.slice(0, TOLD_MAX / 2);
    const end = names.slice(-TOLD_MAX / 2);
    const passed = `then ${names.length - begin.length - end.length} more`;
    return [...begin, passed, ...end].join(', ');
  }

  /** The first place in the order that real time leaves to the stuck one, and the last. */
  private get places(): { from: number; to: number } {
    const { order, stuck } = this.found;
    const from = order.findLastIndex((other) => returnOf(other) < stuck.invokedAt) + 1;
    const later = order.findIndex((other) => returnOf(stuck) < other.invokedAt);
    return { from, to: later < 0 ? order.length : later };
  }

  private bounds(): string[] {
    const { order } = this.found;
    const { from, to } = this.places;
    const [before, behind] = [order[from - 1], order[to]];
    const told: string[] = [];
    if (before !== undefined) {
      told.push(`It began after the end of ${this.name(before)}, so it comes behind that.`);
    }
    if (behind !== undefined) {
      told.push(`It ended before the beginning of ${this.name(behind)}, so it comes before that.`);
    }
    return told;
  }

  private obstacles(): string[] {
    const { from, to } = this.places;
    const told: string[] = [];
    for (let place = from; place <= to; place++) {
      const isFirst = place < from + PLACES_MAX / 2;
      if (isFirst || place > to - PLACES_MAX / 2) told.push(this.obstacleAt(place));
      else if (place === from + PLACES_MAX / 2) told.push('So it is at the places that follow.');
    }
    return told;
  }

  private obstacleAt(place: number): string {
    const { order, stuck } = this.found;
    const { model } = this.judged;
    const last = order[place - 1];
    const where = last === undefined ? 'At the beginning' : `Behind ${this.name(last)}`;
    let after = model.step(this.states[place], stuck);
    if (after === null) {
      return `${where} ${this.describe(this.states[place])}, so it cannot have ended as it did.`;
    }
    for (const next of order.slice(place)) {
      const before = after;
      after = model.step(before, next);
      if (after === null) {
        return `${where} it would keep ${this.name(next)} from ending as it did: by then ${this.describe(before)}.`;
      }
    }
    return `${where} it would leave no place for the others.`;
  }

  private describe(state: unknown): string {
    const { model } = this.judged;
    return model.describeState?.(state) ?? `the state is ${showValue(state)}`;
  }

  /** In its own words, whatever it is judged as. */
  private name(operation: RecordedOperation): string {
    const { model } = this.judged;
    const original = this.originals.get(operation.invokedAt) ?? operation;
    return nameAnswered(original, model.describe?.bind(model));
  }
}
