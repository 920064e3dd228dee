import { type Acl, OPEN_ACL } from '../keeper/acl.ts';
import { CODE, OP } from '../keeper/codes.ts';
import {
  ADD_WATCH_MODE,
  type AddWatchMode,
  CREATE_MODE,
  type CreateMode,
  type Data,
  type MultiOp,
  type MultiReadOp,
  type MultiResult,
  type Notification,
  type Question,
  type Reply,
  type ReplyBody,
  type RequestedAcl,
  type WatcherType,
} from '../keeper/requests.ts';
import type { SessionId } from '../keeper/session-id.ts';
import type { Zxid } from '../zab/zxid.ts';
import { Chroot } from './chroot.ts';
import { type ClientConfig, ClientSession, type SessionOwner } from './client-session.ts';
import type { History } from './history.ts';
import type { ClientPorts } from './ports.ts';
import { isValidQuestion } from './validation.ts';
import { CHILDREN, DATA, NODE, PERSISTENT, RECURSIVE, WatchManager } from './watch-manager.ts';
import type { SessionEvent, Watcher } from './watcher.ts';

/** Hears what befalls the session: the default watcher. */
export interface SessionListener {
  sessionChanged(event: SessionEvent): void;
}

/**
 * Hears how an operation ended.
 *
 * @param err 0, or a `CODE`: after CONNECTIONLOSS nobody knows whether it took effect, or still
 *   will; after BADARGUMENTS that no server gave, nothing was sent
 * @param body `null` with every error
 */
export type Callback<Type extends Reply['type']> = (
  err: number,
  body: ReplyBody<Type> | null,
) => void;

/**
 * Hears how a multi ended.
 *
 * @param err the first of its errors that says why, or that of the whole
 * @param results one for each write, `null` if none came
 */
export type MultiCallback = (err: number, results: readonly MultiResult[] | null) => void;

const CONFIG_NODE = '/zookeeper/config';

/**
 * A client of the ensemble: it holds a session, moves from server to server with it, and carries
 * out operations in the order in which they are asked for. Callbacks and watchers are called in
 * the order in which servers sent what they tell. `ZooKeeper`.
 *
 * A path that no node can have is refused with BADARGUMENTS before the call returns, and does not
 * enter the history. After `Expired`, `AuthFailed` or `Closed` the client is finished; a new session
 * needs a new client.
 */
export class ZooKeeper implements SessionOwner {
  private readonly cnxn: ClientSession;
  private readonly chroot: Chroot;
  private readonly listener: SessionListener;
  private readonly watches: WatchManager;

  constructor(
    ports: ClientPorts,
    config: ClientConfig,
    history: History,
    listener: SessionListener,
  ) {
    this.listener = listener;
    this.chroot = new Chroot(config.chroot ?? '');
    this.watches = new WatchManager(this.chroot);
    this.cnxn = new ClientSession(ports, config, history, this);
  }

  get session(): SessionId {
    return this.cnxn.id;
  }

  get isConnected(): boolean {
    return this.cnxn.isConnected;
  }

  get isFinished(): boolean {
    return this.cnxn.isFinished;
  }

  // Writes

  /** Containers are made this way too; for nodes that outlive their time see {@link createTTL}. */
  create(
    path: string,
    data: Data,
    mode: CreateMode,
    callback: Callback<typeof OP.create>,
    acl: Acl = OPEN_ACL,
  ): void {
    const body = { path, data, acl, flags: mode };
    if (mode !== CREATE_MODE.CONTAINER) this.ask({ type: OP.create, body }, callback);
    else this.createContainer(path, data, (err, created) => callback(err, created), acl);
  }

  /** Tells the new node's stat besides. */
  create2(
    path: string,
    data: Data,
    mode: CreateMode,
    callback: Callback<typeof OP.create2>,
    acl: Acl = OPEN_ACL,
  ): void {
    const body = { path, data, acl, flags: mode };
    if (mode !== CREATE_MODE.CONTAINER) this.ask({ type: OP.create2, body }, callback);
    else this.createContainer(path, data, (err, created) => callback(err, created), acl);
  }

  createContainer(
    path: string,
    data: Data,
    callback: Callback<typeof OP.createContainer>,
    acl: Acl = OPEN_ACL,
  ): void {
    const body = { path, data, acl, flags: CREATE_MODE.CONTAINER };
    this.ask({ type: OP.createContainer, body }, callback);
  }

  /** @param ttl milliseconds without a write after which the node goes, if it has no children */
  createTTL(
    path: string,
    data: Data,
    ttl: number,
    callback: Callback<typeof OP.createTTL>,
    mode: CreateMode = CREATE_MODE.PERSISTENT_WITH_TTL,
    acl: Acl = OPEN_ACL,
  ): void {
    this.ask({ type: OP.createTTL, body: { path, data, acl, flags: mode, ttl } }, callback);
  }

  delete(path: string, version: number, callback: Callback<typeof OP.delete>): void {
    this.ask({ type: OP.delete, body: { path, version } }, callback);
  }

  setData(path: string, data: Data, version: number, callback: Callback<typeof OP.setData>): void {
    this.ask({ type: OP.setData, body: { path, data, version } }, callback);
  }

  /** @param version of the access list: `aversion` */
  setACL(
    path: string,
    acl: RequestedAcl,
    version: number,
    callback: Callback<typeof OP.setACL>,
  ): void {
    this.ask({ type: OP.setACL, body: { path, acl, version } }, callback);
  }

  /** All of the writes or none; see `multiOp`. */
  multi(ops: readonly MultiOp[], callback: MultiCallback): void {
    this.ask<typeof OP.multi>({ type: OP.multi, body: { ops } }, (err, body) => {
      if (body === null) callback(err, null);
      else callback(firstError(body.results), body.results);
    });
  }

  reconfig(
    body: (Question & { readonly type: typeof OP.reconfig })['body'],
    callback: Callback<typeof OP.reconfig>,
  ): void {
    this.ask({ type: OP.reconfig, body }, callback);
  }

  // Reads

  exists(path: string, callback: Callback<typeof OP.exists>, watcher?: Watcher): void {
    const body = { path, watch: watcher !== undefined };
    this.ask(
      { type: OP.exists, body },
      this.watches.setting(this.chroot.prepend(path), NODE, callback, watcher),
    );
  }

  getData(path: string, callback: Callback<typeof OP.getData>, watcher?: Watcher): void {
    const body = { path, watch: watcher !== undefined };
    this.ask(
      { type: OP.getData, body },
      this.watches.setting(this.chroot.prepend(path), DATA, callback, watcher),
    );
  }

  getChildren(path: string, callback: Callback<typeof OP.getChildren>, watcher?: Watcher): void {
    const body = { path, watch: watcher !== undefined };
    this.ask(
      { type: OP.getChildren, body },
      this.watches.setting(this.chroot.prepend(path), CHILDREN, callback, watcher),
    );
  }

  /** Tells the node's stat besides. */
  getChildren2(path: string, callback: Callback<typeof OP.getChildren2>, watcher?: Watcher): void {
    const body = { path, watch: watcher !== undefined };
    this.ask(
      { type: OP.getChildren2, body },
      this.watches.setting(this.chroot.prepend(path), CHILDREN, callback, watcher),
    );
  }

  getACL(path: string, callback: Callback<typeof OP.getACL>): void {
    this.ask({ type: OP.getACL, body: { path } }, callback);
  }

  /** How many nodes are below. */
  getAllChildrenNumber(path: string, callback: Callback<typeof OP.getAllChildrenNumber>): void {
    this.ask({ type: OP.getAllChildrenNumber, body: { path } }, callback);
  }

  /** This session's ephemeral nodes whose paths begin with the text. */
  getEphemerals(prefixPath: string, callback: Callback<typeof OP.getEphemerals>): void {
    this.ask({ type: OP.getEphemerals, body: { prefixPath } }, callback);
  }

  /** Reads of one moment; each succeeds or fails for itself. See `multiOp`. */
  multiRead(ops: readonly MultiReadOp[], callback: Callback<typeof OP.multiRead>): void {
    this.ask({ type: OP.multiRead, body: { ops } }, callback);
  }

  /** The ensemble's configuration, which has no chroot. */
  getConfig(callback: Callback<typeof OP.getData>, watcher?: Watcher): void {
    const body = { path: CONFIG_NODE, watch: watcher !== undefined };
    const done = this.watches.setting(CONFIG_NODE, DATA, callback, watcher);
    this.submit<typeof OP.getData>({ type: OP.getData, body }, done);
  }

  /** What is asked for after this reads at least what the leader has committed by now. */
  sync(path: string, callback: Callback<typeof OP.sync>): void {
    this.ask({ type: OP.sync, body: { path } }, callback);
  }

  // Watches

  /** Watches a path, or all that is below too, until told otherwise. */
  addWatch(
    path: string,
    mode: AddWatchMode,
    watcher: Watcher,
    callback: Callback<typeof OP.addWatch>,
  ): void {
    const kind = mode === ADD_WATCH_MODE.PERSISTENT ? PERSISTENT : RECURSIVE;
    const done = this.watches.setting(this.chroot.prepend(path), kind, callback, watcher);
    this.ask({ type: OP.addWatch, body: { path, mode } }, done);
  }

  /**
   * Takes one watcher off a path. The server goes on watching, and an event that comes of it
   * concerns nobody.
   *
   * @param local whether to forget the watcher even if no server can be reached
   */
  removeWatches(
    path: string,
    watcher: Watcher,
    type: WatcherType,
    callback: Callback<typeof OP.checkWatches>,
    local = false,
  ): void {
    const done = this.watches.removing(this.chroot.prepend(path), watcher, type, callback, local);
    this.ask({ type: OP.checkWatches, body: { path, watcherType: type } }, done);
  }

  /** Takes all watchers off a path, at the server too. `local` as for {@link removeWatches}. */
  removeAllWatches(
    path: string,
    type: WatcherType,
    callback: Callback<typeof OP.removeWatches>,
    local = false,
  ): void {
    const done = this.watches.removing(this.chroot.prepend(path), null, type, callback, local);
    this.ask({ type: OP.removeWatches, body: { path, watcherType: type } }, done);
  }

  // Session

  whoAmI(callback: Callback<typeof OP.whoAmI>): void {
    this.ask({ type: OP.whoAmI, body: null }, callback);
  }

  /** Proves an identity on this connection and all later ones; `AuthFailed` if it is refused. */
  addAuthInfo(scheme: string, auth: Uint8Array): void {
    this.cnxn.addAuth(scheme, auth);
  }

  /** Ends the session; nothing may be asked for after this. */
  close(): void {
    this.cnxn.close();
  }

  // SessionOwner

  sessionChanged(event: SessionEvent): void {
    this.listener.sessionChanged(event);
    this.watches.sessionChanged(event);
  }

  notified(notification: Notification): void {
    this.watches.notified(notification);
  }

  renewals(relativeZxid: Zxid): readonly Question[] {
    return this.watches.renewals(relativeZxid);
  }

  private ask<Type extends Reply['type']>(
    question: Question & { readonly type: Type },
    callback: Callback<Type>,
  ): void {
    if (isValidQuestion(question)) this.submit(this.chroot.outward(question), callback);
    else callback(CODE.BADARGUMENTS, null);
  }

  private submit<Type extends Reply['type']>(question: Question, callback: Callback<Type>): void {
    this.cnxn.submit(question, (err, reply) => {
      // A reply has the type of its request.
      const body = (reply?.body ?? null) as ReplyBody<Type> | null;
      callback(err, this.chroot.inward(body));
    });
  }
}

/** The parts of a failed multi that were not to blame say OK or RUNTIMEINCONSISTENCY. */
function firstError(results: readonly MultiResult[]): number {
  const failed = results.find(({ type, body }) => type === OP.error && body.err !== CODE.OK);
  return failed?.type === OP.error ? failed.body.err : CODE.OK;
}
