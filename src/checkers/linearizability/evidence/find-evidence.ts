import type { HistoryModel } from '../model.ts';
import type { RecordedOperation } from '../operation.ts';
import { checkLinearizable, type SequentialModel } from '../reference-search.ts';
import type { Evidence } from '../result.ts';
import { textOf } from '../values.ts';
import { CounterExcerpts } from './counter-excerpts.ts';
import { type Excerpts, type Judged, returnOf } from './excerpts.ts';
import { explain } from './explain.ts';
import { longestOrder } from './longest-order.ts';
import { MentionExcerpts } from './mention-excerpts.ts';
import { RegisterExcerpts } from './register-excerpts.ts';
import { type Check, Shrinker } from './shrink.ts';
import { StringExcerpts } from './string-excerpts.ts';
import { VersionExcerpts } from './version-excerpts.ts';

const REFERENCE_STEPS_MAX = 20_000;
const FIRST_WINDOW = 8;
/** More operations explain nothing to anybody, and take long to be put in order. */
const OPERATIONS_MAX = 1000;

/** A part that is wrong, and where to look. */
export interface Wrong {
  /** Its operations, in the order of invocation. */
  readonly calls: readonly RecordedOperation[];
  /** Those that are known to be wrong together; may be empty. */
  readonly suspects: readonly number[];
  /** The place of an answer before which there may be something wrong. */
  readonly until: number;
}

/**
 * Looks for a few operations of a wrong part that are wrong by themselves. The plain search is asked
 * about them too, and has the last word if it comes to one.
 *
 * @param check the quick one
 * @returns the whole part if to make it smaller is too much work
 */
export function findEvidence(
  wrong: Wrong,
  model: HistoryModel<unknown>,
  check: Check,
): Evidence | null {
  for (const excerpts of excerptsOf({ calls: wrong.calls, until: lastEnd(wrong) }, model)) {
    const shrinker = new Shrinker(excerpts, check);
    for (const calls of startsOf(wrong)) {
      const start = withContext(calls, excerpts);
      if (!shrinker.isWrong(start)) continue;
      const excerpt = shrinker.shrink(start);
      const evidence =
        evidenceOf(withContext(excerpt, excerpts), excerpts, wrong.calls) ??
        evidenceOf(excerpt, excerpts, wrong.calls);
      if (evidence !== null) return evidence;
    }
  }
  return wholePart(wrong, model);
}

/** All that had been asked for by the moment at which something is wrong. */
function wholePart({ calls, until }: Wrong, model: HistoryModel<unknown>): Evidence | null {
  const operations = calls.filter(({ invokedAt }) => invokedAt <= until);
  if (operations.length <= OPERATIONS_MAX) {
    const all = calls.map((_, call) => call);
    return evidenceOf(all, new MentionExcerpts(calls, model, Number.POSITIVE_INFINITY), calls);
  }
  const count = operations.length;
  const explanation = [`Nothing smaller than these ${count} operations was found to be wrong.`];
  return { operations, explanation, longestOrder: [] };
}

/** The ways in which something can be left out of a part, the sharpest first. */
export function excerptsOf(
  { calls, until }: Pick<Wrong, 'calls' | 'until'>,
  model: HistoryModel<unknown>,
): Excerpts[] {
  const kinds: (Excerpts | null)[] = [];
  if (model.shape === 'register' || model.shape === 'set')
    kinds.push(new RegisterExcerpts(calls, model));
  if (model.shape === 'strings') kinds.push(new StringExcerpts(calls));
  if (model.shape === 'versions') kinds.push(VersionExcerpts.of(calls));
  if (model.shape === 'counter') kinds.push(new CounterExcerpts(calls));
  kinds.push(new MentionExcerpts(calls, model, until));
  if (until !== Number.POSITIVE_INFINITY) {
    kinds.push(new MentionExcerpts(calls, model, Number.POSITIVE_INFINITY));
  }
  return kinds.filter((kind) => kind !== null);
}

/**
 * The suspects; then what was asked for around the last answer among them, more and more of it. A
 * search that looks ahead may have seen what is wrong before it came there.
 */
function* startsOf(wrong: Wrong): Generator<readonly number[]> {
  const { calls, suspects } = wrong;
  if (suspects.length > 0) yield suspects;
  const end = lastEnd(wrong);
  const all = calls.map((_, call) => call);
  const started = all.filter((call) => (calls[call]?.invokedAt as number) <= end).length;
  const last = calls.findIndex((call) => returnOf(call) === end);
  for (let size = FIRST_WINDOW; size < calls.length; size *= 2) {
    const window = all.slice(Math.max(0, started - size), started + Math.floor(size / 2));
    yield last < 0 || window.includes(last) ? window : [last, ...window];
  }
  yield all;
}

/** When the last of the suspects ended. */
function lastEnd({ calls, suspects, until }: Wrong): number {
  const ends = suspects.map((call) => endOf(calls[call] as RecordedOperation));
  return ends.length > 0 ? Math.max(...ends) : until;
}

/** The last that the history tells of it. */
function endOf(operation: RecordedOperation): number {
  return operation.outcome === 'info' ? operation.invokedAt : operation.returnedAt;
}

function withContext(excerpt: readonly number[], excerpts: Excerpts): number[] {
  return [...new Set([...excerpt, ...excerpts.context(excerpt)])].sort((a, b) => a - b);
}

function evidenceOf(
  excerpt: readonly number[],
  excerpts: Excerpts,
  calls: readonly RecordedOperation[],
): Evidence | null {
  if (excerpt.length > OPERATIONS_MAX) return null;
  const judged = excerpts.judged(excerpt);
  if (judged === null || isRight(judged)) return null;
  const found = longestOrder(judged);
  if (found === null) return null;
  const operations = excerpt.map((call) => calls[call] as RecordedOperation);
  const originals = new Map(operations.map((operation) => [operation.invokedAt, operation]));
  return {
    operations,
    explanation: [...explain(judged, found, originals), ...excerpts.remarks(excerpt)],
    longestOrder: found.order.flatMap(({ invokedAt }) => originals.get(invokedAt) ?? []),
  };
}

/** Whether the plain search finds an order after all. */
function isRight({ operations, model }: Judged): boolean {
  const sequential: SequentialModel<unknown, RecordedOperation, true> = {
    initial: model.init,
    step: (state, operation) => model.step(state, operation),
    keyOf: (state) => String(model.hash?.(state) ?? textOf(state)),
  };
  const asked = operations.map((operation) => {
    const returnedAt = returnOf(operation);
    const output = operation.outcome === 'info' ? undefined : (true as const);
    return { input: operation, output, invokedAt: operation.invokedAt, returnedAt };
  });
  return checkLinearizable(sequential, asked, REFERENCE_STEPS_MAX).verdict === 'linearizable';
}
