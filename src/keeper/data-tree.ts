import type { Snapshot } from '../zab/txn.ts';
import { ZXID_ZERO, type Zxid } from '../zab/zxid.ts';
import { OP } from './codes.ts';
import { nameOf, parentOf } from './path.ts';
import { NO_SESSION, type SessionId } from './session-id.ts';
import { aclBytes, type CreateTxn, dataBytes, type Transaction } from './transaction.ts';
import { Znode } from './znode.ts';

/** A copy of a tree and its sessions. */
export interface TreeSnapshot extends Snapshot {
  readonly lastTxnZxid: Zxid;
  readonly nodes: readonly Znode[];
  readonly sessions: ReadonlyMap<SessionId, number>;
}

const STAT_BYTES = 60;
const EMPTY_DATA = new Uint8Array(0);

/**
 * The replicated state: the znodes and the sessions. Applying a transaction a second time changes
 * nothing, because a snapshot may already hold its effects. `DataTree`.
 */
export class DataTree {
  /** Of the last transaction, or `e:0` while epoch e has none yet and this server leads it. */
  lastProcessedZxid: Zxid = ZXID_ZERO;
  /**
   * Of the last transaction. Answers carry this one: a client that was told `e:0` would be turned
   * away by followers, which only learn of the epoch with its first transaction.
   */
  lastTxnZxid: Zxid = ZXID_ZERO;
  readonly nodes: Map<string, Znode> = new Map();
  /** The sessions with their time-outs in milliseconds. */
  readonly sessions: Map<SessionId, number> = new Map();
  /** The sum of all nodes' digests; equal at equal zxids on every server. */
  digest = 0;

  private readonly ephemerals = new Map<SessionId, Set<string>>();
  /** Nodes of any other owner are in a snapshot too, and are copied before they change. */
  private owner: object = {};

  constructor() {
    this.clear();
  }

  /** The ephemeral nodes of a session, in the order of their creation. */
  ephemeralsOf(session: SessionId): ReadonlySet<string> {
    return this.ephemerals.get(session) ?? NONE;
  }

  apply(txn: Transaction): void {
    switch (txn.type) {
      case OP.create:
      case OP.create2:
        this.create(txn.body, txn.body.isEphemeral ? txn.session : NO_SESSION, txn);
        break;
      case OP.delete:
        this.delete(txn.body.path, txn.zxid);
        break;
      case OP.setData:
        this.setData(txn.body.path, txn.body.data, txn.body.version, txn);
        break;
      case OP.createSession:
        this.sessions.set(txn.session, txn.body.timeoutMs);
        break;
      case OP.closeSession:
        this.closeSession(txn.session, txn.body.paths, txn.zxid);
        break;
      case OP.error:
        break;
    }
    if (txn.zxid > this.lastProcessedZxid) this.lastProcessedZxid = txn.zxid;
    if (txn.zxid > this.lastTxnZxid) this.lastTxnZxid = txn.zxid;
  }

  capture(zxid: Zxid): TreeSnapshot {
    this.owner = {};
    const nodes = [...this.nodes.values()];
    let byteCount = 0;
    for (const node of nodes) {
      byteCount += STAT_BYTES + node.path.length + dataBytes(node.data) + aclBytes(node.acl);
    }
    const { lastTxnZxid } = this;
    return { zxid, byteCount, lastTxnZxid, nodes, sessions: new Map(this.sessions) };
  }

  restore(snapshot: TreeSnapshot | null): void {
    this.clear();
    if (snapshot === null) return;
    this.nodes.clear();
    this.digest = 0;
    this.owner = {};
    for (const node of snapshot.nodes) {
      this.nodes.set(node.path, node);
      this.digest += node.digest;
      if (node.isEphemeral) this.ownEphemeral(node);
    }
    for (const [session, timeoutMs] of snapshot.sessions) this.sessions.set(session, timeoutMs);
    this.lastProcessedZxid = snapshot.zxid;
    this.lastTxnZxid = snapshot.lastTxnZxid;
  }

  private clear(): void {
    this.nodes.clear();
    this.sessions.clear();
    this.ephemerals.clear();
    this.digest = 0;
    this.lastProcessedZxid = ZXID_ZERO;
    this.lastTxnZxid = ZXID_ZERO;
    for (const path of ['/', '/zookeeper', '/zookeeper/quota', '/zookeeper/config']) {
      const node = new Znode(path, this.owner);
      node.data = EMPTY_DATA;
      if (path !== '/') this.nodes.get(parentOf(path))?.addChild(nameOf(path));
      this.nodes.set(path, node);
    }
    for (const node of this.nodes.values()) this.updateDigest(node);
  }

  private create(body: CreateTxn, owner: SessionId, { zxid, time }: Transaction): void {
    const parent = this.mutable(parentOf(body.path));
    if (parent === undefined) return;
    if (body.parentCversion > parent.cversion) {
      parent.cversion = body.parentCversion;
      parent.pzxid = zxid;
    }
    if (this.nodes.has(body.path)) {
      this.updateDigest(parent);
      return;
    }
    const node = new Znode(body.path, this.owner);
    node.data = body.data;
    node.acl = body.acl;
    node.czxid = zxid;
    node.mzxid = zxid;
    node.pzxid = zxid;
    node.ctime = time;
    node.mtime = time;
    node.ephemeralOwner = owner;
    this.nodes.set(body.path, node);
    parent.addChild(nameOf(body.path));
    if (node.isEphemeral) this.ownEphemeral(node);
    this.updateDigest(parent);
    this.updateDigest(node);
  }

  private delete(path: string, zxid: Zxid): void {
    const parent = this.mutable(parentOf(path));
    const node = this.nodes.get(path);
    if (parent !== undefined) {
      parent.removeChild(nameOf(path));
      if (zxid > parent.pzxid) parent.pzxid = zxid;
      this.updateDigest(parent);
    }
    if (node === undefined) return;
    this.nodes.delete(path);
    this.digest -= node.digest;
    if (node.isEphemeral) this.ephemerals.get(node.ephemeralOwner)?.delete(path);
  }

  private setData(
    path: string,
    data: Uint8Array | null,
    version: number,
    { zxid, time }: Transaction,
  ): void {
    const node = this.mutable(path);
    if (node === undefined) return;
    node.data = data;
    node.version = version;
    node.mzxid = zxid;
    node.mtime = time;
    this.updateDigest(node);
  }

  /** Deletes what the leader listed, and what else this session has here. */
  private closeSession(session: SessionId, paths: readonly string[], zxid: Zxid): void {
    this.sessions.delete(session);
    for (const path of paths) this.delete(path, zxid);
    for (const path of [...this.ephemeralsOf(session)]) this.delete(path, zxid);
    this.ephemerals.delete(session);
  }

  private ownEphemeral(node: Znode): void {
    const paths = this.ephemerals.get(node.ephemeralOwner);
    if (paths === undefined) this.ephemerals.set(node.ephemeralOwner, new Set([node.path]));
    else paths.add(node.path);
  }

  /** The node at `path`, as one that this tree may change. */
  private mutable(path: string): Znode | undefined {
    const node = this.nodes.get(path);
    if (node === undefined || node.owner === this.owner) return node;
    const copy = node.copy(this.owner);
    this.nodes.set(path, copy);
    return copy;
  }

  private updateDigest(node: Znode): void {
    this.digest -= node.digest;
    node.digest = node.computeDigest();
    this.digest += node.digest;
  }
}

const NONE: ReadonlySet<string> = new Set();
