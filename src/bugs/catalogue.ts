import { acceptedEpochVolatile } from './accepted-epoch-volatile.ts';
import { ackBeforeSync } from './ack-before-sync.ts';
import { ackOutlivesCut } from './ack-outlives-cut.ts';
import { applyOnProposal } from './apply-on-proposal.ts';
import type { Bug } from './bug.ts';
import { commitOutOfOrder } from './commit-out-of-order.ts';
import { connectionsKept } from './connections-kept.ts';
import { containerReapedUnused } from './container-reaped-unused.ts';
import { createRetriedBlindly } from './create-retried-blindly.ts';
import { currentEpochFromAccepted } from './current-epoch-from-accepted.ts';
import { currentEpochNotWritten } from './current-epoch-not-written.ts';
import { electById } from './elect-by-id.ts';
import { ephemeralOutlivesSession } from './ephemeral-outlives-session.ts';
import { epochLocksOutClients } from './epoch-locks-out-clients.ts';
import { epochNotAdvanced } from './epoch-not-advanced.ts';
import { eventAfterData } from './event-after-data.ts';
import { followerExpiresSessions } from './follower-expires-sessions.ts';
import { historyNotApplied } from './history-not-applied.ts';
import { keepOwnVote } from './keep-own-vote.ts';
import { lockWithoutFencing } from './lock-without-fencing.ts';
import { multiInPart } from './multi-in-part.ts';
import { newleaderAckedBeforeEpoch } from './newleader-acked-before-epoch.ts';
import { newleaderAckedBeforeLog } from './newleader-acked-before-log.ts';
import { noSessionOwnerCheck } from './no-session-owner-check.ts';
import { observerWithoutLog } from './observer-without-log.ts';
import { prepareIgnoresOutstanding } from './prepare-ignores-outstanding.ts';
import { quorumOfHalf } from './quorum-of-half.ts';
import { readsOvertakeWrites } from './reads-overtake-writes.ts';
import { sequenceReused } from './sequence-reused.ts';
import { serveBeforeNewleaderQuorum } from './serve-before-newleader-quorum.ts';
import { servesWhileLooking } from './serves-while-looking.ts';
import { skipTrunc } from './skip-trunc.ts';
import { staleServerAdmits } from './stale-server-admits.ts';
import { touchTableIgnored } from './touch-table-ignored.ts';
import { truncatesTooLittle } from './truncates-too-little.ts';
import { watchLostOnReconnect } from './watch-lost-on-reconnect.ts';
import { zookeeper1653 } from './zookeeper-1653.ts';
import { zookeeper1675 } from './zookeeper-1675.ts';
import { zookeeper2846 } from './zookeeper-2846.ts';
import { zookeeper4646 } from './zookeeper-4646.ts';
import { zookeeper4685 } from './zookeeper-4685.ts';
import { zookeeper4837 } from './zookeeper-4837.ts';

/** Every bug that a run can be given. */
export const BUGS: readonly Bug[] = [
  acceptedEpochVolatile,
  ackBeforeSync,
  ackOutlivesCut,
  applyOnProposal,
  commitOutOfOrder,
  connectionsKept,
  containerReapedUnused,
  createRetriedBlindly,
  currentEpochFromAccepted,
  currentEpochNotWritten,
  electById,
  ephemeralOutlivesSession,
  epochLocksOutClients,
  epochNotAdvanced,
  eventAfterData,
  followerExpiresSessions,
  historyNotApplied,
  keepOwnVote,
  lockWithoutFencing,
  multiInPart,
  newleaderAckedBeforeEpoch,
  newleaderAckedBeforeLog,
  noSessionOwnerCheck,
  observerWithoutLog,
  prepareIgnoresOutstanding,
  quorumOfHalf,
  readsOvertakeWrites,
  sequenceReused,
  serveBeforeNewleaderQuorum,
  servesWhileLooking,
  skipTrunc,
  staleServerAdmits,
  touchTableIgnored,
  truncatesTooLittle,
  watchLostOnReconnect,
  zookeeper1653,
  zookeeper1675,
  zookeeper2846,
  zookeeper4646,
  zookeeper4685,
  zookeeper4837,
];

export function bugIds(): string[] {
  return BUGS.map(({ id }) => id);
}

export function findBug(id: string): Bug | undefined {
  return BUGS.find((bug) => bug.id === id);
}
