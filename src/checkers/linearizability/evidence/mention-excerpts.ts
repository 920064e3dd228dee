import type { HistoryModel } from '../model.ts';
import type { RecordedOperation } from '../operation.ts';
import { textOf } from '../values.ts';
import { type Excerpts, type Judged, returnOf } from './excerpts.ts';

/**
 * Excerpts of any object up to a moment: observers can be left out, and everything that mentions
 * one thing. Answers that came later are not looked at. What took one thing that nobody knows, can be
 * left out if all that is put in here is taken out here: then it took none of that.
 */
export class MentionExcerpts implements Excerpts {
  private readonly model: HistoryModel<unknown>;
  private readonly calls: readonly RecordedOperation[];
  private readonly until: number;
  /** What each call mentions; `null` for everything. */
  private readonly mentions: readonly (readonly string[] | null)[];

  /** @param until the place of an answer before which there is something wrong */
  constructor(calls: readonly RecordedOperation[], model: HistoryModel<unknown>, until: number) {
    this.model = model;
    this.calls = calls;
    this.until = until;
    this.mentions = calls.map((call) => model.mentions?.(call)?.map(textOf) ?? null);
  }

  effort(): number {
    return this.calls.length;
  }

  judged(excerpt: readonly number[]): Judged | null {
    const isThere = new Set(excerpt);
    const missing = new Set<string>();
    let isWhole = true;
    let mayBeTaken = false;
    for (let call = 0; call < this.calls.length; call++) {
      if (isThere.has(call) || this.isObserver(call) || this.isLate(call)) continue;
      const things = this.mentions[call];
      if (this.takesUnknown(call)) {
        mayBeTaken = true;
        continue;
      }
      if (things === null || things === undefined) return null;
      isWhole = false;
      for (const thing of things) missing.add(thing);
    }
    const isLeftOut = (call: number): boolean => {
      if (this.takesUnknown(call)) return false;
      const things = this.mentions[call];
      return things?.some((thing) => missing.has(thing)) ?? !isWhole;
    };
    if (excerpt.some((call) => isLeftOut(call) && this.isAboutAll(call))) return null;
    const operations = excerpt
      .filter((call) => !this.isLate(call) && !isLeftOut(call))
      .flatMap((call) => this.asOf(call));
    if (mayBeTaken && !this.isAllTaken(operations)) return null;
    return { operations, model: this.model };
  }

  /** Whether as much as is put in is known to be taken out, of each thing. */
  private isAllTaken(operations: readonly RecordedOperation[]): boolean {
    const left = new Map<string, number>();
    for (const operation of operations) {
      const isTaken = this.model.takes?.(operation) === true;
      if (isTaken && operation.outcome !== 'ok') continue;
      for (const thing of this.model.mentions?.(operation)?.map(textOf) ?? []) {
        left.set(thing, (left.get(thing) ?? 0) + (isTaken ? -1 : 1));
      }
    }
    return [...left.values()].every((count) => count <= 0);
  }

  context(): number[] {
    return [];
  }

  remarks(): string[] {
    return [];
  }

  private operation(call: number): RecordedOperation {
    return this.calls[call] as RecordedOperation;
  }

  private isObserver(call: number): boolean {
    const { f, outcome } = this.operation(call);
    return outcome === 'fail' || this.model.operations?.[f]?.isRead === true;
  }

  private isAboutAll(call: number): boolean {
    return this.mentions[call] === null && !this.isObserver(call);
  }

  private takesUnknown(call: number): boolean {
    return this.mentions[call] === null && this.model.takes?.(this.operation(call)) === true;
  }

  private isLate(call: number): boolean {
    return this.operation(call).invokedAt > this.until;
  }

  /** The call as it was known at the moment. */
  private asOf(call: number): RecordedOperation[] {
    const operation = this.operation(call);
    if (returnOf(operation) <= this.until) return [operation];
    if (this.isObserver(call)) return [];
    const returnedAt = Number.POSITIVE_INFINITY;
    return [{ ...operation, outcome: 'info', output: null, returnedAt }];
  }
}
