import { type Acl, OPEN_ACL, PERM } from '../../keeper/acl.ts';
import { CODE, OP, type Op } from '../../keeper/codes.ts';
import type { ServiceConfig } from '../../keeper/config.ts';
import {
  ADD_WATCH_MODE,
  ANY_VERSION,
  type ClientInfo,
  CREATE_MODE,
  type CreateBody,
  type Data,
  type MultiOp,
  type MultiReadOp,
  type Question,
  type SetAclBody,
  type SetDataBody,
  WATCHER_TYPE,
} from '../../keeper/requests.ts';
import type { SessionId } from '../../keeper/session-id.ts';
import type { Stat } from '../../keeper/stat.ts';
import { ZXID_ZERO, type Zxid } from '../../zab/zxid.ts';
import { type Asker, clientInfoOf, maskedAcl, mayDo, storedAcl } from './access-model.ts';
import {
  isPath,
  isPathLike,
  lastName,
  type ModelNode,
  type NewNode,
  newNode,
  PREMADE,
  parentPath,
  sizeOf,
  statOf,
} from './model-node.ts';
import { countedBy, limitsPath, prefixesOf, statsPath, Totals } from './quota-model.ts';

/** What an operation gives back; `err` is 0 or a `CODE`, the rest is there if the answer has it. */
export interface ModelResult {
  readonly err: number;
  readonly path?: string;
  readonly stat?: Stat;
  readonly data?: Data;
  /** As the node has them until the next write; no list but `results` has a particular order. */
  readonly children?: Iterable<string>;
  readonly ephemerals?: readonly string[];
  readonly acl?: Acl;
  readonly clientInfo?: readonly ClientInfo[];
  readonly totalNumber?: number;
  /** Of the parts of a multi or multiRead. */
  readonly results?: readonly (ModelResult & { readonly type: Op })[];
}

/** Settings that the tree depends on. */
export type ModelSettings = Pick<
  ServiceConfig,
  'extendedTypesEnabled' | 'enforceQuota' | 'skipAcl' | 'containerMaxNeverUsedMs'
>;

/** When a change takes place: its zxid, and the wall clock in milliseconds. */
export interface Moment {
  readonly zxid: Zxid;
  readonly time: number;
}

const OK: ModelResult = { err: CODE.OK };
const QUOTA = '/zookeeper/quota';
const TTL_MAX = 2 ** 40 - 1;
const NO_TTL = -1;

/**
 * What ZooKeeper's tree is by its documentation, in as few words as possible: one state, one
 * operation after the other. It judges the servers, and shares nothing with them.
 */
export class ZnodeModel {
  private readonly settings: ModelSettings;
  private readonly nodes = new Map<string, ModelNode>();
  private readonly ephemerals = new Map<SessionId, Set<string>>();
  /** Paths where a container had children, and those where a node may go once it is so late. */
  private readonly wasUsed = new Set<string>();
  private readonly staleAt = new Map<string, number>();
  /** How to take back what the write under way has done. */
  private undo: (() => void)[] = [];
  /** Totals as they were before the write under way: quotas are judged by these. */
  private readonly totalsBefore = new Map<string, Data>();

  constructor(settings: ModelSettings) {
    this.settings = settings;
    const data = new Uint8Array(0);
    const moment = { czxid: ZXID_ZERO, ctime: 0 };
    for (const path of PREMADE) {
      const acl = path === '/zookeeper/config' ? [{ ...ANYONE, perms: PERM.READ }] : OPEN_ACL;
      const node = newNode({ ...moment, path, kind: 'plain', owner: 0, ttl: NO_TTL, acl, data });
      if (path === '/zookeeper/config') node.aversion = -1;
      this.nodes.set(path, node);
      if (path !== '/') this.nodes.get(parentPath(path))?.children.add(lastName(path));
    }
  }

  /** Carries out a write. One that fails changes nothing. */
  write(asker: Asker, question: Question, moment: Moment): ModelResult {
    this.undo = [];
    // Clearing a map costs a new table, even if it is empty.
    if (this.totalsBefore.size > 0) this.totalsBefore.clear();
    switch (question.type) {
      case OP.multi:
        return this.multi(asker, question.body.ops, moment);
      case OP.setACL:
        return this.setAcl(asker, question.body);
      case OP.closeSession: {
        const ephemerals = this.ephemeralsOf(asker.session);
        this.endSession(asker.session, moment.zxid);
        return { err: CODE.OK, ephemerals };
      }
      case OP.deleteContainer:
        return this.deleteContainer(question.body.path, moment.zxid);
      case OP.reconfig:
        return { err: CODE.RECONFIGDISABLED };
      case OP.create:
      case OP.create2:
      case OP.createContainer:
      case OP.createTTL:
      case OP.delete:
      case OP.setData:
      case OP.check:
        return this.writeOne(asker, question, moment);
      default:
        return { err: CODE.UNIMPLEMENTED };
    }
  }

  /** Answers a read. Whether a connection has a watch the tree does not know. */
  read({ session, ids }: Asker, question: Question): ModelResult {
    switch (question.type) {
      case OP.exists:
        return this.exists(question.body.path);
      case OP.getData:
      case OP.getChildren:
      case OP.getChildren2:
        return this.readOne(ids, question.body.path);
      case OP.getACL:
        return this.getAcl(ids, question.body.path);
      case OP.getAllChildrenNumber: {
        const { err } = this.readOne(ids, question.body.path);
        return { err, totalNumber: this.countBelow(this.node(question.body.path)) };
      }
      case OP.getEphemerals: {
        const { prefixPath } = question.body;
        const prefix = prefixPath.trim();
        const own = this.ephemeralsOf(session);
        return {
          err: CODE.OK,
          ephemerals: own.filter((path) => !prefix || path.startsWith(prefixPath)),
        };
      }
      case OP.multiRead:
        return { err: CODE.OK, results: question.body.ops.map((op) => this.readPart(ids, op)) };
      case OP.whoAmI:
        return { err: CODE.OK, clientInfo: clientInfoOf(ids) };
      case OP.addWatch:
        return { err: isWatchMode(question.body.mode) ? CODE.OK : CODE.MARSHALLINGERROR };
      case OP.checkWatches:
      case OP.removeWatches: {
        const { watcherType } = question.body;
        return { err: isWatcherType(watcherType) ? CODE.OK : CODE.MARSHALLINGERROR };
      }
      case OP.sync:
        return { err: CODE.OK, path: question.body.path };
      default:
        return OK;
    }
  }

  /** The ephemerals of a session. */
  ephemeralsOf(session: SessionId): readonly string[] {
    return [...(this.ephemerals.get(session) ?? [])];
  }

  /**
   * Whether the servers may by themselves delete what is at a path: a container that is empty
   * again, or a TTL node that nobody has written to for too long. They decide by the path and a
   * little earlier, so another node may have come there meanwhile.
   */
  mayReap(path: string, time: number): boolean {
    return this.wasUsed.has(path) || time > (this.staleAt.get(path) ?? Number.POSITIVE_INFINITY);
  }

  // Writes

  private writeOne(asker: Asker, op: Exclude<MultiOp, UnknownOp>, moment: Moment): ModelResult {
    switch (op.type) {
      case OP.delete:
        return this.delete(asker, op.body.path, op.body.version, moment.zxid);
      case OP.setData:
        return this.setData(asker, op.body, moment);
      case OP.check:
        return this.check(asker, op.body.path, op.body.version);
      case OP.createTTL:
        return this.create(asker, op.type, op.body, op.body.ttl, moment);
      default:
        return this.create(asker, op.type, op.body, NO_TTL, moment);
    }
  }

  /** All or nothing: the first part that fails takes back the others. */
  private multi(asker: Asker, ops: readonly MultiOp[], moment: Moment): ModelResult {
    const results: (ModelResult & { readonly type: Op })[] = [];
    let isFailed = false;
    for (const op of ops.map(byMode)) {
      if (op.type === OP.unknown || ('flags' in op.body && !isMode(op.body.flags))) {
        return this.refuse(CODE.MARSHALLINGERROR);
      }
      if (isFailed) results.push({ type: OP.error, err: CODE.RUNTIMEINCONSISTENCY });
      else {
        const result = this.writeOne(asker, op, moment);
        isFailed = result.err !== CODE.OK;
        results.push({ ...result, type: isFailed ? OP.error : resultType(op.type) });
      }
    }
    if (!isFailed) return { err: CODE.OK, results };
    return {
      ...this.refuse(CODE.OK),
      results: results.map(({ err }) => ({ type: OP.error, err })),
    };
  }

  private create(
    asker: Asker,
    type: Op,
    { path: name, data, acl: requested, flags }: CreateBody,
    ttl: number,
    { zxid, time }: Moment,
  ): ModelResult {
    if (!isMode(flags)) return { err: CODE.BADARGUMENTS };
    const hasTtl = flags >= CREATE_MODE.PERSISTENT_WITH_TTL;
    if (hasTtl && !this.settings.extendedTypesEnabled) return { err: CODE.UNIMPLEMENTED };
    if (hasTtl ? ttl < 1 || ttl > TTL_MAX : ttl >= 0) return { err: CODE.BADARGUMENTS };
    if (!isPathLike(name)) return { err: CODE.BADARGUMENTS };
    const acl = storedAcl(requested, asker.ids);
    if (acl === null) return { err: CODE.INVALIDACL };
    const parent = this.nodes.get(parentPath(name));
    if (parent === undefined) return { err: CODE.NONODE };
    if (!this.mayDo(parent, PERM.CREATE, asker.ids)) return { err: CODE.NOAUTH };
    const path = SEQUENTIAL.has(flags) ? name + String(parent.births).padStart(10, '0') : name;
    if (!isPath(path)) return { err: CODE.BADARGUMENTS };
    if (this.nodes.has(path)) return { err: CODE.NODEEXISTS };
    if (parent.kind === 'ephemeral') return { err: CODE.NOCHILDRENFOREPHEMERALS };
    if (this.isOverQuota(path, 1, sizeOf(data))) return { err: CODE.QUOTAEXCEEDED };
    const kind = kindOf(type, flags);
    const owner = kind === 'ephemeral' ? asker.session : 0;
    const added = { path, kind, czxid: zxid, ctime: time, owner, ttl, acl, data };
    return { err: CODE.OK, path, stat: statOf(this.add(added, parent)) };
  }

  private delete({ ids }: Asker, path: string, version: number, zxid: Zxid): ModelResult {
    if (!isPathLike(path) || PREMADE.includes(path)) return { err: CODE.BADARGUMENTS };
    const parent = this.nodes.get(parentPath(path));
    if (parent === undefined) return { err: CODE.NONODE };
    if (!this.mayDo(parent, PERM.DELETE, ids)) return { err: CODE.NOAUTH };
    const node = this.nodes.get(path);
    if (node === undefined) return { err: CODE.NONODE };
    if (version !== ANY_VERSION && version !== node.version) return { err: CODE.BADVERSION };
    if (node.children.size > 0) return { err: CODE.NOTEMPTY };
    this.remove(node, zxid);
    return OK;
  }

  private deleteContainer(path: string, zxid: Zxid): ModelResult {
    if (!isPathLike(path) || PREMADE.includes(path)) return { err: CODE.BADARGUMENTS };
    const node = this.nodes.get(path);
    if (node === undefined) return { err: CODE.NONODE };
    if (node.children.size > 0) return { err: CODE.NOTEMPTY };
    if (node.kind === 'ephemeral') return { err: CODE.BADVERSION };
    this.remove(node, zxid);
    return OK;
  }

  private setData(
    { ids }: Asker,
    { path, data, version }: SetDataBody,
    { zxid, time }: Moment,
  ): ModelResult {
    if (!isPath(path)) return { err: CODE.BADARGUMENTS };
    const node = this.nodes.get(path);
    if (node === undefined) return { err: CODE.NONODE };
    if (!this.mayDo(node, PERM.WRITE, ids)) return { err: CODE.NOAUTH };
    const growth = sizeOf(data) - sizeOf(node.data);
    if (this.isOverQuota(path, 0, growth)) return { err: CODE.QUOTAEXCEEDED };
    if (version !== ANY_VERSION && version !== node.version) return { err: CODE.BADVERSION };
    const before = { data: node.data, mzxid: node.mzxid, mtime: node.mtime, version: node.version };
    this.undo.push(() => Object.assign(node, before));
    node.data = data;
    node.mzxid = zxid;
    node.mtime = time;
    node.version = (node.version + 1) | 0;
    this.renewTtl(node);
    this.count(path, 0, growth);
    return { err: CODE.OK, stat: statOf(node) };
  }

  private setAcl({ ids }: Asker, { path, acl: requested, version }: SetAclBody): ModelResult {
    if (!isPath(path)) return { err: CODE.BADARGUMENTS };
    const acl = storedAcl(requested, ids);
    if (acl === null) return { err: CODE.INVALIDACL };
    const node = this.nodes.get(path);
    if (node === undefined) return { err: CODE.NONODE };
    if (!this.mayDo(node, PERM.ADMIN, ids)) return { err: CODE.NOAUTH };
    if (version !== ANY_VERSION && version !== node.aversion) return { err: CODE.BADVERSION };
    node.acl = acl;
    node.aversion = (node.aversion + 1) | 0;
    return { err: CODE.OK, stat: statOf(node) };
  }

  private check({ ids }: Asker, path: string, version: number): ModelResult {
    if (!isPath(path)) return { err: CODE.BADARGUMENTS };
    const node = this.nodes.get(path);
    if (node === undefined) return { err: CODE.NONODE };
    if (!this.mayDo(node, PERM.READ, ids)) return { err: CODE.NOAUTH };
    const isRight = version === ANY_VERSION || version === node.version;
    return { err: isRight ? CODE.OK : CODE.BADVERSION };
  }

  // Reads

  private mayDo({ acl }: ModelNode, perms: number, ids: Asker['ids']): boolean {
    return this.settings.skipAcl || mayDo(acl, perms, ids);
  }

  /** The empty path is another name of the root. */
  private node(path: string): ModelNode | undefined {
    return this.nodes.get(path === '' ? '/' : path);
  }

  private exists(path: string): ModelResult {
    if (path.includes('\0')) return { err: CODE.BADARGUMENTS };
    const node = this.node(path);
    return node === undefined ? { err: CODE.NONODE } : { err: CODE.OK, stat: statOf(node) };
  }

  private readOne(ids: Asker['ids'], path: string): ModelResult {
    const node = this.node(path);
    if (node === undefined) return { err: CODE.NONODE };
    if (!this.mayDo(node, PERM.READ, ids)) return { err: CODE.NOAUTH };
    return { err: CODE.OK, stat: statOf(node), data: node.data, children: node.children };
  }

  private readPart(ids: Asker['ids'], { type, body }: MultiReadOp): ModelResult & { type: Op } {
    const result = this.readOne(ids, body.path);
    return { ...result, type: result.err === CODE.OK ? type : OP.error };
  }

  private getAcl(ids: Asker['ids'], path: string): ModelResult {
    const node = this.node(path);
    if (node === undefined) return { err: CODE.NONODE };
    if (!this.mayDo(node, PERM.READ | PERM.ADMIN, ids)) return { err: CODE.NOAUTH };
    const shown = this.mayDo(node, PERM.ADMIN, ids) ? node.acl : maskedAcl(node.acl);
    return { err: CODE.OK, acl: shown, stat: statOf(node) };
  }

  private countBelow(node: ModelNode | undefined): number {
    let count = 0;
    this.visitBelow(node, () => count++);
    return count;
  }

  private visitBelow(node: ModelNode | undefined, visit: (node: ModelNode) => void): void {
    if (node === undefined) return;
    const prefix = node.path === '/' ? '/' : `${node.path}/`;
    for (const name of node.children) {
      const child = this.nodes.get(prefix + name);
      if (child === undefined) continue;
      visit(child);
      this.visitBelow(child, visit);
    }
  }

  // Changes of the tree

  private add(added: NewNode, parent: ModelNode): ModelNode {
    const { path, owner, data } = added;
    const node = newNode(added);
    const before = { births: parent.births, pzxid: parent.pzxid };
    this.put(node, parent);
    this.undo.push(() => {
      this.take(node, parent);
      Object.assign(parent, before);
    });
    parent.births++;
    parent.pzxid = node.czxid;
    if (parent.kind === 'container') this.wasUsed.add(parent.path);
    this.renewTtl(node);
    if (owner !== 0 && !this.ephemerals.has(owner)) this.ephemerals.set(owner, new Set());
    this.ephemerals.get(owner)?.add(path);
    const counted = countedBy(path);
    if (counted !== null) this.countAll(node, counted);
    this.count(path, 1, sizeOf(data));
    return node;
  }

  private remove(node: ModelNode, zxid: Zxid): void {
    const parent = this.nodes.get(parentPath(node.path));
    if (parent === undefined) return;
    const before = { deaths: parent.deaths, pzxid: parent.pzxid };
    this.take(node, parent);
    this.undo.push(() => {
      this.put(node, parent);
      Object.assign(parent, before);
    });
    parent.deaths++;
    parent.pzxid = zxid;
    this.count(node.path, -1, -sizeOf(node.data));
  }

  /** All that a session owns goes with it. */
  private endSession(session: SessionId, zxid: Zxid): void {
    for (const path of this.ephemeralsOf(session)) {
      const node = this.nodes.get(path);
      if (node !== undefined) this.remove(node, zxid);
    }
  }

  private put(node: ModelNode, parent: ModelNode): void {
    this.nodes.set(node.path, node);
    parent.children.add(lastName(node.path));
    this.ephemerals.get(node.owner)?.add(node.path);
  }

  private take(node: ModelNode, parent: ModelNode): void {
    this.nodes.delete(node.path);
    parent.children.delete(lastName(node.path));
    this.ephemerals.get(node.owner)?.delete(node.path);
  }

  /** Notes when a node may go that nobody writes to, or uses. */
  private renewTtl({ kind, path, ttl, mtime }: ModelNode): void {
    const { containerMaxNeverUsedMs: unusedMs } = this.settings;
    let limit = Number.POSITIVE_INFINITY;
    if (kind === 'ttl') limit = ttl;
    else if (kind === 'container' && unusedMs > 0) limit = unusedMs;
    // Leaders' clocks may differ: what once was stale may be chosen.
    const before = this.staleAt.get(path) ?? Number.POSITIVE_INFINITY;
    if (mtime + limit < before) this.staleAt.set(path, mtime + limit);
  }

  /** The write under way has failed: nothing of it stays. */
  private refuse(err: number): ModelResult {
    for (const revert of this.undo.reverse()) revert();
    this.undo = [];
    return { err };
  }

  // Quotas

  private quotaOver(path: string): string | undefined {
    if (this.nodes.get(QUOTA)?.children.size === 0) return undefined;
    return prefixesOf(path).find((prefix) => this.nodes.has(limitsPath(prefix)));
  }

  private isOverQuota(path: string, count: number, bytes: number): boolean {
    if (!this.settings.enforceQuota) return false;
    const prefix = this.quotaOver(path);
    if (prefix === undefined) return false;
    const limits = this.nodes.get(limitsPath(prefix));
    const stats = this.nodes.get(statsPath(prefix));
    if (limits === undefined || stats === undefined) return false;
    const totals = new Totals(this.totalsBefore.get(stats.path) ?? stats.data);
    return totals.wouldExceed(new Totals(limits.data), count, bytes);
  }

  /** Keeps the totals of the nearest quota; nobody can see when that happened. */
  private count(path: string, count: number, bytes: number): void {
    const prefix = this.quotaOver(path);
    if (prefix === undefined) return;
    const stats = this.nodes.get(statsPath(prefix));
    if (stats !== undefined) this.setTotals(stats, new Totals(stats.data).add(count, bytes));
  }

  /** Totals begin with all that is there. */
  private countAll(stats: ModelNode, prefix: string): void {
    let count = 0;
    let bytes = 0;
    const add = ({ data }: ModelNode): void => {
      count++;
      bytes += sizeOf(data);
    };
    const top = this.nodes.get(prefix);
    if (top !== undefined) add(top);
    this.visitBelow(top, add);
    this.setTotals(stats, new Totals(null).set(count, bytes));
  }

  private setTotals(stats: ModelNode, totals: Totals): void {
    const { data } = stats;
    if (!this.totalsBefore.has(stats.path)) this.totalsBefore.set(stats.path, data);
    this.undo.push(() => {
      stats.data = data;
    });
    stats.data = totals.toData();
  }
}

type UnknownOp = Extract<MultiOp, { readonly type: typeof OP.unknown }>;

const ANYONE = { scheme: 'world', id: 'anyone' };

const SEQUENTIAL: ReadonlySet<number> = new Set([
  CREATE_MODE.PERSISTENT_SEQUENTIAL,
  CREATE_MODE.EPHEMERAL_SEQUENTIAL,
  CREATE_MODE.PERSISTENT_SEQUENTIAL_WITH_TTL,
]);

function isMode(flags: number): boolean {
  return flags >= CREATE_MODE.PERSISTENT && flags <= CREATE_MODE.PERSISTENT_SEQUENTIAL_WITH_TTL;
}

function isWatchMode(mode: number): boolean {
  return Object.values<number>(ADD_WATCH_MODE).includes(mode);
}

function isWatcherType(type: number): boolean {
  return Object.values<number>(WATCHER_TYPE).includes(type);
}

/** What was asked for decides, and only then the mode. */
function kindOf(type: Op, flags: number): ModelNode['kind'] {
  if (type === OP.createContainer) return 'container';
  if (type === OP.createTTL) return 'ttl';
  const isEphemeral = flags === CREATE_MODE.EPHEMERAL || flags === CREATE_MODE.EPHEMERAL_SEQUENTIAL;
  return isEphemeral ? 'ephemeral' : 'plain';
}

/** Inside a multi the mode alone says what a create makes, and how it is answered. */
function byMode(op: MultiOp): MultiOp {
  if (op.type === OP.unknown || !('flags' in op.body)) return op;
  const { flags } = op.body;
  const ttl = 'ttl' in op.body ? op.body.ttl : NO_TTL;
  if (flags >= CREATE_MODE.PERSISTENT_WITH_TTL) {
    return { type: OP.createTTL, body: { ...op.body, ttl } };
  }
  const type = flags === CREATE_MODE.CONTAINER ? OP.createContainer : OP.create;
  return { type, body: op.body };
}

/** Only what is not of a plain node comes with a Stat. */
function resultType(type: Op): Op {
  return type === OP.createContainer || type === OP.createTTL ? OP.create2 : type;
}
