import type { HistoryModel } from '../../../src/checkers/linearizability/model.ts';
import type { RecordedOperation } from '../../../src/checkers/linearizability/operation.ts';

/** Tries every order of a few operations, with one state for each part. */
export function isLinearizable(
  operations: readonly RecordedOperation[],
  model: HistoryModel<unknown>,
): boolean {
  const telling = operations.filter(({ outcome, f }) => {
    return outcome !== 'fail' || model.operations?.[f]?.tellsWhenRefused === true;
  });
  return canFinish(telling, model, new Map());
}

type PartStates = ReadonlyMap<unknown, unknown>;

function canFinish(
  left: readonly RecordedOperation[],
  model: HistoryModel<unknown>,
  states: PartStates,
): boolean {
  if (left.every(({ outcome }) => outcome === 'info')) return true;
  return left.some((operation) => {
    const others = left.filter((other) => other !== operation);
    const isTooEarly = others.some(({ outcome, returnedAt }) => {
      return outcome !== 'info' && returnedAt < operation.invokedAt;
    });
    if (isTooEarly) return false;
    const part = model.partition?.(operation) ?? operation.key;
    const before = states.has(part) ? states.get(part) : model.init;
    const after = model.step(before, operation);
    return after !== null && canFinish(others, model, new Map(states).set(part, after));
  });
}

/** Whether the operations, in this order, are right and respect real time. */
export function isLegalOrder(
  order: readonly RecordedOperation[],
  model: HistoryModel<unknown>,
): boolean {
  const states = new Map<unknown, unknown>();
  let latest = Number.NEGATIVE_INFINITY;
  for (const operation of order) {
    latest = Math.max(latest, operation.invokedAt);
    if (operation.outcome !== 'info' && operation.returnedAt < latest) return false;
    const part = model.partition?.(operation) ?? operation.key;
    const after = model.step(states.has(part) ? states.get(part) : model.init, operation);
    if (after === null) return false;
    states.set(part, after);
  }
  return true;
}
