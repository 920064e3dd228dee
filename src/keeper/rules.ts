import { CORRECT_RULES, type Rules } from '../zab/rules.ts';

/** What a sequence number may be taken from. */
export interface ParentCounts {
  /** Children ever created. */
  readonly cversion: number;
  readonly childCount: number;
}

/** The decisions that the promises of the service hang on, one entry each, with their source. */
export interface ServiceRules {
  /**
   * Whether requests of a session are refused from the moment its end is decided, wherever they
   * have been on their way. A node created behind the end would be nobody's to remove.
   * `SessionTrackerImpl.checkSession`, ZOOKEEPER-1208.
   */
  readonly refusesEndedSessions: boolean;

  /**
   * Who decides that a session is over. Only the leader hears of it wherever its client is
   * connected. `LearnerSessionTracker`.
   */
  readonly expiresSessions: 'leader' | 'every server';

  /**
   * Whether requests of a session that come through a server which it has left are refused: it may
   * have gone on elsewhere, and this would come behind what it has asked for there.
   * `SessionTrackerImpl.checkSession`, SESSIONMOVED.
   */
  readonly refusesMovedSessions: boolean;

  /**
   * Whether a server that serves no more closes its clients' connections. What they wait for it has
   * forgotten. `ZooKeeperServer.shutdown`.
   */
  readonly closesOnStop: boolean;

  /**
   * Whether a container stays until something has been in it: whoever has made one is about to put
   * something there. `ContainerManager.getCandidates`.
   */
  readonly sparesUnusedContainers: boolean;

  /** The number behind the name of a sequential node: none is used twice. `Stat.cversion`. */
  sequenceNumber(parent: ParentCounts): number;

  /**
   * Whether what a multi has changed is taken back when one of its parts fails.
   * `PrepRequestProcessor.rollbackPendingChanges`.
   */
  readonly undoesFailedMulti: boolean;

  /**
   * Whether a watch event is on its way before anything that shows the change.
   * `WatchManager.triggerWatch`, called while the transaction is applied.
   */
  readonly sendsEventsFirst: boolean;

  /**
   * Whether a sync of a client of the leader itself waits for what is committed and for what is
   * proposed, as one that a learner forwards does. ZooKeeper's passes like a read, although the
   * leader may not have applied yet what clients of others have been answered.
   * `ProposalRequestProcessor`, ZOOKEEPER-1675.
   */
  readonly syncWaitsAtLeader: boolean;

  /**
   * Whether a learner that has lost its leader lets go of its clients until it has another.
   * `LearnerZooKeeperServer.shutdown`.
   */
  readonly leavesClients: boolean;

  /**
   * Whether an answer carries the zxid of a transaction and never `e:0`, by which a leader begins
   * its epoch. Learners that have missed nothing hear of the epoch with its first transaction: until
   * then they would turn away as being ahead whoever was told of it. `FinalRequestProcessor`.
   */
  readonly answersNameTxns: boolean;

  /**
   * Whether a server turns away clients that have seen more than it has: they would see the past.
   * `ZooKeeperServer.processConnectRequest`.
   */
  readonly refusesClientsAhead: boolean;

  /** Whether a session's reads wait until what it has asked for before is done. `CommitProcessor`. */
  readonly readsWaitForWrites: boolean;

  /**
   * Whether a client that sets its watches again is told what has changed since. Of such a change
   * no event will ever come. `DataTree.setWatches`.
   */
  readonly tellsMissedChanges: boolean;

  /**
   * Whether sessions live on as long as learners hear from them: the leader itself hears nothing of
   * clients that only read. `LearnerHandler`, the answers to PING.
   */
  readonly countsTouchTables: boolean;

  /**
   * Whether a write is checked behind all that was proposed before it, and not only behind what is
   * applied. `PrepRequestProcessor.outstandingChanges`.
   */
  readonly checksBehindProposed: boolean;
}

/** All decisions of a server. */
export interface ServerRules extends Rules, ServiceRules {}

/** A server as it should be. */
export const CORRECT_SERVER_RULES: ServerRules = {
  ...CORRECT_RULES,
  refusesEndedSessions: true,
  expiresSessions: 'leader',
  refusesMovedSessions: true,
  closesOnStop: true,
  sparesUnusedContainers: true,
  sequenceNumber: ({ cversion }) => cversion,
  undoesFailedMulti: true,
  sendsEventsFirst: true,
  syncWaitsAtLeader: true,
  leavesClients: true,
  answersNameTxns: true,
  refusesClientsAhead: true,
  readsWaitForWrites: true,
  tellsMissedChanges: true,
  countsTouchTables: true,
  checksBehindProposed: true,
};
