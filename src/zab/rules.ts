import { type BitSet, size } from '../kernel/bit-set.ts';
import type { Txn } from './txn.ts';
import type { Candidate, ReceivedVote } from './vote.ts';
import type { Epoch, Zxid } from './zxid.ts';

/**
 * What a follower does between NEWLEADER and its ACK; each letter is finished before the next.
 *
 * - `S`: after SNAP, save the snapshot, durably
 * - `L`: append the committed transactions of the synchronisation to the log
 * - `F`: wait until they are synced
 * - `Q`: instead of `L` and `F`, hand all that was received to the log's thread, which will
 *   acknowledge each transaction by itself
 * - `T`: apply them to the tree and to the history in memory
 * - `E`: write `currentEpoch`, durably
 * - `A`: send ACK(`e:0`)
 */
export type NewLeaderStep = 'S' | 'L' | 'F' | 'Q' | 'T' | 'E' | 'A';

/** A history's claim in discovery: the epoch it belongs to, then how far it goes. */
export interface StateSummary {
  readonly currentEpoch: Epoch;
  readonly lastZxid: Zxid;
}

/**
 * The decisions that the protocol's correctness hangs on, one entry each, with their source.
 * A historic bug, or an idea to be tried, is this table with an entry replaced.
 *
 * "ZAB" is Junqueira, Reed and Serafini, "Zab: High-performance broadcast for primary-backup
 * systems" (DSN 2011); the rest are classes of ZooKeeper.
 */
export interface Rules {
  /** Whether `acks` are enough of `voters` to decide anything. `QuorumMaj.containsQuorum`. */
  isQuorum(acks: BitSet, voters: BitSet): boolean;

  /**
   * Whether candidate `a` beats `b`: by epoch, then zxid, then id. A strict total order, so that
   * every server that hears the same votes prefers the same one.
   * `FastLeaderElection.totalOrderPredicate`.
   */
  isBetter(a: Candidate, b: Candidate): boolean;

  /**
   * Whether the votes of two members of an ensemble name the same leader. Zxid and round may
   * rightly differ, since members join in different rounds. `Vote.equals`, ZOOKEEPER-1732.
   */
  isSameLeader(a: ReceivedVote, b: ReceivedVote): boolean;

  /**
   * The epoch that a leader proposes when the highest its quorum has accepted is `accepted`.
   * Nobody can have used it, since a quorum would have had to accept it first.
   * ZAB phase 1, CEPOCH; `Leader.getEpochToPropose`.
   */
  nextEpoch(accepted: Epoch): Epoch;

  /**
   * A learner's answer to a proposed epoch: promise it, answer without counting because it was
   * promised before (perhaps to somebody else), or refuse. ZAB phase 1, NEWEPOCH;
   * `Learner.registerWithLeader`.
   */
  answerEpoch(proposed: Epoch, accepted: Epoch): 'promise' | 'repeat' | 'refuse';

  /**
   * Whether a learner's history is ahead of the leader's, which therefore must not count on it:
   * the leader would lose what the learner has. ZAB phase 1, selection of the initial history;
   * `Leader.waitForEpochAck`.
   */
  isAhead(learner: StateSummary, leader: StateSummary): boolean;

  /**
   * Whether a leader that meets a learner with a higher accepted epoch than its own steps down.
   * ZooKeeper's goes on, and the learner stays outside until somebody else causes an election.
   */
  readonly stepsDownForHigherEpoch: boolean;

  /**
   * Whether a learner's transactions that the leader does not have are cut off before it is sent
   * others. `LearnerHandler.syncFollower`, ZOOKEEPER-1154.
   */
  readonly cutsUnknownTail: boolean;

  /**
   * Whether a learner that comes back to its leader has acknowledged nothing, of what is not
   * committed, until it does so again: what it has of that is cut off and sent anew, and until it
   * is on the disk once more no commit may rest on it. What is committed already must not be cut
   * off at all. ZooKeeper's leader keeps the acknowledgements, and cuts behind what it has applied.
   */
  readonly forgetsAcksOfReturned: boolean;

  /**
   * Whether a leader sends learners from its log only what has no gap. A log that a snapshot has
   * reached over has one, and what is before it may never have been committed.
   * `ZKDatabase.getProposalsFromTxnLog`, ZOOKEEPER-2846.
   */
  readonly checksLogForGaps: boolean;

  /**
   * How many records of its log a learner keeps that is told to cut it behind `cut`: those that
   * are not above. `FileTxnLog.truncate`.
   */
  recordsKept(records: readonly Txn[], cut: Zxid): number;

  /**
   * Whether the learner removes its snapshots above the cut too. A leader saves its state when it
   * takes office, with proposals that nobody may ever commit. `ZKDatabase.truncateLog`,
   * ZOOKEEPER-4837.
   */
  readonly cutsSnapshots: boolean;

  /**
   * Whether a leader's snapshot takes the place of the learner's log, which may end with proposals
   * that this leader's history does not have. `Learner.syncWithLeader`, ZOOKEEPER-2832.
   */
  readonly snapReplacesLog: boolean;

  /** The order at NEWLEADER. `Learner.syncWithLeader`, ZOOKEEPER-3911, 4643, 4646, 4685, 4785. */
  readonly newLeaderSteps: readonly NewLeaderStep[];

  /**
   * Whether a leader takes nothing but ACK(`e:0`) for the answer to NEWLEADER, which says that a
   * learner has the whole initial history. `LearnerHandler.run`, ZOOKEEPER-4685.
   */
  readonly demandsNewLeaderAck: boolean;

  /**
   * Whether a leader takes office only when a quorum has its history on disk. Before that the next
   * leader need not have what this one would show, of proposals that it alone has. ZAB phase 2,
   * COMMIT-LD; `Leader.waitForNewLeaderAck`.
   */
  readonly awaitsHistoryQuorum: boolean;

  /**
   * When a server acknowledges a transaction: after the sync that covers it, since a quorum's
   * acknowledgements commit it. ZAB phase 3; `SyncRequestProcessor.flush`.
   */
  readonly acknowledges: 'when-synced' | 'when-received';

  /**
   * Whether a leader commits a transaction only when all before it are committed. As long as
   * acknowledgements come in order it could do nothing else. ZAB phase 3; `Leader.tryToCommit`.
   */
  readonly commitsInOrder: boolean;

  /**
   * When a learner applies a transaction: only COMMIT says that a quorum has it, and that no later
   * leader takes it back. ZAB phase 3; `FollowerZooKeeperServer.commit`.
   */
  readonly applies: 'when-committed' | 'when-proposed';

  /**
   * Whether observers log what they are told. They have no say in commits, but start again, and
   * save snapshots, from what is on their disk. `ObserverZooKeeperServer`, `zookeeper.observer.syncEnabled`.
   */
  readonly observersLog: boolean;

  /**
   * The `acceptedEpoch` with which a server starts that finds `accepted` and `current` in its files:
   * a promise outlives the process that has given it. ZAB phase 1, f.p; `QuorumPeer.loadDataBase`.
   */
  recoverAcceptedEpoch(accepted: Epoch, current: Epoch): Epoch;

  /**
   * The `currentEpoch` with which a server starts that finds `current` in the file and a history
   * that reaches into `lastEpoch`; `null` if it must not start.
   *
   * A transaction of an epoch on the disk implies that epoch's whole initial history below it. A
   * crash between the two writes leaves the file behind; ZooKeeper's servers then refuse to run.
   */
  recoverCurrentEpoch(current: Epoch, lastEpoch: Epoch, accepted: Epoch): Epoch | null;
}

export const CORRECT_RULES: Rules = {
  isQuorum: (acks, voters) => size(acks & voters) > size(voters) / 2,

  isBetter: (a, b) => {
    if (a.peerEpoch !== b.peerEpoch) return a.peerEpoch > b.peerEpoch;
    if (a.zxid !== b.zxid) return a.zxid > b.zxid;
    return a.leader > b.leader;
  },

  isSameLeader: (a, b) => a.leader === b.leader && a.peerEpoch === b.peerEpoch,

  nextEpoch: (accepted) => accepted + 1,

  answerEpoch: (proposed, accepted) => {
    if (proposed > accepted) return 'promise';
    return proposed === accepted ? 'repeat' : 'refuse';
  },

  isAhead: (learner, leader) => {
    if (learner.currentEpoch !== leader.currentEpoch) {
      return learner.currentEpoch > leader.currentEpoch;
    }
    return learner.lastZxid > leader.lastZxid;
  },

  stepsDownForHigherEpoch: true,
  cutsUnknownTail: true,
  forgetsAcksOfReturned: true,
  checksLogForGaps: true,
  recordsKept: (records, cut) => records.findLastIndex(({ zxid }) => zxid <= cut) + 1,
  cutsSnapshots: true,
  snapReplacesLog: true,
  newLeaderSteps: ['S', 'L', 'F', 'T', 'E', 'A'],
  demandsNewLeaderAck: true,
  awaitsHistoryQuorum: true,
  acknowledges: 'when-synced',
  commitsInOrder: true,
  applies: 'when-committed',
  observersLog: true,

  recoverAcceptedEpoch: (accepted) => accepted,

  recoverCurrentEpoch: (current, lastEpoch, accepted) => {
    if (lastEpoch <= current) return current;
    return lastEpoch <= accepted ? lastEpoch : null;
  },
};
