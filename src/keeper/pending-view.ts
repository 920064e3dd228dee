import { Fifo } from '../kernel/fifo.ts';
import type { Zxid } from '../zab/zxid.ts';
import type { Acl } from './acl.ts';
import type { DataTree } from './data-tree.ts';
import { parentOf } from './path.ts';
import type { SessionId } from './session-id.ts';

/** What preparation has to know of a node. */
export interface NodeRecord {
  readonly path: string;
  readonly exists: boolean;
  readonly version: number;
  /** Children ever created. */
  readonly cversion: number;
  readonly aversion: number;
  readonly ephemeralOwner: SessionId;
  readonly childCount: number;
  readonly acl: Acl;
}

interface PendingChange {
  readonly zxid: Zxid;
  readonly record: NodeRecord;
  /** What was pending at the path before. */
  readonly previous: NodeRecord | undefined;
}

/**
 * The tree as it will be once everything proposed is applied. Writes are checked against it, so
 * that each is judged behind all that came before it. `PrepRequestProcessor.outstandingChanges`.
 */
export class PendingView {
  private readonly tree: DataTree;
  private readonly seesProposed: boolean;
  private readonly changes = new Fifo<PendingChange>();
  private readonly latest = new Map<string, NodeRecord>();

  /** @param seesProposed whether it shows what is proposed; if not, only what is applied */
  constructor(tree: DataTree, seesProposed: boolean) {
    this.tree = tree;
    this.seesProposed = seesProposed;
  }

  /** The node at `path`, `null` if there will be none. */
  get(path: string): NodeRecord | null {
    const pending = this.seesProposed ? this.latest.get(path) : undefined;
    if (pending !== undefined) return pending.exists ? pending : null;
    const node = this.tree.nodes.get(path);
    if (node === undefined) return null;
    return {
      path,
      exists: true,
      version: node.version,
      cversion: node.cversion,
      aversion: node.aversion,
      ephemeralOwner: node.ephemeralOwner,
      childCount: node.children.size,
      acl: node.acl,
    };
  }

  put(zxid: Zxid, record: NodeRecord): void {
    this.changes.push({ zxid, record, previous: this.latest.get(record.path) });
    this.latest.set(record.path, record);
  }

  /** How much is pending: what {@link rollback} goes back to. */
  mark(): number {
    return this.changes.length;
  }

  /** Takes back what was put since the mark. Nothing may have been applied meanwhile. */
  rollback(mark: number): void {
    for (let index = this.changes.length - 1; index >= mark; index--) {
      const change = this.changes.at(index);
      if (change === undefined) continue;
      const { record, previous } = change;
      if (previous === undefined) this.latest.delete(record.path);
      else this.latest.set(record.path, previous);
    }
    this.changes.truncate(mark);
  }

  /** Whether quotas let the tree grow; they look at what is applied already. */
  mayGrow(path: string, count: number, bytes: number): boolean {
    return this.tree.mayGrow(path, count, bytes);
  }

  /** Of the data at a path, as it is applied already. */
  dataLength(path: string): number {
    return this.tree.nodes.get(path)?.data?.length ?? 0;
  }

  /** The node at `path` will be deleted. */
  remove(zxid: Zxid, path: string): void {
    const node = this.get(path);
    const parent = this.get(parentOf(path));
    if (parent !== null) this.put(zxid, { ...parent, childCount: parent.childCount - 1 });
    if (node !== null) this.put(zxid, { ...node, exists: false });
  }

  /** The tree has caught up with everything up to `zxid`. */
  applied(zxid: Zxid): void {
    for (;;) {
      const change = this.changes.at(0);
      if (change === undefined || change.zxid > zxid) return;
      this.changes.shift();
      const { record } = change;
      if (this.latest.get(record.path) === record) this.latest.delete(record.path);
    }
  }

  /** The ephemeral nodes that a session will have. */
  ephemeralsOf(session: SessionId): string[] {
    const paths = new Set(this.tree.ephemeralsOf(session));
    if (!this.seesProposed) return [...paths];
    for (const { record } of this.changes) {
      if (!record.exists) paths.delete(record.path);
      else if (record.ephemeralOwner === session) paths.add(record.path);
    }
    return [...paths];
  }
}
