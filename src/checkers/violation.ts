/** What a run promises; each is checked by one of the checkers. */
export const PROPERTIES = {
  leadership: 'at most one server is established as the leader of an epoch',
  integrity: 'what is committed was proposed, and is what was proposed under that zxid',
  'total-order': 'transactions are committed in one order, by one leader after the other',
  agreement: 'every server delivers what was committed, and nothing else',
  'primary-order': 'zxids rise along the committed sequence, within an epoch without a gap',
  'committed-never-lost': 'the history of every new leader holds all that was committed',
  'acknowledged-is-durable': 'what a server has acknowledged is still there after a restart',
  'epochs-rise': 'accepted and current epochs never fall, and current never passes accepted',
  'equal-digests': 'servers that have delivered the same transactions have the same tree',
  'channel-order': 'proposals and commits arrive in order and without a gap',
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
  'session-expiry': 'only the leader decides that a session has been silent for too long',
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
