import type { When } from './fault.ts';

/**
 * The moments at which a crash, a cut or a pause is worth most: after each step of the protocol
 * that something rests on, and before the next. Each is any of a few triggers.
 */
export const CRASH_POINTS: Readonly<Record<string, readonly Trigger[]>> = {
  // Discovery
  'leader-accepted-epoch-written': [{ on: 'acceptedEpochWritten', role: 'leader' }],
  'leader-info-sent': [{ on: 'LEADERINFO sent' }],
  'accepted-epoch-tmp-written': [{ on: 'acceptedEpochTmpWritten' }],
  'learner-accepted-epoch-written': [{ on: 'acceptedEpochWritten', role: 'learner' }],
  'ack-epoch-sent': [{ on: 'ACKEPOCH sent' }],
  'leader-current-epoch-written': [{ on: 'currentEpochWritten', role: 'leader' }],

  // Synchronisation
  'sync-mode-sent': [{ on: 'DIFF sent' }, { on: 'TRUNC sent' }, { on: 'SNAP sent' }],
  'trunc-received': [{ on: 'TRUNC received' }],
  'snapshots-cut': [{ on: 'snapshotsCut' }],
  'log-cut': [{ on: 'logCut' }],
  truncated: [{ on: 'truncated' }],
  'half-a-snapshot-received': [{ on: 'snapReceived' }],
  'snapshot-read': [{ on: 'snapshotRead' }],
  'snapshot-tmp-written': [{ on: 'snapshotTmpWritten' }],
  'snapshot-installed': [{ on: 'snapshotInstalled' }],
  'history-appended': [{ on: 'historyAppended' }],
  'history-synced': [{ on: 'historySynced' }],
  'current-epoch-tmp-written': [{ on: 'currentEpochTmpWritten' }],
  'learner-current-epoch-written': [{ on: 'currentEpochWritten', role: 'learner' }],
  'new-leader-acked': [{ on: 'newLeaderAcked' }],
  'new-leader-quorum': [{ on: 'established' }],
  'up-to-date-sent': [{ on: 'UPTODATE sent' }],
  'up-to-date-received': [{ on: 'upToDate' }],

  // Broadcast
  'proposal-sent-to-some': [{ on: 'PROPOSAL sent' }],
  'first-commit-of-epoch': [{ on: 'firstCommitOfEpoch' }],
  'proposal-appended': [{ on: 'appended' }],
  'proposal-synced': [{ on: 'logSynced' }],
  'proposal-acked': [{ on: 'acked' }],
  'commit-decided': [{ on: 'committed' }],
  'commit-sent-to-some': [{ on: 'COMMIT sent' }],
  'txn-applied': [{ on: 'delivered' }],

  // Snapshots
  'snapshot-begun': [{ on: 'snapshotBegun' }],
  'snapshot-half-written': [{ on: 'snapshotHalfWritten' }],
  'snapshot-saved': [{ on: 'snapshotSaved' }],

  // Election
  'looking-for-leader': [{ on: 'looking' }],
  'leader-elected': [{ on: 'elected' }],
};

type Trigger = Pick<Extract<When, { readonly on: string }>, 'on' | 'role'>;

/** The crash point that a fault waits for; `null` if it is none of them. */
export function crashPointOf(when: When): string | null {
  if (!('on' in when) || (when.delayMicros ?? 0) > 0) return null;
  const { on, role } = when;
  for (const [name, triggers] of Object.entries(CRASH_POINTS)) {
    if (triggers.some((one) => one.on === on && (one.role ?? role) === role)) return name;
  }
  return null;
}
