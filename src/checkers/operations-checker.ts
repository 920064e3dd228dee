import type { Operation } from '../client/history.ts';
import { DEFAULT_SERVICE } from '../keeper/config.ts';
import type { Transaction } from '../keeper/transaction.ts';
import { Effects } from './operations/effects.ts';
import { Court, type Finding } from './operations/finding.ts';
import { checkRealTime, countStaleSyncs } from './operations/real-time.ts';
import { checkSessions } from './operations/sessions.ts';
import { type ServiceRules, Specification } from './operations/specification.ts';
import { Tally } from './tally.ts';

export type { Finding, ServiceRules };

const DEFAULT_RULES: ServiceRules = { ...DEFAULT_SERVICE, addressOf: () => '' };

/**
 * Holds what clients saw against what was committed.
 *
 * The zxids are a witness: if writes in the order of their zxids obey real time, and each gives
 * the result that the specification asks for there, that order proves them linearizable. Reads are
 * then right if each shows the state at its zxid and no session goes back; behind a sync that the
 * current leader answered, not older than what anybody had seen when it was asked for.
 *
 * O(n log n) in the number of operations.
 *
 * @param operations in the order of their invocation
 * @param committed every committed transaction, in order
 * @param isFresh whether a sync was answered by a leader that no other had succeeded
 * @param rules those that the servers were run with
 * @param tally says what is judged, and counts it
 * @returns the first finding of each kind of check, most telling first
 */
export function checkOperations(
  operations: readonly Operation[],
  committed: readonly Transaction[],
  isFresh: (sync: Operation) => boolean,
  rules: ServiceRules = DEFAULT_RULES,
  tally: Tally = new Tally(),
): Finding[] {
  const court = new Court(operations, tally);
  const effects = new Effects(operations, committed, court);
  const answered = inOrderOfAnswers(operations);
  const findings = [
    effects.finding,
    checkRealTime(operations, answered, effects, isFresh, court),
    checkSessions(answered, court),
    new Specification(effects, rules, court).check(answered, committed),
  ];
  return findings.filter((finding) => finding !== null);
}

/** How many syncs were answered by a leader that had been succeeded, and showed that. */
export function staleSyncs(operations: readonly Operation[]): number {
  return countStaleSyncs(operations, inOrderOfAnswers(operations));
}

/** The answers that the order of a session's requests is promised for come with a zxid. */
function inOrderOfAnswers(operations: readonly Operation[]): Operation[] {
  return operations
    .filter(({ reply }) => reply !== null)
    .sort((a, b) => a.completedIndex - b.completedIndex);
}
