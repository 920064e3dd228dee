import type { RecordedOperation } from '../checkers/linearizability/operation.ts';
import type { CheckedHistory } from './check.ts';

/** One operation, as a bar in its process's row. Lengths are in pixels. */
export interface Bar {
  readonly operation: RecordedOperation;
  readonly left: number;
  readonly width: number;
  /** Whether it is part of what is wrong, and whether it is what has no place in the order there. */
  readonly isConflict: boolean;
  readonly isStuck: boolean;
  /** Whether it never came to an end. */
  readonly isOpen: boolean;
}

export interface Row {
  readonly process: number;
  readonly bars: readonly Bar[];
}

/** A moment of the order that was found: when an operation took effect. */
export interface Moment {
  readonly operation: RecordedOperation;
  /** How-manieth in the order, from 1. */
  readonly number: number;
  readonly x: number;
  /** The row, from 0. */
  readonly row: number;
}

/** Something of the history that is not shown. */
export interface Break {
  readonly x: number;
  /** How many places of the history are passed over. */
  readonly places: number;
}

/** Where everything stands in the picture of a history. */
export interface Timeline {
  readonly rows: readonly Row[];
  readonly moments: readonly Moment[];
  readonly breaks: readonly Break[];
  readonly width: number;
  /** Whether there are several objects, so that each operation has to name its own. */
  readonly hasKeys: boolean;
  /** Operations that are not shown. */
  readonly leftOut: number;
}

/** A longer history is shown in part. */
const SHOWN_MAX = 300;
/** Between one end of an operation and the next. */
const STEP = 76;
const MARGIN = 12;
/** More places than this between two ends are a break. */
const BREAK_MIN = 12;
/** Between two moments that would be the same. */
const MOMENT_STEP = 4;

/** Lays out a history, or of a long one what stands around the conflict, or else its beginning. */
export function layOut({ history, consistency, result }: CheckedHistory): Timeline {
  const conflict = new Set(result.evidence?.operations ?? []);
  const shown = choose(history.operations, conflict, consistency === 'linearizable');
  const scale = new Scale(shown);
  const processes = [...new Set(shown.map(({ process }) => process))].sort((a, b) => a - b);
  const order = result.order ?? result.evidence?.longestOrder ?? [];
  const placed = new Set(order);
  const rows = processes.map((process) => ({
    process,
    bars: shown
      .filter((operation) => operation.process === process)
      .map((operation) => {
        const isConflict = conflict.has(operation);
        const isStuck = isConflict && operation.outcome !== 'info' && !placed.has(operation);
        return barOf(operation, scale, isConflict, isStuck);
      }),
  }));
  return {
    rows,
    moments: momentsOf(order, rows, consistency === 'linearizable'),
    breaks: scale.breaks,
    width: scale.width,
    hasKeys: new Set(shown.map(({ key }) => key)).size > 1,
    leftOut: history.operations.length - shown.length,
  };
}

/** In the order of their invocation. */
function choose(
  operations: readonly RecordedOperation[],
  conflict: ReadonlySet<RecordedOperation>,
  isByKey: boolean,
): RecordedOperation[] {
  if (operations.length <= SHOWN_MAX) return [...operations];
  if (conflict.size === 0) return operations.slice(0, SHOWN_MAX);
  const keys = new Set([...conflict].map(({ key }) => key));
  const ends = [...conflict].flatMap(({ invokedAt, returnedAt }) => [invokedAt, returnedAt]);
  const near = operations
    .filter(({ key }) => !isByKey || keys.has(key))
    .map((operation) => ({ operation, distance: distanceOf(operation, conflict, ends) }))
    .sort((a, b) => a.distance - b.distance)
    .slice(0, Math.max(SHOWN_MAX, conflict.size))
    .map(({ operation }) => operation);
  return near.sort((a, b) => a.invokedAt - b.invokedAt);
}

/** How far an operation begins from what is wrong. */
function distanceOf(
  operation: RecordedOperation,
  conflict: ReadonlySet<RecordedOperation>,
  ends: readonly number[],
): number {
  if (conflict.has(operation)) return -1;
  return Math.min(...ends.map((end) => Math.abs(end - operation.invokedAt)));
}

/** Gives each end of what is shown a place of its own, one step apart. */
class Scale {
  readonly width: number;
  readonly breaks: readonly Break[];
  private readonly xs = new Map<number, number>();

  constructor(operations: readonly RecordedOperation[]) {
    const places = operations
      .flatMap(({ invokedAt, returnedAt }) => [invokedAt, returnedAt])
      .filter((place) => place !== Number.POSITIVE_INFINITY)
      .sort((a, b) => a - b);
    const breaks: Break[] = [];
    let x = MARGIN;
    let last = places[0] ?? 0;
    for (const place of places) {
      if (place - last > BREAK_MIN) {
        breaks.push({ x: x + STEP / 2, places: place - last - 1 });
        x += STEP;
      }
      this.xs.set(place, x);
      x += STEP;
      last = place;
    }
    this.breaks = breaks;
    this.width = x + MARGIN;
  }

  /** What never comes to an end goes to the end of the picture. */
  xOf(place: number): number {
    return this.xs.get(place) ?? this.width;
  }
}

function barOf(
  operation: RecordedOperation,
  scale: Scale,
  isConflict: boolean,
  isStuck: boolean,
): Bar {
  const left = scale.xOf(operation.invokedAt);
  const isOpen = operation.returnedAt === Number.POSITIVE_INFINITY;
  const width = scale.xOf(operation.returnedAt) - left;
  return { operation, left, width, isConflict, isStuck, isOpen };
}

/**
 * When each operation took effect, as early as the order allows. An order that is not one of real
 * time goes through the middle of the bars.
 */
function momentsOf(
  order: readonly RecordedOperation[],
  rows: readonly Row[],
  isInTime: boolean,
): Moment[] {
  const bars = new Map<RecordedOperation, { readonly bar: Bar; readonly row: number }>();
  rows.forEach(({ bars: all }, row) => {
    for (const bar of all) bars.set(bar.operation, { bar, row });
  });
  const moments: Moment[] = [];
  let last = 0;
  order.forEach((operation, index) => {
    const found = bars.get(operation);
    if (found === undefined) return;
    const { left, width } = found.bar;
    const earliest = Math.max(left + MOMENT_STEP, last + MOMENT_STEP);
    const x = isInTime ? Math.max(last, Math.min(earliest, left + width)) : left + width / 2;
    last = x;
    moments.push({ operation, number: index + 1, x, row: found.row });
  });
  return moments;
}
