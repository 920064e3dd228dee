/**
 * What happens in a server's consensus, for checkers, triggers and traces. Each is emitted at the
 * very moment: a crash that it triggers comes before the server's next step.
 *
 * Beside each stands what `value`, `peer` and `subject` are.
 */
export const ZAB_EVENTS = {
  // Start and recovery
  /** value: last zxid. */
  recovered: 1,
  /** The process ends since its disk is not to be trusted. subject: why. */
  refusedToStart: 2,
  /** A half-written record has been cut off. */
  tornTailCut: 3,
  /** The state was replaced. subject: the snapshot, `null` for the empty state. */
  restored: 4,
  /** A transaction was applied outside BROADCAST. value: its zxid; subject: the txn. */
  replayed: 5,
  /** The state was copied. value: the label; subject: the snapshot. */
  captured: 6,

  // Election
  /** value: round; subject: why the last role ended, if one did. */
  looking: 10,
  /** value: the candidate's zxid; peer: the candidate. */
  voteChanged: 11,
  /** A quorum of votes of this round stood through the quiet time. value: round; peer: leader. */
  elected: 12,
  /** A quorum of members names a leader, and it says so itself. value: round; peer: leader. */
  joined: 13,
  /** value: round. */
  votesSentAgain: 14,
  leading: 15,
  /** peer: leader. */
  following: 16,
  /** peer: leader. */
  observing: 17,
  /** A role ends; the log is brought to rest. subject: why. */
  leaving: 18,

  // Discovery
  /** A quorum has registered. value: the new epoch. */
  epochFixed: 20,
  /** value: epoch, now durable. */
  acceptedEpochWritten: 21,
  /** value: epoch; peer: learner. */
  leaderInfoSent: 22,
  /** value: last zxid; peer: leader. */
  ackEpochSent: 23,
  /** A quorum has acknowledged the epoch. value: epoch. */
  ackEpochQuorum: 24,
  /** value: epoch, now durable. */
  currentEpochWritten: 25,
  /** value: epoch, durable in the temporary file, which nobody reads. */
  acceptedEpochTmpWritten: 28,
  currentEpochTmpWritten: 29,
  /** The leader will not have a learner whose history is ahead of its own. peer: learner. */
  learnerAhead: 26,
  /** A learner has accepted a higher epoch than that of its leader. peer: the other. */
  higherEpochMet: 27,

  // Synchronisation, at the leader: value: the learner's last zxid; peer: learner
  diffChosen: 30,
  diffFromDiskChosen: 31,
  truncChosen: 32,
  truncDiffChosen: 33,
  snapChosen: 34,
  /** value: epoch; peer: learner. */
  newLeaderSent: 35,
  /** A quorum holds the initial history; the leader serves. value: epoch. */
  established: 36,
  /** value: epoch; peer: learner. */
  upToDateSent: 37,

  // Synchronisation, at a learner
  diffReceived: 40,
  /** value: the cut. */
  truncReceived: 41,
  /** A snapshot comes, and the state goes. value: the snapshot's zxid. */
  snapReceived: 42,
  /** The snapshot has come whole. value: its zxid. */
  snapshotRead: 49,
  /** The history has been cut, and read again. value: last zxid. */
  truncated: 43,
  /** There was no state to cut back to. value: the cut. */
  cutImpossible: 44,
  /** The snapshot is durable in place of all else. value: its zxid. */
  snapshotInstalled: 45,
  /** The initial history is in the log. value: last zxid. */
  historyAppended: 64,
  /** It is synced. value: last zxid. */
  historySynced: 46,
  /** value: epoch; peer: leader. */
  newLeaderAcked: 47,
  /** The learner serves. value: epoch. */
  upToDate: 48,
  /** The snapshots beyond the cut are gone. value: the cut. */
  snapshotsCut: 61,
  /** The log beyond the cut is gone too. value: the cut. */
  logCut: 62,
  /** The snapshot is durable in a temporary file, which nobody reads. value: its zxid. */
  snapshotTmpWritten: 63,

  // Broadcast
  /** subject: the txn, as for all of this group; value: its zxid. */
  proposed: 50,
  appended: 51,
  /** peer: leader. */
  acked: 52,
  /** At the leader: a quorum has it. */
  committed: 53,
  /** The same, for the first of an epoch. */
  firstCommitOfEpoch: 65,
  /** Applied because it is committed. */
  delivered: 54,
  /** A COMMIT that is not for the oldest pending proposal. */
  commitUnmatched: 55,
  /** A txn that does not follow the one before it. */
  historyGap: 56,
  /** The first packet in answer to NEWLEADER was not its ACK. peer: learner. */
  badAck: 57,
  /** A leader has lost its quorum. */
  quorumLost: 58,
  /** The counter has reached its end. */
  rolledOver: 59,
  /** The log is synced. value: last zxid. */
  logSynced: 60,

  // Snapshots in the background, and the first of all. value: zxid
  /** The state is about to be copied. */
  snapshotBegun: 70,
  /** The file is complete; a loss of power can still damage it. */
  snapshotSaved: 71,
  /** Half of the file is written. */
  snapshotHalfWritten: 72,
  /** The first snapshot is durable. */
  snapshotSynced: 73,
} as const;

export type ZabEvent = (typeof ZAB_EVENTS)[keyof typeof ZAB_EVENTS];
