import type { Snapshot } from '../zab/txn.ts';
import { ZXID_ZERO, type Zxid } from '../zab/zxid.ts';
import { PERM } from './acl.ts';
import { OP } from './codes.ts';
import { nameOf, parentOf } from './path.ts';
import {
  formatQuota,
  isWithinQuota,
  limitsPath,
  parseQuota,
  prefixOfLimits,
  prefixOfStats,
  statsPath,
} from './quota.ts';
import type { SetDataBody } from './requests.ts';
import type { SessionId } from './session-id.ts';
import type { Stat } from './stat.ts';
import {
  aclBytes,
  type CreatedNode,
  dataBytes,
  type SetAclTxn,
  type SubChange,
  type Transaction,
} from './transaction.ts';
import { Watches } from './watches.ts';
import { Znode } from './znode.ts';

const STAT_BYTES = 60;

/** A copy of a tree and its sessions. */
export class TreeSnapshot implements Snapshot {
  readonly zxid: Zxid;
  readonly lastTxnZxid: Zxid;
  readonly nodes: readonly Znode[];
  readonly sessions: ReadonlyMap<SessionId, number>;

  constructor(zxid: Zxid, tree: DataTree) {
    this.zxid = zxid;
    this.lastTxnZxid = tree.lastTxnZxid;
    this.nodes = [...tree.nodes.values()];
    this.sessions = new Map(tree.sessions);
  }

  /** Worked out on demand: of most snapshots nobody wants to know, and it takes all the nodes. */
  get byteCount(): number {
    let sum = 0;
    for (const { path, data, acl } of this.nodes) {
      sum += STAT_BYTES + path.length + dataBytes(data) + aclBytes(acl);
    }
    return sum;
  }
}

const CONFIG_PATH = '/zookeeper/config';
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

  readonly watches: Watches = new Watches();

  private readonly ephemerals = new Map<SessionId, Set<string>>();
  /** The containers, and the nodes that have a time to live. */
  private readonly mortals = new Set<string>();
  /** The subtrees with a quota. */
  private readonly quotas = new Set<string>();
  /** Nodes of any other owner are in a snapshot too, and are copied before they change. */
  private owner: object = {};

  constructor() {
    this.clear();
  }

  get ephemeralCount(): number {
    let count = 0;
    for (const paths of this.ephemerals.values()) count += paths.size;
    return count;
  }

  /** The node at `path`; the empty path is the root's too. */
  find(path: string): Znode | undefined {
    return this.nodes.get(path === '' ? '/' : path);
  }

  /** The ephemeral nodes of a session, in the order of their creation. */
  ephemeralsOf(session: SessionId): ReadonlySet<string> {
    return this.ephemerals.get(session) ?? NONE;
  }

  /** How many nodes there are below one. */
  descendantCount(node: Znode): number {
    if (node.path === '/') return this.nodes.size - 1;
    let count = node.children.size;
    for (const name of node.children) {
      const child = this.nodes.get(`${node.path}/${name}`);
      if (child !== undefined) count += this.descendantCount(child);
    }
    return count;
  }

  /**
   * The containers that are empty again, and the nodes whose time is over. `ContainerManager`.
   *
   * @param nowMs the wall clock
   * @param maxNeverUsedMs how long a container may wait for its first child; 0 is for ever
   */
  overdue(nowMs: number, maxNeverUsedMs: number): string[] {
    return [...this.mortals].filter((path) => {
      const node = this.nodes.get(path);
      if (node === undefined || node.children.size > 0) return false;
      const elapsed = nowMs - node.mtime;
      if (!node.isContainer) return elapsed > node.ttl;
      return node.cversion > 0 || (maxNeverUsedMs > 0 && elapsed > maxNeverUsedMs);
    });
  }

  /** Whether hard quotas let the subtree around `path` grow. */
  mayGrow(path: string, count: number, bytes: number): boolean {
    const prefix = this.quotaOver(path);
    if (prefix === null) return true;
    const limits = this.nodes.get(limitsPath(prefix));
    const totals = this.nodes.get(statsPath(prefix));
    if (limits === undefined || totals === undefined) return true;
    return isWithinQuota(parseQuota(limits.data), parseQuota(totals.data), count, bytes);
  }

  /**
   * Carries out a transaction.
   *
   * @param stats takes the stat that each part of a multi leaves behind, `null` where it leaves none
   */
  apply(txn: Transaction, stats: (Stat | null)[] | null = null): void {
    switch (txn.type) {
      case OP.multi:
        for (const change of txn.body.changes) {
          this.change(change, txn);
          stats?.push(this.statAfter(change));
        }
        break;
      case OP.deleteContainer:
        this.delete(txn.body.path, txn.zxid);
        break;
      case OP.setACL:
        this.setAcl(txn.body);
        break;
      case OP.createSession:
        this.sessions.set(txn.session, txn.body.timeoutMs);
        break;
      case OP.closeSession:
        this.closeSession(txn.session, txn.body.paths, txn.zxid);
        break;
      default:
        this.change(txn, txn);
    }
    if (txn.zxid > this.lastProcessedZxid) this.lastProcessedZxid = txn.zxid;
    if (txn.zxid > this.lastTxnZxid) this.lastTxnZxid = txn.zxid;
  }

  capture(zxid: Zxid): TreeSnapshot {
    this.owner = {};
    return new TreeSnapshot(zxid, this);
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
      this.enlist(node);
    }
    for (const [session, timeoutMs] of snapshot.sessions) this.sessions.set(session, timeoutMs);
    this.lastProcessedZxid = snapshot.zxid;
    this.lastTxnZxid = snapshot.lastTxnZxid;
  }

  private clear(): void {
    this.nodes.clear();
    this.sessions.clear();
    this.ephemerals.clear();
    this.mortals.clear();
    this.quotas.clear();
    this.digest = 0;
    this.lastProcessedZxid = ZXID_ZERO;
    this.lastTxnZxid = ZXID_ZERO;
    for (const path of ['/', '/zookeeper', '/zookeeper/quota', CONFIG_PATH]) {
      const node = new Znode(path, this.owner);
      node.data = EMPTY_DATA;
      if (path !== '/') this.nodes.get(parentOf(path))?.addChild(nameOf(path));
      if (path === CONFIG_PATH) {
        node.acl = [{ perms: PERM.READ, scheme: 'world', id: 'anyone' }];
        node.aversion = -1;
      }
      this.nodes.set(path, node);
    }
    for (const node of this.nodes.values()) this.updateDigest(node);
  }

  private change(change: SubChange, txn: Transaction): void {
    const { type, body } = change;
    switch (type) {
      case OP.create:
      case OP.create2:
        this.create(body, txn, (node) => {
          if (body.isEphemeral) node.ephemeralOwner = txn.session;
        });
        break;
      case OP.createContainer:
        this.create(body, txn, (node) => {
          node.isContainer = true;
        });
        break;
      case OP.createTTL:
        this.create(body, txn, (node) => {
          node.ttl = body.ttl;
        });
        break;
      case OP.delete:
        this.delete(body.path, txn.zxid);
        break;
      case OP.setData:
        this.setData(body, txn);
        break;
      case OP.check:
      case OP.error:
        break;
    }
  }

  private statAfter({ type, body }: SubChange): Stat | null {
    if (type === OP.error || type === OP.check || type === OP.delete) return null;
    return this.nodes.get(body.path)?.stat() ?? null;
  }

  private create(
    body: CreatedNode,
    { zxid, time }: Transaction,
    setKind: (node: Znode) => void,
  ): void {
    const parent = this.mutable(parentOf(body.path));
    if (parent === undefined) return;
    if (body.parentCversion > parent.cversion) {
      parent.cversion = body.parentCversion;
      parent.pzxid = zxid;
    }
    const before = this.nodes.get(body.path);
    if (before !== undefined && parent.children.has(nameOf(body.path))) {
      this.updateDigest(parent);
      return;
    }
    // Out of a snapshot that is ahead; its parent has been deleted and made again since.
    if (before !== undefined) this.forget(before);
    const node = new Znode(body.path, this.owner);
    node.data = body.data;
    node.acl = body.acl;
    node.czxid = zxid;
    node.mzxid = zxid;
    node.pzxid = zxid;
    node.ctime = time;
    node.mtime = time;
    setKind(node);
    this.nodes.set(body.path, node);
    parent.addChild(nameOf(body.path));
    this.enlist(node);
    this.updateDigest(parent);
    this.updateDigest(node);
    this.measure(node);
    this.account(body.path, 1, node.data?.length ?? 0);
    this.watches.nodeCreated(body.path, zxid);
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
    this.forget(node);
    this.watches.nodeDeleted(path, zxid);
  }

  private forget({ path, digest, ephemeralOwner, data }: Znode): void {
    this.nodes.delete(path);
    this.digest -= digest;
    this.ephemerals.get(ephemeralOwner)?.delete(path);
    this.mortals.delete(path);
    const prefix = prefixOfLimits(path);
    if (prefix !== null) this.quotas.delete(prefix);
    this.account(path, -1, -(data?.length ?? 0));
  }

  private setData({ path, data, version }: SetDataBody, { zxid, time }: Transaction): void {
    const node = this.mutable(path);
    if (node === undefined) return;
    const more = (data?.length ?? 0) - (node.data?.length ?? 0);
    node.data = data;
    node.version = version;
    node.mzxid = zxid;
    node.mtime = time;
    this.updateDigest(node);
    this.account(path, 0, more);
    this.watches.nodeDataChanged(path, zxid);
  }

  private setAcl({ path, acl, version }: SetAclTxn): void {
    const node = this.mutable(path);
    if (node === undefined) return;
    node.acl = acl;
    node.aversion = version;
    this.updateDigest(node);
  }

  /** Deletes what the leader listed, and what else this session has here. */
  private closeSession(session: SessionId, paths: readonly string[], zxid: Zxid): void {
    this.sessions.delete(session);
    for (const path of paths) this.delete(path, zxid);
    for (const path of [...this.ephemeralsOf(session)]) this.delete(path, zxid);
    this.ephemerals.delete(session);
  }

  /** Notes a node that there are lists of. */
  private enlist(node: Znode): void {
    if (node.isContainer || node.ttl > 0) this.mortals.add(node.path);
    const prefix = prefixOfLimits(node.path);
    if (prefix !== null) this.quotas.add(prefix);
    if (!node.isEphemeral) return;
    const paths = this.ephemerals.get(node.ephemeralOwner);
    if (paths === undefined) this.ephemerals.set(node.ephemeralOwner, new Set([node.path]));
    else paths.add(node.path);
  }

  /** A node for the totals of a subtree is filled in when it is made. */
  private measure(node: Znode): void {
    const prefix = prefixOfStats(node.path);
    if (prefix === null) return;
    let count = 0;
    let bytes = 0;
    for (const { path, data } of this.nodes.values()) {
      if (path !== prefix && !path.startsWith(`${prefix}/`)) continue;
      count++;
      bytes += data?.length ?? 0;
    }
    node.data = formatQuota(new Map(Object.entries({ count, bytes })));
  }

  /** Keeps the totals of a subtree with a quota: no version changes, and no watch fires. */
  private account(path: string, count: number, bytes: number): void {
    const prefix = this.quotaOver(path);
    if (prefix === null) return;
    const totals = this.mutable(statsPath(prefix));
    if (totals === undefined) return;
    const numbers = new Map(parseQuota(totals.data));
    numbers.set('count', (numbers.get('count') ?? -1) + count);
    numbers.set('bytes', (numbers.get('bytes') ?? -1) + bytes);
    totals.data = formatQuota(numbers);
  }

  /** The narrowest subtree around `path` that has a quota. */
  private quotaOver(path: string): string | null {
    if (this.quotas.size === 0) return null;
    for (let prefix = path; prefix !== '/'; prefix = parentOf(prefix)) {
      if (this.quotas.has(prefix)) return prefix;
    }
    return null;
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
