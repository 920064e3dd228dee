import type { Sid } from '../../zab/ports.ts';
import { type Epoch, ZXID_ZERO, type Zxid } from '../../zab/zxid.ts';
import type { HistoryNode } from '../history-tree.ts';

/** What is known of a server from what it did. */
export class ServerGhost {
  readonly sid: Sid;
  /** Of how many starts this is the last. */
  incarnation = 0;
  /** What its state is made of, committed or not. */
  history: HistoryNode;
  /** The epoch that it leads, or led last, and up to where it has committed in it. */
  ledEpoch: Epoch = 0;
  ledTo: HistoryNode | null = null;
  /** The highest epochs known to have been on its disk. */
  acceptedEpoch: Epoch = 0;
  currentEpoch: Epoch = 0;
  /** The last zxid that it has told a leader to have on its disk. */
  acknowledged: Zxid = ZXID_ZERO;

  constructor(sid: Sid, history: HistoryNode) {
    this.sid = sid;
    this.history = history;
  }

  /** `server 3 (start 1)`. */
  get name(): string {
    return `server ${this.sid} (start ${this.incarnation})`;
  }
}
