import type { Epoch } from '../../zab/zxid.ts';

/** What a checker may see of a server. */
export interface ServerView {
  /** Of the tree as it is now. */
  readonly digest: number;
  readonly acceptedEpoch: Epoch;
  readonly currentEpoch: Epoch;
  /** Whether it serves clients, and as what. */
  readonly role: 'leader' | 'learner' | 'none';
}

/** Lets a checker look at the run. */
export interface Views {
  /** Simulated time in microseconds, and how many events have happened. */
  readonly now: number;
  readonly eventCount: number;
  /** Those whose acknowledgements count. */
  readonly voters: readonly number[];
  isServer(host: number): boolean;
  server(sid: number): ServerView;
}
