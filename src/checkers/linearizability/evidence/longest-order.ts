import type { RecordedOperation } from '../operation.ts';
import { type Judged, returnOf } from './excerpts.ts';

const STEPS_MAX = 20_000;

/** As much of an excerpt as was put in order. */
export interface LongestOrder {
  readonly order: readonly RecordedOperation[];
  /** One that has no place in it. */
  readonly stuck: RecordedOperation;
  /** Whether the stuck one is all that keeps the others from an order. */
  readonly isAllOthers: boolean;
  /** Whether that is the only order of so many. */
  readonly isOnly: boolean;
}

/**
 * An order of all operations but one: of all but an observer if that can be, of what was answered last.
 * If that is too much work, as many as can be put in order from the beginning, by trying.
 *
 * @returns `null` if nothing was answered
 */
export function longestOrder(judged: Judged): LongestOrder | null {
  const { operations, model } = judged;
  const observes = ({ f, outcome }: RecordedOperation): number => {
    return outcome === 'fail' || model.operations?.[f]?.isRead === true ? 1 : 0;
  };
  const answered = operations
    .filter(({ outcome }) => outcome !== 'info')
    .sort((a, b) => observes(b) - observes(a) || returnOf(b) - returnOf(a));
  const trial = new Trial(judged);
  for (const stuck of answered) {
    const orders = trial.ordersOf(operations.filter((operation) => operation !== stuck));
    const [order] = orders;
    if (order !== undefined) {
      return { order, stuck, isAllOthers: true, isOnly: orders.length === 1 && !trial.isOver };
    }
  }
  const order = trial.longest;
  const stuck = answered.filter((operation) => !order.includes(operation)).at(-1);
  return stuck === undefined ? null : { order, stuck, isAllOthers: false, isOnly: false };
}

/** Tries to put operations in order, for so many steps in all. */
class Trial {
  /** The most that was ever put in order. */
  longest: readonly RecordedOperation[] = [];
  private readonly judged: Judged;
  private steps = 0;
  private readonly order: RecordedOperation[] = [];
  private found: RecordedOperation[][] = [];

  constructor(judged: Judged) {
    this.judged = judged;
  }

  /** Whether there was more to try than steps. */
  get isOver(): boolean {
    return this.steps > STEPS_MAX;
  }

  /** Two legal orders; fewer if there are not so many, or they were not found. */
  ordersOf(operations: readonly RecordedOperation[]): readonly RecordedOperation[][] {
    this.found = [];
    const byReturn = [...operations].sort((a, b) => returnOf(a) - returnOf(b));
    this.extend(this.judged.model.init, new Set(byReturn));
    return this.found;
  }

  private extend(state: unknown, left: Set<RecordedOperation>): void {
    const { order } = this;
    if (order.length > this.longest.length) this.longest = [...order];
    const candidates = [...left];
    const earliest = Math.min(...candidates.map(returnOf));
    if (earliest === Number.POSITIVE_INFINITY) {
      this.found.push([...order]);
      return;
    }
    for (const operation of candidates) {
      if (operation.invokedAt > earliest || this.found.length > 1 || this.steps++ > STEPS_MAX)
        continue;
      const after = this.judged.model.step(state, operation);
      if (after === null) continue;
      left.delete(operation);
      order.push(operation);
      this.extend(after, left);
      order.pop();
      left.add(operation);
    }
  }
}
