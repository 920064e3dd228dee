import type { HistoryModel } from '../model.ts';
import type { RecordedOperation } from '../operation.ts';

/** So many calls are compared in the time of one step of a search. */
export const LOOKS_PER_STEP = 16;

/** What is left of an excerpt when all is taken out of it that it alone does not show. */
export interface Judged {
  readonly operations: readonly RecordedOperation[];
  readonly model: HistoryModel<unknown>;
}

/**
 * Some of the operations of a part, and what they prove: whenever the part has a legal order, so
 * has what an excerpt is judged by. Calls are numbered by their places in the part.
 */
export interface Excerpts {
  /** To judge an excerpt of so many calls takes as long as about so many steps of a search. */
  effort(count: number): number;
  /** @param excerpt calls in the order of invocation. @returns `null` if they prove nothing */
  judged(excerpt: readonly number[]): Judged | null;
  /** Calls that make an excerpt easier to understand. */
  context(excerpt: readonly number[]): readonly number[];
  /** Why what is not shown cannot make it right; empty where that is plain. */
  remarks(excerpt: readonly number[]): readonly string[];
}

/** When the answer came: Infinity if never, whatever the history says of the end of waiting. */
export function returnOf({ outcome, returnedAt }: RecordedOperation): number {
  return outcome === 'info' ? Number.POSITIVE_INFINITY : returnedAt;
}
