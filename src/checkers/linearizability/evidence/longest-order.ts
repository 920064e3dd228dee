import type { RecordedOperation } from '../operation.ts';
import { type Judged, returnOf } from './excerpts.ts';

const STEPS_MAX = 20_000;

/**
 * As many operations as can be put in order from the beginning, by trying; if there are many, only
 * so often.
 */
export function longestOrder({ operations, model }: Judged): RecordedOperation[] {
  const left = new Set([...operations].sort((a, b) => returnOf(a) - returnOf(b)));
  const order: RecordedOperation[] = [];
  let longest: RecordedOperation[] = [];
  let steps = 0;
  const extend = (state: unknown): void => {
    if (order.length > longest.length) longest = [...order];
    const candidates = [...left];
    const earliest = Math.min(...candidates.map(returnOf));
    for (const operation of candidates) {
      if (operation.invokedAt > earliest || steps++ > STEPS_MAX) continue;
      const after = model.step(state, operation);
      if (after === null) continue;
      left.delete(operation);
      order.push(operation);
      extend(after);
      order.pop();
      left.add(operation);
    }
  };
  extend(model.init);
  return longest;
}
