/**
 * What happens to hosts and connections, for observers, triggers and traces. `value` and `peer`
 * are the numbers that go with each; host ids are the world's.
 */
export const WORLD_EVENTS = {
  /** A process began. value: incarnation, from 1. */
  processStarted: 200,
  /** A process ended. value: 0 killed, 1 power lost, 2 by its own decision. */
  processEnded: 201,
  paused: 202,
  resumed: 203,
  /** peer: the other end of the directed link. */
  linkCut: 204,
  linkHealed: 205,
  /** A connection was broken from outside. */
  connectionReset: 206,
  /** A crash took records that had been appended and not synced. value: how many. */
  unsyncedLost: 207,
  /** A crash left the last record half written. */
  tornTail: 208,
  /** A process is told that a write has failed. value: what the process calls the write. */
  diskFailed: 209,
  /** A process takes no messages from its connections any more, and does so again. */
  readingStopped: 210,
  readingResumed: 211,
} as const;

export type WorldEvent = (typeof WORLD_EVENTS)[keyof typeof WORLD_EVENTS];
