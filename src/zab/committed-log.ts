import { Fifo } from '../kernel/fifo.ts';
import type { Txn } from './txn.ts';
import { follows, ZXID_ZERO, type Zxid } from './zxid.ts';

/**
 * The latest transactions applied here, from which a leader synchronises learners without reading
 * its disk. `ZKDatabase.committedLog`.
 */
export class CommittedLog {
  private readonly txns = new Fifo<Txn>();
  private readonly commitLogCount: number;
  private readonly counterStart: number;

  /**
   * @param commitLogCount how many a learner may have missed: as many are kept, and one before
   *   them, in which the learner finds its own last one
   */
  constructor(commitLogCount: number, counterStart: number) {
    this.commitLogCount = commitLogCount;
    this.counterStart = counterStart;
  }

  get isEmpty(): boolean {
    return this.txns.length === 0;
  }

  get min(): Zxid {
    return this.txns.at(0)?.zxid ?? ZXID_ZERO;
  }

  get max(): Zxid {
    return this.txns.at(this.txns.length - 1)?.zxid ?? ZXID_ZERO;
  }

  /**
   * Adds the transaction that was just applied. One that is there already is ignored.
   *
   * @returns `false` if it does not follow the last one; the window then starts afresh with it,
   *   since a window with a hole would be passed on to learners (ZOOKEEPER-4925)
   */
  add(txn: Txn): boolean {
    const { max } = this;
    if (this.txns.length > 0 && txn.zxid <= max) return true;
    const isNext = this.txns.length === 0 || follows(max, txn.zxid, this.counterStart);
    if (!isNext) this.txns.clear();
    this.txns.push(txn);
    if (this.txns.length > this.commitLogCount + 1) this.txns.shift();
    return isNext;
  }

  clear(): void {
    this.txns.clear();
  }

  [Symbol.iterator](): Generator<Txn> {
    return this.txns[Symbol.iterator]();
  }
}
