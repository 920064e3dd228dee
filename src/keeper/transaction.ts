import type { Sid } from '../zab/ports.ts';
import type { Txn } from '../zab/txn.ts';
import type { Acl } from './acl.ts';
import { OP, type Op } from './codes.ts';
import type { Data } from './requests.ts';
import type { SessionId } from './session-id.ts';

interface TypedTransaction<Type extends Op, Body> extends Txn {
  readonly session: SessionId;
  readonly cxid: number;
  /** The leader's wall clock, in milliseconds. */
  readonly time: number;
  readonly type: Type;
  readonly body: Body;
  /** The server that a client asked, and what it calls the request; not on ZooKeeper's wire. */
  readonly entry: Sid;
  readonly requestId: number;
}

type TransactionOf<Type extends Op, Body> = Type extends Op ? TypedTransaction<Type, Body> : never;

/** Every body says what the state will be, not how to get there, so that replaying is harmless. */
export interface CreateTxn {
  readonly path: string;
  readonly data: Data;
  readonly acl: Acl;
  readonly isEphemeral: boolean;
  /** How many children the parent has ever had, this one included. */
  readonly parentCversion: number;
}

export interface DeleteTxn {
  readonly path: string;
}

export interface SetDataTxn {
  readonly path: string;
  readonly data: Data;
  readonly version: number;
}

export interface ErrorTxn {
  readonly err: number;
}

export interface CreateSessionTxn {
  readonly timeoutMs: number;
}

export interface CloseSessionTxn {
  /** The session's ephemerals, in the order in which they go. */
  readonly paths: readonly string[];
}

/** A state change as it is proposed, logged and applied. */
export type Transaction =
  | TransactionOf<typeof OP.create | typeof OP.create2, CreateTxn>
  | TransactionOf<typeof OP.delete, DeleteTxn>
  | TransactionOf<typeof OP.setData, SetDataTxn>
  | TransactionOf<typeof OP.error, ErrorTxn>
  | TransactionOf<typeof OP.createSession, CreateSessionTxn>
  | TransactionOf<typeof OP.closeSession, CloseSessionTxn>;

/** What the leader's preparation decides: the type and the body of the transaction. */
export type Change = { readonly [K in Transaction as K['type']]: Pick<K, 'type' | 'body'> }[
  | typeof OP.create
  | typeof OP.create2
  | typeof OP.delete
  | typeof OP.setData
  | typeof OP.error
  | typeof OP.createSession
  | typeof OP.closeSession];

/** Checksum, length, header and end of a record in the log. */
const RECORD_BYTES = 8 + 4 + 32 + 1;

/** The size of the record that the change makes in the log. */
export function recordBytes({ type, body }: Change): number {
  switch (type) {
    case OP.create:
    case OP.create2:
      return RECORD_BYTES + 4 + body.path.length + dataBytes(body.data) + aclBytes(body.acl) + 5;
    case OP.setData:
      return RECORD_BYTES + 4 + body.path.length + dataBytes(body.data) + 4;
    case OP.delete:
      return RECORD_BYTES + 4 + body.path.length;
    case OP.closeSession:
      return body.paths.reduce((sum, path) => sum + 4 + path.length, RECORD_BYTES + 4);
    default:
      return RECORD_BYTES + 4;
  }
}

export function dataBytes(data: Data): number {
  return 4 + (data?.length ?? 0);
}

export function aclBytes(acl: Acl): number {
  return acl.reduce((sum, { scheme, id }) => sum + 12 + scheme.length + id.length, 4);
}
