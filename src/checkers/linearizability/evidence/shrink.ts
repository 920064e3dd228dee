import type { HistoryModel } from '../model.ts';
import type { RecordedOperation } from '../operation.ts';
import type { CheckOptions, CheckResult } from '../result.ts';
import type { Excerpts } from './excerpts.ts';

/** Steps for one excerpt, and for all together; to set up a check takes as long as some steps. */
const STEPS_MAX = 200_000;
const ALL_STEPS_MAX = 600_000;
const STEPS_PER_CALL = 10;

/** Decides a history. */
export type Check = (
  operations: readonly RecordedOperation[],
  model: HistoryModel<unknown>,
  options: CheckOptions,
) => Pick<CheckResult, 'verdict' | 'steps'>;

/** Looks for small excerpts that are wrong by themselves, with so much work and no more. */
export class Shrinker {
  private readonly excerpts: Excerpts;
  private readonly check: Check;
  private steps = 0;

  constructor(excerpts: Excerpts, check: Check) {
    this.excerpts = excerpts;
    this.check = check;
  }

  /** Whether an excerpt was found to be wrong. */
  isWrong(excerpt: readonly number[]): boolean {
    this.steps += excerpt.length * STEPS_PER_CALL + this.excerpts.effort(excerpt.length);
    if (this.isTired) return false;
    const judged = this.excerpts.judged(excerpt);
    if (judged === null || judged.operations.length === 0) return false;
    const { operations, model } = judged;
    const options = { stepsMax: STEPS_MAX, evidence: false };
    const { verdict, steps } = this.check(operations, model, options);
    this.steps += steps;
    return verdict === 'violation';
  }

  private get isTired(): boolean {
    return this.steps > ALL_STEPS_MAX;
  }

  /** Leaves out what it can, in halves, quarters and so on, until each single call is needed. */
  shrink(wrong: readonly number[]): readonly number[] {
    let excerpt = wrong;
    for (let size = Math.ceil(wrong.length / 2); size >= 1; size = Math.floor(size / 2)) {
      excerpt = this.withoutChunks(excerpt, size);
    }
    for (let before = Number.POSITIVE_INFINITY; excerpt.length < before; ) {
      before = excerpt.length;
      excerpt = this.withoutChunks(excerpt, 1);
    }
    return excerpt;
  }

  private withoutChunks(wrong: readonly number[], size: number): readonly number[] {
    let excerpt = wrong;
    for (let start = 0; start < excerpt.length && !this.isTired; ) {
      const rest = [...excerpt.slice(0, start), ...excerpt.slice(start + size)];
      if (this.isWrong(rest)) excerpt = rest;
      else start += size;
    }
    return excerpt;
  }
}
