import type { HistoryModel } from '../model.ts';
import type { RecordedOperation } from '../operation.ts';
import { isSame, textOf } from '../values.ts';
import { type Judged, returnOf } from './excerpts.ts';

/** Which of the judged operations has no place in the order, and what stands in its way. */
export function explain(
  { operations, model }: Judged,
  order: readonly RecordedOperation[],
): string[] {
  const placed = new Set(order);
  const left = operations.filter((operation) => !placed.has(operation));
  const answered = left.filter(({ outcome }) => outcome !== 'info');
  const stuck = answered.toSorted((a, b) => returnOf(a) - returnOf(b))[0];
  if (stuck === undefined) return [];
  const name = nameOf(stuck, model);
  if (order.length === 0) return [`${name} cannot come first, and nothing can come before it.`];
  const names = order.map((operation) => nameOf(operation, model));
  return [
    `${names.join(', then ')}: so far there is an order.`,
    `${name} has no place in it.`,
    ...obstacles(stuck, order, model),
  ];
}

function obstacles(
  stuck: RecordedOperation,
  order: readonly RecordedOperation[],
  model: HistoryModel<unknown>,
): string[] {
  const from = order.findLastIndex((other) => returnOf(other) < stuck.invokedAt) + 1;
  const later = order.findIndex((other) => returnOf(stuck) < other.invokedAt);
  const to = later < 0 ? order.length : later;
  const told: string[] = [];
  const before = order[from - 1];
  if (before !== undefined) {
    told.push(`It was asked for after the answer of ${nameOf(before, model)}, so it comes later.`);
  }
  const behind = order[to];
  if (behind !== undefined) {
    told.push(`Its answer was there before ${nameOf(behind, model)} was asked for.`);
  }
  let state: unknown = model.init;
  for (let place = 0; place <= to; place++) {
    if (place >= from) told.push(obstacleAt(place, state, stuck, order, model));
    const next = order[place];
    if (next !== undefined) state = model.step(state, next);
  }
  return told;
}

function obstacleAt(
  place: number,
  state: unknown,
  stuck: RecordedOperation,
  order: readonly RecordedOperation[],
  model: HistoryModel<unknown>,
): string {
  const last = order[place - 1];
  const where = last === undefined ? 'At the beginning' : `Behind ${nameOf(last, model)}`;
  let after = model.step(state, stuck);
  if (after === null) return `${where} it cannot end as it did.`;
  for (const next of order.slice(place)) {
    after = model.step(after, next);
    if (after === null)
      return `${where} it would keep ${nameOf(next, model)} from ending as it did.`;
  }
  return `${where} it would leave no place for the others.`;
}

/** `read → 3 of process 1 (lines 4 to 9)`. */
function nameOf(operation: RecordedOperation, model: HistoryModel<unknown>): string {
  const { process, invokedAt } = operation;
  const end = returnOf(operation);
  const lines =
    end === Number.POSITIVE_INFINITY ? `from ${invokedAt} on` : `${invokedAt} to ${end}`;
  return `${model.describe?.(operation) ?? textFor(operation)} of process ${process} (${lines})`;
}

function textFor({ f, input, output, outcome, version }: RecordedOperation): string {
  const asked = input === null || input === undefined ? f : `${f} ${textOf(input)}`;
  if (outcome === 'info') return `${asked} without an answer`;
  if (outcome === 'fail') return `${asked}, which failed,`;
  // Some histories repeat the argument as the answer to a write.
  const isBare = input !== null && (output === null || isSame(input, output));
  const shown = isBare ? '' : ` → ${textOf(output)}`;
  return `${asked}${shown}${version === undefined ? '' : ` at version ${version}`}`;
}
