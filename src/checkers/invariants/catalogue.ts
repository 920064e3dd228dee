import { acknowledgedIsDurable } from './acknowledged-is-durable.ts';
import { agreement } from './agreement.ts';
import { answersInBroadcast } from './answers-in-broadcast.ts';
import { channelOrder } from './channel-order.ts';
import { commitConsistency } from './commit-consistency.ts';
import { committedLogDurability } from './committed-log-durability.ts';
import { committedNeverLost } from './committed-never-lost.ts';
import { epochsRise } from './epochs-rise.ts';
import { equalDigests } from './equal-digests.ts';
import { globalPrimaryOrder } from './global-primary-order.ts';
import { historyInEpoch } from './history-in-epoch.ts';
import { initialHistory } from './initial-history.ts';
import { integrity } from './integrity.ts';
import type { Invariant } from './invariant.ts';
import { leaderLogComplete } from './leader-log-complete.ts';
import { leaderReads } from './leader-reads.ts';
import { leadership } from './leadership.ts';
import { legalAcks } from './legal-acks.ts';
import { legalCommits } from './legal-commits.ts';
import { legalProposals } from './legal-proposals.ts';
import { legalStates } from './legal-states.ts';
import { liveLeadership } from './live-leadership.ts';
import { localPrimaryOrder } from './local-primary-order.ts';
import { logConsistency } from './log-consistency.ts';
import { logContiguity } from './log-contiguity.ts';
import { prefixConsistency } from './prefix-consistency.ts';
import { primaryIntegrity } from './primary-integrity.ts';
import { primaryOrder } from './primary-order.ts';
import { processConsistency } from './process-consistency.ts';
import { recoverability } from './recoverability.ts';
import { serveComplete } from './serve-complete.ts';
import { sessionExpiry } from './session-expiry.ts';
import { totalOrder } from './total-order.ts';
import { turnedAway } from './turned-away.ts';

/**
 * Every invariant that is judged while a run goes on. Of several that break at one moment the first
 * is told, so what says most stands before what follows from it.
 */
export const INVARIANTS: readonly Invariant[] = [
  leadership,
  committedNeverLost,
  totalOrder,
  integrity,
  primaryOrder,
  serveComplete,
  agreement,
  acknowledgedIsDurable,
  epochsRise,
  equalDigests,
  channelOrder,
  sessionExpiry,
  turnedAway,
  liveLeadership,
  prefixConsistency,
  commitConsistency,
  logConsistency,
  localPrimaryOrder,
  globalPrimaryOrder,
  primaryIntegrity,
  initialHistory,
  leaderReads,
  recoverability,
  processConsistency,
  leaderLogComplete,
  committedLogDurability,
  logContiguity,
  legalStates,
  answersInBroadcast,
  legalAcks,
  legalProposals,
  legalCommits,
  historyInEpoch,
];
