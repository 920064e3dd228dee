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
} as const;

export type CreateMode = (typeof CREATE_MODE)[keyof typeof CREATE_MODE];

/** Any version will do. */
export const ANY_VERSION = -1;

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

interface TypedRequest<Type extends Op, Body> {
  readonly xid: number;
  readonly type: Type;
  readonly body: Body;
}

/** One member of the union for each of several types. */
type RequestOf<Type extends Op, Body> = Type extends Op ? TypedRequest<Type, Body> : never;

export interface CreateBody {
  readonly path: string;
  readonly data: Data;
  readonly acl: Acl;
  readonly flags: CreateMode;
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

/** A request of a client, and the two that servers make for a session. */
export type Request =
  | RequestOf<typeof OP.create | typeof OP.create2, CreateBody>
  | RequestOf<typeof OP.delete, PathVersion>
  | RequestOf<typeof OP.setData, SetDataBody>
  | RequestOf<
      typeof OP.exists | typeof OP.getData | typeof OP.getChildren | typeof OP.getChildren2,
      PathWatch
    >
  | RequestOf<typeof OP.sync, { readonly path: string }>
  | RequestOf<typeof OP.ping | typeof OP.closeSession, null>
  | RequestOf<typeof OP.createSession, { readonly timeoutMs: number }>;

/** The request of one type. */
export type RequestFor<Type extends Op> = Extract<Request, { readonly type: Type }>;

interface TypedReply<Type extends Op, Body> {
  readonly xid: number;
  /** The last transaction that the answer shows. */
  readonly zxid: Zxid;
  readonly err: number;
  /** Of the request. Not on the wire: there the client knows it by the xid. */
  readonly type: Type;
  /** `null` with every error. */
  readonly body: Body | null;
}

type ReplyOf<Type extends Op, Body> = Type extends Op ? TypedReply<Type, Body> : never;

export type Reply =
  | ReplyOf<typeof OP.create, { readonly path: string }>
  | ReplyOf<typeof OP.create2, { readonly path: string; readonly stat: Stat }>
  | ReplyOf<typeof OP.setData | typeof OP.exists, { readonly stat: Stat }>
  | ReplyOf<typeof OP.getData, { readonly data: Data; readonly stat: Stat }>
  | ReplyOf<typeof OP.getChildren, { readonly children: readonly string[] }>
  | ReplyOf<typeof OP.getChildren2, { readonly children: readonly string[]; readonly stat: Stat }>
  | ReplyOf<typeof OP.sync, { readonly path: string }>
  | ReplyOf<typeof OP.delete | typeof OP.ping | typeof OP.closeSession, null>;

export type ReplyFor<Type extends Op> = Extract<Reply, { readonly type: Type }>;

export type ReplyBody<Type extends Op> = NonNullable<ReplyFor<Type>['body']>;
