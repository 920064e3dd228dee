import {
  asZxid,
  COUNTER_MAX,
  counterOf,
  epochOf,
  makeZxid,
  ZXID_ZERO,
  type Zxid,
} from '../../src/zab/zxid.ts';

interface Reign {
  readonly epoch: number;
  /** The recorded zxid that the epoch's counter 0 stands for. */
  readonly base: number;
}

/**
 * Translates between a simulated server's zxids and recorded ones, which count from 0.
 *
 * A recorded server stands alone: its zxids simply go on when it is started again. A server of an
 * ensemble begins a new epoch then, so each epoch counts on from the last zxid of the one before.
 */
export class ZxidMap {
  private readonly reigns: Reign[];

  /** @param epoch of the server before the first step. @param last the last zxid that it has used */
  constructor(epoch: number, last: Zxid) {
    this.reigns = [{ epoch, base: epochOf(last) === epoch ? -counterOf(last) : 0 }];
  }

  /** The server is up again. @param last the last zxid that it used before */
  beginEpoch(epoch: number, last: Zxid): void {
    this.reigns.push({ epoch, base: this.toRecorded(last) });
  }

  /** What was there before the first step has 0; -1 stands for none. */
  toRecorded(zxid: Zxid): number {
    if (zxid <= 0) return zxid;
    const reign = this.reigns.find(({ epoch }) => epoch === epochOf(zxid));
    return reign === undefined ? 0 : Math.max(0, reign.base + counterOf(zxid));
  }

  toSimulated(recorded: number): Zxid {
    if (recorded <= 0) return recorded === 0 ? ZXID_ZERO : asZxid(recorded);
    const reign = this.reigns.findLast(({ base }) => base < recorded);
    return reign === undefined
      ? ZXID_ZERO
      : makeZxid(reign.epoch, Math.min(recorded - reign.base, COUNTER_MAX));
  }
}
