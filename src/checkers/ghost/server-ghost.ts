import type { SessionId } from '../../keeper/session-id.ts';
import type { Sid } from '../../zab/ports.ts';
import { type Epoch, epochOf, ZXID_ZERO, type Zxid } from '../../zab/zxid.ts';
import type { HistoryNode } from '../history-tree.ts';
import { HistoryPath } from './history-path.ts';

/** When a leader last heard of a session, and what keeps the session alive from then. */
export interface SignOfLife {
  /** Microseconds of simulated time. */
  readonly at: number;
  readonly timeoutMs: number;
}

/** What is known of a server from what it did. */
export class ServerGhost {
  readonly sid: Sid;
  /** Of how many starts this is the last. */
  incarnation = 0;
  /** What its state is made of, committed or not. */
  history: HistoryNode;
  /** What its log holds, synced or not, with the snapshot that it begins behind. */
  readonly log: HistoryPath;
  /** What a loss of power would leave of its log for certain. */
  durable: HistoryNode;
  /** The epoch of which a quorum has acknowledged to it that it is the leader; 0 for none. */
  claimedEpoch: Epoch = 0;
  /** What its log held then: what the epoch is to begin with. */
  claim: HistoryNode | null = null;
  /** The epoch whose initial history it has acknowledged in the role that it has; 0 for none. */
  synchronisedEpoch: Epoch = 0;
  /** The epoch in which it serves; 0 as long as it does not. */
  servedEpoch: Epoch = 0;
  /** The epoch that it leads, or led last, and up to where it has committed in it. */
  ledEpoch: Epoch = 0;
  ledTo: HistoryNode | null = null;
  /** The highest epochs known to have been on its disk. */
  acceptedEpoch: Epoch = 0;
  currentEpoch: Epoch = 0;
  /**
   * Whether it has been given history of an epoch that it may not have entered: its role may end
   * before `currentEpoch` is written, and only a restart makes up for that.
   */
  isBetweenEpochs = false;
  /**
   * What was committed when a leader chose TRUNC or SNAP for it; `null` if the last choice was none of
   * these. Whoever is told to cut may come to the end of it when that leader is long gone.
   */
  committedAtChoice: HistoryNode | null = null;
  /** The sessions that learners have told it of in the role that it has. */
  readonly heardOf: Map<SessionId, SignOfLife> = new Map();
  /** The last zxid that it has told a leader to have on its disk. */
  acknowledged: Zxid = ZXID_ZERO;

  constructor(sid: Sid, history: HistoryNode) {
    this.sid = sid;
    this.history = history;
    this.durable = history;
    this.log = new HistoryPath(history);
  }

  /** The epoch that it would start with: see `Rules.recoverCurrentEpoch`. */
  get recoverableEpoch(): Epoch {
    return Math.max(this.currentEpoch, epochOf(this.durable.zxid));
  }

  /** A quorum follows it into an epoch. */
  claims(epoch: Epoch): void {
    this.claimedEpoch = epoch;
    this.claim = this.log.tip;
  }

  /** @param incarnation of how many starts this is the last */
  started(incarnation: number): void {
    this.incarnation = incarnation;
    this.committedAtChoice = null;
  }

  /** The process has ended, or the role. */
  left(): void {
    this.ledTo = null;
    this.claimedEpoch = 0;
    this.claim = null;
    this.synchronisedEpoch = 0;
    this.servedEpoch = 0;
    this.heardOf.clear();
  }

  /** `server 3 (start 1)`. */
  get name(): string {
    return `server ${this.sid} (start ${this.incarnation})`;
  }
}
