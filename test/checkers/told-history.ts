import { checkOperations, type Finding } from '../../src/checkers/operations-checker.ts';
import { History, type Operation, type Question } from '../../src/client/history.ts';
import { OPEN_ACL } from '../../src/keeper/acl.ts';
import { CODE, type ErrorCode, OP } from '../../src/keeper/codes.ts';
import {
  ANY_VERSION,
  CREATE_MODE,
  type CreateMode,
  type Data,
  type Reply,
} from '../../src/keeper/requests.ts';
import type { Stat } from '../../src/keeper/stat.ts';
import type { Change, Transaction } from '../../src/keeper/transaction.ts';
import { counterOf, makeZxid, nextZxid, type Zxid } from '../../src/zab/zxid.ts';

/** The n-th transaction of epoch 1. */
export function z(n: number): Zxid {
  return makeZxid(1, n);
}

/** The leader's clock when it numbered a transaction, in milliseconds. */
function timeOf(zxid: Zxid): number {
  return 1000 + counterOf(zxid);
}

export function bytes(text: string): Data {
  return new TextEncoder().encode(text);
}

/** The stat of a node of one byte that `czxid` created, and nothing has changed but what is said. */
export function stat(czxid: Zxid, changes: Partial<Stat> = {}): Stat {
  const mzxid = changes.mzxid ?? czxid;
  return {
    czxid,
    mzxid,
    ctime: timeOf(czxid),
    mtime: timeOf(mzxid),
    version: 0,
    cversion: 0,
    aversion: 0,
    ephemeralOwner: 0,
    dataLength: 1,
    numChildren: 0,
    pzxid: czxid,
    ...changes,
  };
}

export function creating(
  path: string,
  data = 'a',
  flags: CreateMode = CREATE_MODE.PERSISTENT,
): Question {
  return { type: OP.create, body: { path, data: bytes(data), acl: OPEN_ACL, flags } };
}

export function setting(path: string, data: string, version: number = ANY_VERSION): Question {
  return { type: OP.setData, body: { path, data: bytes(data), version } };
}

export function deleting(path: string, version: number = ANY_VERSION): Question {
  return { type: OP.delete, body: { path, version } };
}

export function reading(path: string): Question {
  return { type: OP.getData, body: { path, watch: false } };
}

export const SYNC: Question = { type: OP.sync, body: { path: '/' } };
export const CLOSE: Question = { type: OP.closeSession, body: null };

/** What clients saw and what was committed, told step by step; nothing keeps it from being wrong. */
export class ToldHistory {
  readonly committed: Transaction[] = [];
  /** Syncs that a deposed leader answered. */
  readonly staleSyncs: Set<Operation> = new Set();
  private readonly history = new History(() => 0);
  private readonly lastXids = new Map<number, number>();

  check(): Finding[] {
    const isFresh = (sync: Operation): boolean => !this.staleSyncs.has(sync);
    return checkOperations(this.history.operations, this.committed, isFresh);
  }

  /** A client asks; it has the same number as its session. */
  ask(session: number, question: Question): Operation {
    const operation = this.askUnsent(session, question);
    const xid = (this.lastXids.get(session) ?? 0) + 1;
    this.lastXids.set(session, xid);
    operation.session = session;
    operation.xid = xid;
    return operation;
  }

  /** The request never leaves the client. */
  askUnsent(client: number, question: Question): Operation {
    return this.history.invoke(client, question);
  }

  /** The operation becomes the next transaction. */
  commit({ session, xid }: Operation, change: Change): Zxid {
    return this.commitOwn(session, xid, change);
  }

  /** The leader refuses the operation; that is a transaction too. */
  refuse(operation: Operation, err: ErrorCode): Zxid {
    return this.commit(operation, { type: OP.error, body: { err } });
  }

  /** A transaction that no client may have asked for. */
  commitOwn(session: number, cxid: number, change: Change): Zxid {
    const zxid = nextZxid(this.committed.at(-1)?.zxid ?? makeZxid(1, 0));
    const header = { zxid, byteCount: 50, time: timeOf(zxid), entry: 1, requestId: 0 };
    this.committed.push({ ...header, session, cxid, ...change });
    return zxid;
  }

  answer(operation: Operation, zxid: Zxid, body: Reply['body'] = null): void {
    this.reply(operation, zxid, CODE.OK, body);
  }

  answerError(operation: Operation, zxid: Zxid, err: ErrorCode): void {
    this.reply(operation, zxid, err, null);
  }

  /** The connection is lost, and nobody tells the client whether the operation took effect. */
  loseAnswer(operation: Operation): void {
    this.history.complete(operation, CODE.CONNECTIONLOSS, null);
  }

  // Whole operations, one after the other

  create(session: number, path: string, data = 'a'): Zxid {
    const operation = this.ask(session, creating(path, data));
    const zxid = this.commitCreate(operation);
    this.answer(operation, zxid, { path });
    return zxid;
  }

  /** Commits a creation under the name that was asked for, or another. */
  commitCreate(operation: Operation, path: string = pathOf(operation)): Zxid {
    const body = { path, data: null, acl: OPEN_ACL, isEphemeral: false, parentCversion: 0 };
    return this.commit(operation, { type: OP.create, body });
  }

  /** Commits a write; what the transaction says is the servers' business, not the checker's. */
  commitSet(operation: Operation): Zxid {
    const body = { path: pathOf(operation), data: null, version: 0 };
    return this.commit(operation, { type: OP.setData, body });
  }

  commitDelete(operation: Operation): Zxid {
    return this.commit(operation, { type: OP.delete, body: { path: pathOf(operation) } });
  }

  /** A write of one byte to a node that nobody but such writes has changed. */
  set(session: number, path: string, data: string, czxid: Zxid, version: number): Zxid {
    const operation = this.ask(session, setting(path, data));
    const zxid = this.commitSet(operation);
    this.answer(operation, zxid, { stat: stat(czxid, { mzxid: zxid, version }) });
    return zxid;
  }

  read(session: number, path: string, zxid: Zxid, data: string, stat: Stat): Operation {
    const operation = this.ask(session, reading(path));
    this.answer(operation, zxid, { data: bytes(data), stat });
    return operation;
  }

  sync(session: number, zxid: Zxid): Operation {
    const operation = this.ask(session, SYNC);
    this.answer(operation, zxid, { path: '/' });
    return operation;
  }

  private reply(operation: Operation, zxid: Zxid, err: number, body: Reply['body']): void {
    const { xid, question } = operation;
    // The tests choose bodies that belong to the type, and some that do not.
    const reply = { xid, zxid, err, type: question.type, body } as Reply;
    this.history.complete(operation, err, reply);
  }
}

function pathOf({ question: { body } }: Operation): string {
  return body !== null && 'path' in body ? body.path : '/';
}
