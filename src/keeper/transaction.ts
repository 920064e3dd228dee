import type { Sid } from '../zab/ports.ts';
import type { Txn } from '../zab/txn.ts';
import type { Acl } from './acl.ts';
import type { OP, Op } from './codes.ts';
import type { Data, PathOnly, PathVersion, SetDataBody } from './requests.ts';
import type { SessionId } from './session-id.ts';

/** What every kind of create has in common. */
export interface CreatedNode {
  readonly path: string;
  readonly data: Data;
  readonly acl: Acl;
  /** How many children the parent has ever had, this one included. */
  readonly parentCversion: number;
}

export interface CreateTxn extends CreatedNode {
  readonly isEphemeral: boolean;
}

export interface CreateTtlTxn extends CreatedNode {
  /** In milliseconds. */
  readonly ttl: number;
}

export interface SetAclTxn {
  readonly path: string;
  readonly acl: Acl;
  /** The new `aversion`. */
  readonly version: number;
}

interface TypedChange<Type extends Op, Body> {
  readonly type: Type;
  readonly body: Body;
}

type Each<Type extends Op, Body> = Type extends Op ? TypedChange<Type, Body> : never;

/** One part of a multi. When one fails all become errors. */
export type SubChange =
  | Each<typeof OP.create | typeof OP.create2, CreateTxn>
  | Each<typeof OP.createContainer, CreatedNode>
  | Each<typeof OP.createTTL, CreateTtlTxn>
  | Each<typeof OP.delete, PathOnly>
  | Each<typeof OP.setData, SetDataBody>
  | Each<typeof OP.check, PathVersion>
  | Each<typeof OP.error, { readonly err: number }>;

/**
 * What the leader's preparation decides: the type and the body of the transaction. Every body says
 * what the state will be, not how to get there, so that replaying is harmless.
 */
export type Change =
  | SubChange
  | Each<typeof OP.deleteContainer, PathOnly>
  | Each<typeof OP.setACL, SetAclTxn>
  | Each<typeof OP.multi, { readonly changes: readonly SubChange[] }>
  | Each<typeof OP.createSession, { readonly timeoutMs: number }>
  /** The session's ephemerals, in the order in which they go. */
  | Each<typeof OP.closeSession, { readonly paths: readonly string[] }>;

interface TransactionHeader extends Txn {
  readonly session: SessionId;
  readonly cxid: number;
  /** The leader's wall clock, in milliseconds. */
  readonly time: number;
  /** The server that a client asked, and what it calls the request; not on ZooKeeper's wire. */
  readonly entry: Sid;
  readonly requestId: number;
}

/** A state change as it is proposed, logged and applied. */
export type Transaction = {
  readonly [C in Change as C['type']]: C & TransactionHeader;
}[Change['type']];

export function dataBytes(data: Data): number {
  return 4 + (data?.length ?? 0);
}

export function aclBytes(acl: Acl): number {
  return acl.reduce((sum, { scheme, id }) => sum + 12 + scheme.length + id.length, 4);
}
