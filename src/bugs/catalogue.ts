import { ackBeforeSync } from './ack-before-sync.ts';
import type { Bug } from './bug.ts';
import { createRetriedBlindly } from './create-retried-blindly.ts';
import { electById } from './elect-by-id.ts';
import { ephemeralOutlivesSession } from './ephemeral-outlives-session.ts';
import { epochNotAdvanced } from './epoch-not-advanced.ts';
import { eventAfterData } from './event-after-data.ts';
import { followerExpiresSessions } from './follower-expires-sessions.ts';
import { lockWithoutFencing } from './lock-without-fencing.ts';
import { multiInPart } from './multi-in-part.ts';
import { quorumOfHalf } from './quorum-of-half.ts';
import { sequenceReused } from './sequence-reused.ts';
import { skipTrunc } from './skip-trunc.ts';
import { zookeeper4646 } from './zookeeper-4646.ts';

/** Every bug that a run can be given. */
export const BUGS: readonly Bug[] = [
  ackBeforeSync,
  createRetriedBlindly,
  electById,
  ephemeralOutlivesSession,
  epochNotAdvanced,
  eventAfterData,
  followerExpiresSessions,
  lockWithoutFencing,
  multiInPart,
  quorumOfHalf,
  sequenceReused,
  skipTrunc,
  zookeeper4646,
];

export function bugIds(): string[] {
  return BUGS.map(({ id }) => id);
}

export function findBug(id: string): Bug | undefined {
  return BUGS.find((bug) => bug.id === id);
}
