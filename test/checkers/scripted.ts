import { type AuthInfo, History, type Operation } from '../../src/client/history.ts';
import { type Acl, OPEN_ACL } from '../../src/keeper/acl.ts';
import { OP } from '../../src/keeper/codes.ts';
import {
  ANY_VERSION,
  type EventType,
  type Question,
  type Reply,
} from '../../src/keeper/requests.ts';
import type { Stat } from '../../src/keeper/stat.ts';
import type { Change, Transaction } from '../../src/keeper/transaction.ts';
import { asZxid } from '../../src/zab/zxid.ts';

const NO_DATA: Uint8Array = new Uint8Array(0);

/** The first zxid of epoch 1. */
const FIRST = 2 ** 32 + 1;

/** The zxid of the `n`-th transaction, counted from 1. */
export function zxidOf(n: number): number {
  return FIRST - 1 + n;
}

interface Who {
  /** Also its client's number. */
  readonly session: number;
  readonly connection?: number;
  readonly auth?: readonly AuthInfo[];
}

/** Writes a history by hand: what was committed, and what clients saw of it. */
export class Script {
  readonly history: History;
  readonly committed: Transaction[] = [];
  private now = 0;
  private readonly lastXids = new Map<number, number>();

  constructor() {
    this.history = new History(() => ++this.now);
  }

  /** The zxid of what is committed last. */
  get zxid(): number {
    return zxidOf(this.committed.length);
  }

  /** Commits what nobody is told of. The wall clock says as many seconds as there are txns. */
  commit(session: number, cxid: number, change: Change): void {
    const zxid = asZxid(this.zxid + 1);
    const time = (this.committed.length + 1) * 1000;
    const header = { zxid, session, cxid, time, byteCount: 0, entry: 1, requestId: 0 };
    this.committed.push({ ...header, ...change } as Transaction);
  }

  /** Sends a request that nothing becomes of as yet. */
  send({ session, connection = 1, auth = [] }: Who, question: Question): Operation {
    const operation = this.history.invoke(session, question);
    const xid = (this.lastXids.get(session) ?? 0) + 1;
    this.lastXids.set(session, xid);
    return Object.assign(operation, { session, connection, auth, xid });
  }

  answer(operation: Operation, err: number, body: object | null, zxid: number = this.zxid): void {
    const { xid, question } = operation;
    const reply = { xid, zxid: asZxid(zxid), err, type: question.type, body } as Reply;
    this.history.complete(operation, err, reply);
  }

  /** A request that becomes a transaction and is answered. */
  write(who: Who, question: Question, change: Change, body: object | null = null): void {
    const operation = this.send(who, question);
    this.commit(who.session, operation.xid, change);
    const err = change.type === OP.error ? change.body.err : 0;
    this.answer(operation, err, body);
  }

  /** A request that is answered from the state at `zxid`. */
  read(who: Who, question: Question, err: number, body: object | null = null, zxid?: number): void {
    this.answer(this.send(who, question), err, body, zxid);
  }

  /** A node without data is made; everybody may do everything to it unless `acl` says otherwise. */
  create(
    who: Who,
    path: string,
    flags: number = 0,
    acl: Acl = OPEN_ACL,
    given: string = path,
  ): void {
    const change = created(given, flags, acl);
    const question: Question = { type: OP.create, body: { path, data: NO_DATA, acl, flags } };
    this.write(who, question, change, { path: given });
  }

  delete(who: Who, path: string): void {
    const question: Question = { type: OP.delete, body: { path, version: ANY_VERSION } };
    this.write(who, question, { type: OP.delete, body: { path } });
  }

  setData(who: Who, path: string, stat: Partial<Stat>): void {
    const body = { path, data: NO_DATA, version: ANY_VERSION };
    const change: Change = { type: OP.setData, body: { ...body, version: stat.version ?? 1 } };
    const time = (this.committed.length + 1) * 1000;
    const shown = statOf({ mzxid: asZxid(this.zxid + 1), mtime: time, version: 1, ...stat });
    this.write(who, { type: OP.setData, body }, change, { stat: shown });
  }

  hear(who: Who, type: EventType, path: string, zxid = -1): void {
    const { session, connection = 1 } = who;
    this.history.hear({ client: session, session, connection, type, path, zxid });
  }
}

export function created(path: string, flags = 0, acl: Acl = OPEN_ACL): Change {
  const isEphemeral = flags === 1 || flags === 3;
  return { type: OP.create, body: { path, data: NO_DATA, acl, parentCversion: 1, isEphemeral } };
}

/** The Stat of the node that the first transaction made. */
export function statOf(stat: Partial<Stat>): Stat {
  const zxid = asZxid(FIRST);
  return {
    czxid: zxid,
    mzxid: zxid,
    ctime: 1000,
    mtime: 1000,
    version: 0,
    cversion: 0,
    aversion: 0,
    ephemeralOwner: 0,
    dataLength: 0,
    numChildren: 0,
    pzxid: zxid,
    ...stat,
  };
}
