import type { Columns } from './columns.ts';
import type { RecordedOperation } from './operation.ts';

interface Placed {
  readonly operation: RecordedOperation;
  /** No later than its answer, and not before its question. */
  readonly moment: number;
}

/** One order of a whole history from the orders of its parts. */
export function mergeOrders(
  orders: ReadonlyMap<number, Int32Array>,
  columns: Columns,
  operations: readonly RecordedOperation[],
): RecordedOperation[] {
  const placed: Placed[] = [];
  for (const [index, order] of orders) {
    const { members } = columns.part(index);
    let moment = Number.NEGATIVE_INFINITY;
    for (const call of order) {
      const operation = operations[members[call] as number] as RecordedOperation;
      moment = Math.max(moment, operation.invokedAt);
      placed.push({ operation, moment });
    }
  }
  return placed.sort((a, b) => a.moment - b.moment).map(({ operation }) => operation);
}
