import type { HistoryModel } from '../model.ts';
import type { RecordedOperation } from '../operation.ts';
import { type Excerpts, type Judged, LOOKS_PER_STEP, returnOf } from './excerpts.ts';

interface Shown {
  readonly count: number;
  /** Whether no read that is shown has told the count before. */
  readonly isFirst: boolean;
}

/** By how much others may have changed the count, down and up. */
interface Others {
  readonly down: number;
  readonly up: number;
}

/**
 * Excerpts of a counter: others may have added all or nothing of what they were to add, if not so
 * early that the first read of the excerpt has it already, and not after the last.
 */
export class CounterExcerpts implements Excerpts {
  private readonly calls: readonly RecordedOperation[];
  private readonly amounts: readonly number[];

  constructor(calls: readonly RecordedOperation[]) {
    this.calls = calls;
    this.amounts = calls.map(({ f, input }) => {
      if (f === 'read') return 0;
      return f === 'inc' ? 1 : Number(input);
    });
  }

  effort(): number {
    return this.calls.length / LOOKS_PER_STEP;
  }

  judged(excerpt: readonly number[]): Judged {
    const { first, later } = this.others(excerpt);
    const step = (state: Shown, operation: RecordedOperation): Shown | null => {
      const { f, input, output } = operation;
      if (f !== 'read') {
        return { ...state, count: state.count + (f === 'inc' ? 1 : Number(input)) };
      }
      const { down, up } = state.isFirst ? first : later;
      const difference = Number(output) - state.count;
      if (difference < down || difference > up) return null;
      return { count: Number(output), isFirst: false };
    };
    const model: HistoryModel<Shown> = {
      name: 'counter',
      init: { count: 0, isFirst: true },
      operations: { read: { isRead: true } },
      step,
      hash: ({ count, isFirst }) => (isFirst ? `${count}` : `${count} told`),
      describeState: ({ count, isFirst }) => describe(count, isFirst ? first : later),
    };
    const operations = excerpt.map((call) => this.calls[call] as RecordedOperation);
    return { operations, model: model as HistoryModel<unknown> };
  }

  context(): number[] {
    return [];
  }

  remarks(excerpt: readonly number[]): string[] {
    const { down, up } = this.others(excerpt).first;
    return down === 0 && up === 0 ? [] : ['That is with all that others may have added.'];
  }

  /** What others may have added before the first read of the excerpt, and then before each other. */
  private others(excerpt: readonly number[]): { first: Others; later: Others } {
    const isThere = new Set(excerpt);
    const reads = excerpt.flatMap((call) => {
      const operation = this.calls[call] as RecordedOperation;
      return operation.f === 'read' ? [operation] : [];
    });
    const begin = Math.min(...reads.map(({ invokedAt }) => invokedAt));
    const end = Math.max(...reads.map(returnOf));
    const first = { down: 0, up: 0 };
    const later = { down: 0, up: 0 };
    this.calls.forEach((operation, call) => {
      if (isThere.has(call) || operation.invokedAt > end) return;
      const amount = this.amounts[call] as number;
      for (const others of returnOf(operation) > begin ? [first, later] : [first]) {
        others[amount < 0 ? 'down' : 'up'] += amount;
      }
    });
    return { first, later };
  }
}

function describe(count: number, { down, up }: Others): string {
  if (down === 0 && up === 0) return `the count is ${count}`;
  return `the count is from ${count + down} to ${count + up}`;
}
