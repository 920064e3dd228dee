import type { Zxid } from '../zab/zxid.ts';
import type { Acl } from './acl.ts';
import type { OP, Op } from './codes.ts';
import type { SessionId } from './session-id.ts';
import type { Stat } from './stat.ts';

/** What kind of node to create; the numbers are those on the wire. `CreateMode`. */
export const CREATE_MODE = {
  PERSISTENT: 0,
  EPHEMERAL: 1,
  PERSISTENT_SEQUENTIAL: 2,
  EPHEMERAL_SEQUENTIAL: 3,
  CONTAINER: 4,
  PERSISTENT_WITH_TTL: 5,
  PERSISTENT_SEQUENTIAL_WITH_TTL: 6,
} as const;

export type CreateMode = (typeof CREATE_MODE)[keyof typeof CREATE_MODE];

/** What a watch set by `addWatch` hears. `AddWatchMode`. */
export const ADD_WATCH_MODE = { PERSISTENT: 0, PERSISTENT_RECURSIVE: 1 } as const;

export type AddWatchMode = (typeof ADD_WATCH_MODE)[keyof typeof ADD_WATCH_MODE];

/** Which of a connection's watches `removeWatches` is about. `Watcher.WatcherType`. */
export const WATCHER_TYPE = { CHILDREN: 1, DATA: 2, ANY: 3 } as const;

export type WatcherType = (typeof WATCHER_TYPE)[keyof typeof WATCHER_TYPE];

/** What a watch event tells. `Watcher.Event.EventType`. */
export const EVENT_TYPE = {
  NodeCreated: 1,
  NodeDeleted: 2,
  NodeDataChanged: 3,
  NodeChildrenChanged: 4,
} as const;

export type EventType = (typeof EVENT_TYPE)[keyof typeof EVENT_TYPE];

/** Any version will do. */
export const ANY_VERSION = -1;

/** Answers to these do not take part in the order of requests and answers. */
export const XID = { notification: -1, ping: -2, auth: -4 } as const;

export type Data = Uint8Array | null;

/** The first message of a client's connection. */
export interface ConnectRequest {
  readonly lastZxidSeen: Zxid;
  readonly timeoutMs: number;
  /** 0 asks for a new session. */
  readonly session: SessionId;
  readonly password: Uint8Array;
}

/** The answer to it; a time-out of 0 says that the session is over. */
export interface ConnectResponse {
  readonly timeoutMs: number;
  readonly session: SessionId;
  readonly password: Uint8Array;
}

interface Typed<Type extends Op, Body> {
  readonly type: Type;
  readonly body: Body;
}

/** One member of the union for each of several types. */
type Each<Type extends Op, Body> = Type extends Op ? Typed<Type, Body> : never;

/** An access list as a client writes it; the server says what is wrong with it. */
export type RequestedAcl =
  | readonly {
      readonly perms: number;
      readonly scheme: string | null;
      readonly id: string | null;
    }[]
  | null;

export interface CreateBody {
  readonly path: string;
  readonly data: Data;
  readonly acl: RequestedAcl;
  /** A `CREATE_MODE`; other numbers are refused. */
  readonly flags: number;
}

export interface CreateTtlBody extends CreateBody {
  /** In milliseconds. */
  readonly ttl: number;
}

export interface PathOnly {
  readonly path: string;
}

export interface PathVersion {
  readonly path: string;
  readonly version: number;
}

export interface PathWatch {
  readonly path: string;
  readonly watch: boolean;
}

export interface SetDataBody {
  readonly path: string;
  readonly data: Data;
  readonly version: number;
}

export interface SetAclBody {
  readonly path: string;
  readonly acl: RequestedAcl;
  /** Of the access list: `aversion`. */
  readonly version: number;
}

/** The watches of a client that has come back, with the last transaction that it has seen. */
export interface SetWatchesBody {
  readonly relativeZxid: Zxid;
  readonly data: readonly string[];
  readonly exist: readonly string[];
  readonly child: readonly string[];
}

export interface SetWatches2Body extends SetWatchesBody {
  readonly persistent: readonly string[];
  readonly persistentRecursive: readonly string[];
}

/** One write of a multi. */
export type MultiOp =
  | Each<typeof OP.create | typeof OP.create2 | typeof OP.createContainer, CreateBody>
  | Each<typeof OP.createTTL, CreateTtlBody>
  | Each<typeof OP.delete | typeof OP.check, PathVersion>
  | Each<typeof OP.setData, SetDataBody>
  | Each<typeof OP.unknown, { readonly type: number }>;

/** One read of a multiRead; it sets no watch. */
export type MultiReadOp = Each<typeof OP.getData | typeof OP.getChildren, PathWatch>;

type RequestBody =
  | Exclude<MultiOp, { readonly type: typeof OP.unknown }>
  | Each<typeof OP.setACL, SetAclBody>
  | Each<typeof OP.deleteContainer, PathOnly>
  | Each<typeof OP.multi, { readonly ops: readonly MultiOp[] }>
  | Each<typeof OP.multiRead, { readonly ops: readonly MultiReadOp[] }>
  | Each<
      typeof OP.exists | typeof OP.getData | typeof OP.getChildren | typeof OP.getChildren2,
      PathWatch
    >
  | Each<typeof OP.getACL | typeof OP.getAllChildrenNumber | typeof OP.sync, PathOnly>
  | Each<typeof OP.getEphemerals, { readonly prefixPath: string }>
  | Each<typeof OP.addWatch, { readonly path: string; readonly mode: number }>
  | Each<
      typeof OP.checkWatches | typeof OP.removeWatches,
      { readonly path: string; readonly watcherType: number }
    >
  | Each<typeof OP.setWatches, SetWatchesBody>
  | Each<typeof OP.setWatches2, SetWatches2Body>
  | Each<typeof OP.auth, { readonly scheme: string; readonly auth: Uint8Array }>
  | Each<
      typeof OP.reconfig,
      {
        readonly joining: string | null;
        readonly leaving: string | null;
        readonly newMembers: string | null;
        readonly curConfigId: Zxid;
      }
    >
  | Each<typeof OP.ping | typeof OP.whoAmI | typeof OP.closeSession, null>
  | Each<typeof OP.createSession, { readonly timeoutMs: number }>
  | Each<typeof OP.unknown, { readonly type: number }>;

/** A request without its number. */
export type Question = RequestBody;

/** A request of a client, and those that servers make for a session or a node. */
export type Request = {
  readonly [R in Question as R['type']]: R & { readonly xid: number };
}[Question['type']];

/** The request of one type. */
export type RequestFor<Type extends Op> = Extract<Request, { readonly type: Type }>;

/** What one write of a multi gives back. */
export type MultiResult =
  | Each<typeof OP.create, PathOnly>
  | Each<typeof OP.create2, { readonly path: string; readonly stat: Stat }>
  | Each<typeof OP.setData, { readonly stat: Stat }>
  | Each<typeof OP.delete | typeof OP.check, null>
  | Each<typeof OP.error, { readonly err: number }>;

/** What one read of a multiRead gives back. */
export type MultiReadResult =
  | Each<typeof OP.getData, { readonly data: Data; readonly stat: Stat }>
  | Each<typeof OP.getChildren, { readonly children: readonly string[] }>
  | Each<typeof OP.error, { readonly err: number }>;

export interface ClientInfo {
  readonly authScheme: string;
  readonly user: string;
}

/** What a watch has seen. */
export interface WatcherEvent {
  readonly type: EventType;
  readonly path: string;
}

type ReplyBodies =
  | Each<typeof OP.create | typeof OP.sync, PathOnly>
  | Each<
      typeof OP.create2 | typeof OP.createContainer | typeof OP.createTTL,
      { readonly path: string; readonly stat: Stat }
    >
  | Each<typeof OP.setData | typeof OP.setACL | typeof OP.exists, { readonly stat: Stat }>
  | Each<typeof OP.getData | typeof OP.reconfig, { readonly data: Data; readonly stat: Stat }>
  | Each<typeof OP.getACL, { readonly acl: Acl; readonly stat: Stat }>
  | Each<typeof OP.getChildren, { readonly children: readonly string[] }>
  | Each<typeof OP.getChildren2, { readonly children: readonly string[]; readonly stat: Stat }>
  | Each<typeof OP.multi, { readonly results: readonly MultiResult[] }>
  | Each<typeof OP.multiRead, { readonly results: readonly MultiReadResult[] }>
  | Each<typeof OP.getEphemerals, { readonly ephemerals: readonly string[] }>
  | Each<typeof OP.getAllChildrenNumber, { readonly totalNumber: number }>
  | Each<typeof OP.whoAmI, { readonly clientInfo: readonly ClientInfo[] }>
  | Each<typeof OP.addWatch, { readonly errorField: number }>
  | Each<
      | typeof OP.delete
      | typeof OP.deleteContainer
      | typeof OP.check
      | typeof OP.checkWatches
      | typeof OP.removeWatches
      | typeof OP.setWatches
      | typeof OP.setWatches2
      | typeof OP.auth
      | typeof OP.ping
      | typeof OP.closeSession
      | typeof OP.unknown,
      null
    >;

interface ReplyHeader {
  readonly xid: number;
  /** The last transaction that the answer shows. */
  readonly zxid: Zxid;
  readonly err: number;
}

type ReplyOf<B extends ReplyBodies> = B extends ReplyBodies
  ? ReplyHeader & {
      /** Of the request. Not on the wire: there the client knows it by the xid. */
      readonly type: B['type'];
      /** `null` with every error. */
      readonly body: B['body'] | null;
    }
  : never;

export type Reply = ReplyOf<ReplyBodies>;

export type ReplyFor<Type extends Op> = Extract<Reply, { readonly type: Type }>;

export type ReplyBody<Type extends Op> = NonNullable<ReplyFor<Type>['body']>;

/** A watch event on its way to a client. */
export interface Notification extends ReplyHeader {
  readonly type: typeof OP.notification;
  readonly body: WatcherEvent;
}

/** What a server sends after the handshake. */
export type ServerMessage = Reply | Notification;
