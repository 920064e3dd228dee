import type { HistoryModel } from '../model.ts';
import type { RecordedOperation } from '../operation.ts';
import { pairOf, textOf } from '../values.ts';

const OPERATIONS = { enqueue: {}, dequeue: {} } as const;

/** The texts of what is in it, the first to leave first. */
export type QueueState = readonly string[];

/** First in, first out. `dequeue` answers `null` when it was empty. */
export const QUEUE: HistoryModel<QueueState> = {
  name: 'queue',
  init: [],
  operations: OPERATIONS,
  step(state, { f, input, output, outcome }) {
    if (f === 'enqueue') return [...state, textOf(input)];
    const first = state[0];
    if (outcome === 'ok' && textOf(output) !== (first ?? 'null')) return null;
    return first === undefined ? state : state.slice(1);
  },
  mentions: (operation) => (operation.f === 'enqueue' ? [operation.input] : taken(operation)),
  takes: ({ f }) => f === 'dequeue',
  describeState: describeContents,
  shape: 'queue',
};

function describeContents(texts: readonly string[]): string {
  const [first] = texts;
  if (first === undefined) return 'it is empty';
  return texts.length === 1
    ? `${first} is in it`
    : `${first} is the first of ${texts.length} in it`;
}

interface Item {
  readonly priority: number;
  readonly text: string;
}

/** What may be in it, the most urgent first: several where a dequeue without an answer took one. */
export type PriorityQueueState = readonly (readonly Item[])[];

/**
 * `enqueue` of `[value, priority]`; `dequeue` answers any of the values with the lowest number for
 * a priority, or `null` when it was empty.
 */
export const PRIORITY_QUEUE: HistoryModel<PriorityQueueState> = {
  name: 'priority-queue',
  init: [[]],
  operations: OPERATIONS,
  step(state, operation) {
    const after = state.flatMap((items) => next(items, operation));
    return after.length === 0 ? null : distinct(after);
  },
  mentions(operation) {
    return operation.f === 'enqueue' ? [pairOf(operation.input)[0]] : taken(operation);
  },
  takes: ({ f }) => f === 'dequeue',
  describeState(state) {
    const [items = []] = state;
    const urgent = items.filter(({ priority }) => priority === items[0]?.priority);
    if (state.length > 1) return 'what is in it depends on what was taken without an answer';
    if (urgent.length < 2) return describeContents(items.map(({ text }) => text));
    return `${urgent.map(({ text }) => text).join(' and ')} are the most urgent in it`;
  },
  shape: 'priority-queue',
};

/** What a dequeue without an answer took may be anything. */
function taken({ output, outcome }: RecordedOperation): readonly unknown[] | null {
  if (outcome === 'info') return null;
  return output === null || output === undefined ? [] : [output];
}

function next(
  items: readonly Item[],
  { f, input, output, outcome }: RecordedOperation,
): (readonly Item[])[] {
  if (f === 'enqueue') {
    const [value, priority] = pairOf(input);
    return [insert(items, { priority: Number(priority), text: textOf(value) })];
  }
  const first = items[0]?.priority;
  if (first === undefined) return outcome === 'info' || textOf(output) === 'null' ? [items] : [];
  const text = outcome === 'info' ? null : textOf(output);
  return items.flatMap((item, index) => {
    const mayLeave = item.priority === first && (text === null || text === item.text);
    return mayLeave ? [items.toSpliced(index, 1)] : [];
  });
}

function insert(items: readonly Item[], item: Item): readonly Item[] {
  const place = items.findIndex(({ priority, text }) => {
    return priority > item.priority || (priority === item.priority && text > item.text);
  });
  return items.toSpliced(place < 0 ? items.length : place, 0, item);
}

function distinct(contents: readonly (readonly Item[])[]): PriorityQueueState {
  if (contents.length === 1) return contents;
  const byText = new Map(contents.map((items) => [textOf(items), items]));
  return [...byText].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, items]) => items);
}
