import type { Txn } from '../../zab/txn.ts';
import type { Zxid } from '../../zab/zxid.ts';
import type { HistoryNode } from '../history-tree.ts';

/** A history that grows and is cut, with each of its beginnings at hand. */
export class HistoryPath {
  private base: HistoryNode;
  /** The beginnings that are longer than the base, each by one more than the one before. */
  private readonly nodes: HistoryNode[] = [];

  constructor(base: HistoryNode) {
    this.base = base;
  }

  /** The whole history. */
  get tip(): HistoryNode {
    return this.nodes.at(-1) ?? this.base;
  }

  reset(history: HistoryNode): void {
    this.base = history;
    this.nodes.length = 0;
  }

  append(txn: Txn): HistoryNode {
    const node = this.tip.followedBy(txn);
    this.nodes.push(node);
    return node;
  }

  /** Keeps what is not above `zxid`. */
  cut(zxid: Zxid): void {
    while (this.nodes.length > 0 && this.tip.zxid > zxid) this.nodes.pop();
    if (this.nodes.length === 0) this.base = this.base.upTo(zxid);
  }

  /** Whether this history begins with `history`. In one step, if that is longer than the base. */
  holds(history: HistoryNode): boolean {
    const index = history.length - this.base.length - 1;
    return index < 0 ? history.isPrefixOf(this.base) : this.nodes[index] === history;
  }

  /**
   * Goes on to `history`, if that is longer.
   *
   * @returns `false` if neither is a beginning of the other; then nothing changes
   */
  merge(history: HistoryNode): boolean {
    if (this.holds(history)) return true;
    const { tip } = this;
    const added: HistoryNode[] = [];
    let node = history;
    while (node.length > tip.length && node.parent !== null) {
      added.push(node);
      node = node.parent;
    }
    if (node !== tip) return false;
    for (const next of added.reverse()) this.nodes.push(next);
    return true;
  }

  /** The beginning that ends with `zxid`, as long as that is above the base; in O(log n) steps. */
  find(zxid: Zxid): HistoryNode | null {
    const { nodes, tip } = this;
    if (tip.zxid === zxid && nodes.length > 0) return tip;
    let low = 0;
    let high = nodes.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((nodes[middle] as HistoryNode).zxid < zxid) low = middle + 1;
      else high = middle;
    }
    const node = nodes[low];
    return node?.zxid === zxid ? node : null;
  }
}
