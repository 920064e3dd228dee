import type { BitSet } from '../kernel/bit-set.ts';
import type { Sid } from './ports.ts';

/** The settings of an ensemble, with ZooKeeper's names and units. */
export interface EnsembleConfig {
  readonly voters: BitSet;
  readonly observers: BitSet;
  /** The unit of `initLimit` and `syncLimit`. */
  readonly tickTimeMs: number;
  /** Ticks that each step of a leader's taking office may last. */
  readonly initLimit: number;
  /** Ticks without a word after which leader and learner give each other up. */
  readonly syncLimit: number;
  /** Silence in an election after which votes are sent again; doubles up to the maximum. */
  readonly electionPollMinMs: number;
  readonly electionPollMaxMs: number;
  /** Quiet that must follow a quorum of votes before it counts. */
  readonly finalizeWaitMs: number;
  /** Connecting on the election channel. */
  readonly connectTimeoutMs: number;
  /** A learner's attempts to reach its leader. */
  readonly leaderConnectTries: number;
  readonly leaderConnectRetryMs: number;
  /** A learner that has missed so many transactions is synchronised from memory. */
  readonly commitLogCount: number;
  /** A snapshot is taken after this many transactions at most, and half as many at least. */
  readonly snapCount: number;
  /** A learner is synchronised from the log on disk up to this share of a snapshot's size, in ppm. */
  readonly snapshotSizePpm: number;
  /** Log files are padded to a multiple of this; it counts in that comparison. 0: no padding. */
  readonly preAllocBytes: number;
  /** The counter of every epoch starts after this; near the top, rollover is not far. */
  readonly counterStart: number;
}

/** ZooKeeper's defaults, with the sample file's tick and limits. */
export const DEFAULT_TIMING: Omit<EnsembleConfig, 'voters' | 'observers'> = {
  tickTimeMs: 2000,
  initLimit: 10,
  syncLimit: 5,
  electionPollMinMs: 200,
  electionPollMaxMs: 60_000,
  finalizeWaitMs: 200,
  connectTimeoutMs: 5000,
  leaderConnectTries: 5,
  leaderConnectRetryMs: 100,
  commitLogCount: 500,
  snapCount: 100_000,
  snapshotSizePpm: 330_000,
  preAllocBytes: 64 * 1024 * 1024,
  counterStart: 0,
};

export interface ServerConfig extends EnsembleConfig {
  readonly sid: Sid;
}
