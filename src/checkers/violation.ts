/** What a run promises; each is checked by one of the checkers. */
export const PROPERTIES = {
  leadership: 'at most one server is established as the leader of an epoch',
  'live-leadership': 'no two servers lead at one time whom quorums have promised the same epoch',
  integrity: 'what is committed was proposed, and is what was proposed under that zxid',
  'total-order': 'transactions are committed in one order, by one leader after the other',
  agreement: 'every server delivers what was committed, and nothing else',
  'prefix-consistency': 'of what any two servers have delivered one is the beginning of the other',
  'local-primary-order':
    'every server delivers the transactions of an epoch from the first, in order',
  'global-primary-order': 'no server delivers a transaction behind one of a later epoch',
  'primary-integrity':
    'who broadcasts has delivered all of earlier epochs that anybody ever delivers',
  'primary-order': 'zxids rise along the committed sequence, within an epoch without a gap',
  'committed-never-lost': 'the history of every new leader holds all that was committed',
  recoverability:
    'whatever quorum were left with its disks alone would elect one with all committed',
  'initial-history':
    'what an epoch begins with is the beginning of what every later one begins with',
  'commit-consistency':
    'of what two servers have delivered in an epoch one is the beginning of the other',
  'log-consistency': 'of the logs of two servers of one epoch one is the beginning of the other',
  'leader-reads': 'what a leader in office has shown every later one shows',
  'process-consistency':
    'the log of a learner that begins to serve is a beginning of that of its leader',
  'leader-log-complete': 'the log of every new leader holds all that was committed',
  'committed-log-durability': 'neither TRUNC nor SNAP takes anything from a log that was committed',
  'log-contiguity': 'every log goes on with the next counter, or with the first of a later epoch',
  'acknowledged-is-durable': 'what a server has acknowledged is still there after a restart',
  'epochs-rise': 'accepted and current epochs never fall, and current never passes accepted',
  'history-in-epoch':
    'no server votes or acknowledges with a transaction of an epoch that it is not in',
  'equal-digests': 'servers that have delivered the same transactions have the same tree',
  'channel-order': 'proposals and commits arrive in order and without a gap',
  'legal-states': 'who serves is in its epoch on disk and has logged what it has applied',
  'answers-in-broadcast': 'a server answers clients only as long as it serves in an epoch',
  'legal-acks':
    'only what was proposed, or an epoch begins with, and is in the log is acknowledged',
  'legal-proposals': 'only who leads an epoch proposes in it, and who serves logs that as it was',
  'legal-commits': 'who serves delivers what is in its log, and nothing else',
  'serve-complete': 'a server serves only with the whole initial history of its epoch applied',
  'zxid-order': 'zxids rise with real time, and every write has the result that its place asks for',
  linearizability: 'some order of the writes explains all their answers',
  'fresh-sync': 'a sync that the leader in office answers shows all that anybody has seen before',
  'sequential-consistency': 'every answer shows the state at its zxid',
  'monotonic-reads': 'no read of a session shows less than one before it',
  'monotonic-writes': 'the writes of a session take effect in its order, each once at most',
  'read-your-writes': 'every read of a session shows what the session has written before',
  'writes-follow-reads': 'a write of a session takes effect behind all that the session has seen',
  'fifo-client-order': 'the requests of a session are answered in the order in which it asked',
  'asked-for': 'every write that takes effect was asked for by a client, or is the servers own',
  ephemerals: 'what a session owns goes when it ends and not before; nothing is done for it after',
  'session-expiry':
    'only the leader ends a session that is silent, and none that it has just been told of',
  'turned-away': 'a server turns away only clients that have seen what it has not',
  reaping:
    'servers remove by themselves only containers that were used and nodes whose time is over',
  watches: 'each watch event comes once, in order, before what it announces, to who asked for it',
  recipes: 'whoever follows a recipe has what the recipe promises, as far as the tree backs it',
  'recipe-progress': 'once all faults have ended whoever has asked comes to its turn',
  leader: 'once all faults have ended there is a leader within a bound',
  convergence: 'once all faults have ended all servers come to the same state',
  answers: 'once all faults have ended every operation is answered',
} as const;

export type Property = keyof typeof PROPERTIES;

/** A property that a run has broken. */
export interface Violation {
  readonly property: Property;
  readonly message: string;
  /** When it was seen: microseconds of simulated time, and how many events had happened. */
  readonly at: number;
  readonly seq: number;
}
