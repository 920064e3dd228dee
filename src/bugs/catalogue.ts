import { ackBeforeSync } from './ack-before-sync.ts';
import { ackOutlivesCut } from './ack-outlives-cut.ts';
import type { Bug } from './bug.ts';
import { createRetriedBlindly } from './create-retried-blindly.ts';
import { electById } from './elect-by-id.ts';
import { ephemeralOutlivesSession } from './ephemeral-outlives-session.ts';
import { epochLocksOutClients } from './epoch-locks-out-clients.ts';
import { epochNotAdvanced } from './epoch-not-advanced.ts';
import { eventAfterData } from './event-after-data.ts';
import { followerExpiresSessions } from './follower-expires-sessions.ts';
import { lockWithoutFencing } from './lock-without-fencing.ts';
import { multiInPart } from './multi-in-part.ts';
import { prepareIgnoresOutstanding } from './prepare-ignores-outstanding.ts';
import { quorumOfHalf } from './quorum-of-half.ts';
import { readsOvertakeWrites } from './reads-overtake-writes.ts';
import { sequenceReused } from './sequence-reused.ts';
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
  ackBeforeSync,
  ackOutlivesCut,
  createRetriedBlindly,
  electById,
  ephemeralOutlivesSession,
  epochLocksOutClients,
  epochNotAdvanced,
  eventAfterData,
  followerExpiresSessions,
  lockWithoutFencing,
  multiInPart,
  prepareIgnoresOutstanding,
  quorumOfHalf,
  readsOvertakeWrites,
  sequenceReused,
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
