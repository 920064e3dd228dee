import type { Txn } from '../zab/txn.ts';
import { ZXID_ZERO, type Zxid } from '../zab/zxid.ts';

/**
 * A history: a transaction and all that came before it. Equal histories are the same node, so
 * comparing two of any length is comparing two references.
 */
export class HistoryNode {
  readonly parent: HistoryNode | null;
  readonly txn: Txn | null;
  readonly length: number;
  isCommitted = false;
  /** The tree's digest after it, as the first server had it that served there. */
  digest: number | null = null;

  private only: HistoryNode | null = null;
  private others: HistoryNode[] | null = null;

  constructor(parent: HistoryNode | null, txn: Txn | null) {
    this.parent = parent;
    this.txn = txn;
    this.length = parent === null ? 0 : parent.length + 1;
  }

  get zxid(): Zxid {
    return this.txn?.zxid ?? ZXID_ZERO;
  }

  /** This history with `txn` behind it. */
  followedBy(txn: Txn): HistoryNode {
    if (this.only === null) this.only = new HistoryNode(this, txn);
    if (this.only.txn === txn) return this.only;
    this.others ??= [];
    let found = this.others.find((node) => node.txn === txn);
    if (found === undefined) {
      found = new HistoryNode(this, txn);
      this.others.push(found);
    }
    return found;
  }

  /** The part of this history that is not above `zxid`. */
  upTo(zxid: Zxid): HistoryNode {
    let node: HistoryNode = this;
    while (node.parent !== null && node.zxid > zxid) node = node.parent;
    return node;
  }

  /** What this history and `other` both begin with. */
  commonWith(other: HistoryNode): HistoryNode {
    let a: HistoryNode = this;
    let b = other;
    while (a !== b) {
      const longer = a.length >= b.length ? a : b;
      if (longer.parent === null) break;
      if (longer === a) a = longer.parent;
      else b = longer.parent;
    }
    return a;
  }

  /** Whether `other` begins with this history. */
  isPrefixOf(other: HistoryNode): boolean {
    let node: HistoryNode | null = other;
    while (node !== null && node.length > this.length) node = node.parent;
    return node === this;
  }
}
