import * as fc from 'fast-check';
import type { Acl } from '../../src/keeper/acl.ts';
import { OP, type Op } from '../../src/keeper/codes.ts';
import {
  type ConnectRequest,
  type ConnectResponse,
  type CreateBody,
  EVENT_TYPE,
  type MultiOp,
  type MultiReadOp,
  type MultiReadResult,
  type MultiResult,
  type Notification,
  type Question,
  type Reply,
  type Request,
  type RequestedAcl,
  XID,
} from '../../src/keeper/requests.ts';
import type { SessionId } from '../../src/keeper/session-id.ts';
import type { Stat } from '../../src/keeper/stat.ts';
import type { Change, SubChange } from '../../src/keeper/transaction.ts';
import type { ConnectForm } from '../../src/keeper/wire/connect.ts';
import type { LogEntry } from '../../src/keeper/wire/transactions.ts';
import { asZxid, type Zxid } from '../../src/zab/zxid.ts';

interface Typed {
  readonly type: Op;
  readonly body: unknown;
}

/** An arbitrary for the body of each type. */
type Bodies<Union extends Typed> = {
  readonly [Member in Union as Member['type']]: fc.Arbitrary<Member['body']>;
};

/** Any member of the union. */
function anyOf<Union extends Typed>(bodies: Bodies<Union>): fc.Arbitrary<Union> {
  const members = Object.entries<fc.Arbitrary<unknown>>(bodies).map(([type, arbitrary]) => {
    return arbitrary.map((body) => ({ type: Number(type), body }) as Union);
  });
  return fc.oneof(...members);
}

// Primitive types

const int: fc.Arbitrary<number> = fc.oneof(
  fc.integer(),
  fc.constantFrom(0, -1, 2 ** 31 - 1, -(2 ** 31)),
);
const long: fc.Arbitrary<number> = fc.oneof(
  fc.maxSafeInteger(),
  fc.constantFrom(0, -1, 2 ** 32 - 1, 2 ** 32, -(2 ** 32), Number.MAX_SAFE_INTEGER),
);
const zxid: fc.Arbitrary<Zxid> = long.map(asZxid);
const session: fc.Arbitrary<SessionId> = fc.oneof(
  fc.maxSafeNat(),
  fc.constantFrom(0, 2 ** 45 - 1, 2 ** 45, Number.MAX_SAFE_INTEGER),
);

/** Of any UTF-16 units, surrogates without a partner among them. */
export const text: fc.Arbitrary<string> = fc.oneof(
  fc.string(),
  fc.string({ unit: 'binary' }),
  fc.array(fc.integer({ min: 0, max: 0xffff })).map((units) => String.fromCharCode(...units)),
);
const texts = fc.array(text, { maxLength: 5 });
const textOrNull = fc.option(text);
const bytes = fc.uint8Array({ maxLength: 40 }).map((array) => new Uint8Array(array));
const data = fc.option(bytes);
const path = text;
const pathOnly = fc.record({ path });

const stat: fc.Arbitrary<Stat> = fc.record({
  czxid: zxid,
  mzxid: zxid,
  ctime: long,
  mtime: long,
  version: int,
  cversion: int,
  aversion: int,
  ephemeralOwner: session,
  dataLength: int,
  numChildren: int,
  pzxid: zxid,
});
const acl: fc.Arbitrary<Acl> = fc.array(fc.record({ perms: int, scheme: text, id: text }), {
  maxLength: 3,
});
const requestedAcl: fc.Arbitrary<RequestedAcl> = fc.option(
  fc.array(fc.record({ perms: int, scheme: textOrNull, id: textOrNull }), { maxLength: 3 }),
);

// Requests

const createBody: fc.Arbitrary<CreateBody> = fc.record({
  path,
  data,
  acl: requestedAcl,
  flags: int,
});
const createTtlBody = fc.record({ path, data, acl: requestedAcl, flags: int, ttl: long });
const pathVersion = fc.record({ path, version: int });
const pathWatch = fc.record({ path, watch: fc.boolean() });
const pathWatcherType = fc.record({ path, watcherType: int });
const watches = { relativeZxid: zxid, data: texts, exist: texts, child: texts };

const OPS: ReadonlySet<number> = new Set(Object.values(OP));
const unknown = fc.record({ type: int.filter((type) => !OPS.has(type)) });

const multiOps: Bodies<MultiOp> = {
  [OP.create]: createBody,
  [OP.create2]: createBody,
  [OP.createContainer]: createBody,
  [OP.createTTL]: createTtlBody,
  [OP.delete]: pathVersion,
  [OP.setData]: fc.record({ path, data, version: int }),
  [OP.check]: pathVersion,
  [OP.unknown]: fc.record({
    type: fc.constantFrom(OP.setACL, OP.getData, OP.deleteContainer, OP.multi, -1, 999),
  }),
};
const multiReadOps: Bodies<MultiReadOp> = {
  [OP.getData]: pathWatch,
  [OP.getChildren]: pathWatch,
};

export const questionBodies: Bodies<Question> = {
  ...multiOps,
  [OP.unknown]: unknown,
  [OP.deleteContainer]: pathOnly,
  [OP.setACL]: fc.record({ path, acl: requestedAcl, version: int }),
  [OP.multi]: fc.record({ ops: fc.array(anyOf(multiOps), { maxLength: 5 }) }),
  [OP.multiRead]: fc.record({ ops: fc.array(anyOf(multiReadOps), { maxLength: 5 }) }),
  [OP.exists]: pathWatch,
  [OP.getData]: pathWatch,
  [OP.getChildren]: pathWatch,
  [OP.getChildren2]: pathWatch,
  [OP.getACL]: pathOnly,
  [OP.getAllChildrenNumber]: pathOnly,
  [OP.sync]: pathOnly,
  [OP.getEphemerals]: fc.record({ prefixPath: path }),
  [OP.addWatch]: fc.record({ path, mode: int }),
  [OP.checkWatches]: pathWatcherType,
  [OP.removeWatches]: pathWatcherType,
  [OP.setWatches]: fc.record(watches),
  [OP.setWatches2]: fc.record({ ...watches, persistent: texts, persistentRecursive: texts }),
  [OP.auth]: fc.record({ scheme: text, auth: bytes }),
  [OP.reconfig]: fc.record({
    joining: textOrNull,
    leaving: textOrNull,
    newMembers: textOrNull,
    curConfigId: zxid,
  }),
  [OP.ping]: fc.constant(null),
  [OP.whoAmI]: fc.constant(null),
  [OP.closeSession]: fc.constant(null),
  [OP.createSession]: fc.record({ timeoutMs: int }),
};

export const request: fc.Arbitrary<Request> = fc
  .tuple(int, anyOf<Question>(questionBodies))
  .map(([xid, question]) => ({ xid, ...question }));

export const connectRequest: fc.Arbitrary<ConnectRequest> = fc.record({
  lastZxidSeen: zxid,
  timeoutMs: int,
  session,
  password: bytes,
});

export const connectResponse: fc.Arbitrary<ConnectResponse> = fc.record({
  timeoutMs: int,
  session,
  password: bytes,
});

export const connectForm: fc.Arbitrary<ConnectForm> = fc.record({
  protocolVersion: int,
  readOnly: fc.option(fc.boolean()),
});

// Answers

const pathStat = fc.record({ path, stat });
const onlyStat = fc.record({ stat });
const dataStat = fc.record({ data, stat });
const error = fc.record({ err: int });
const nothing = fc.constant(null);

const multiResults: Bodies<MultiResult> = {
  [OP.create]: pathOnly,
  [OP.create2]: pathStat,
  [OP.setData]: onlyStat,
  [OP.delete]: nothing,
  [OP.check]: nothing,
  [OP.error]: error,
};
const multiReadResults: Bodies<MultiReadResult> = {
  [OP.getData]: dataStat,
  [OP.getChildren]: fc.record({ children: texts }),
  [OP.error]: error,
};

export const replyBodies: Bodies<Reply> = {
  [OP.create]: pathOnly,
  [OP.sync]: pathOnly,
  [OP.create2]: pathStat,
  [OP.createContainer]: pathStat,
  [OP.createTTL]: pathStat,
  [OP.setData]: onlyStat,
  [OP.setACL]: onlyStat,
  [OP.exists]: onlyStat,
  [OP.getData]: dataStat,
  [OP.reconfig]: dataStat,
  [OP.getACL]: fc.record({ acl, stat }),
  [OP.getChildren]: fc.record({ children: texts }),
  [OP.getChildren2]: fc.record({ children: texts, stat }),
  [OP.multi]: fc.record({ results: fc.array(anyOf(multiResults), { maxLength: 5 }) }),
  [OP.multiRead]: fc.record({ results: fc.array(anyOf(multiReadResults), { maxLength: 5 }) }),
  [OP.getEphemerals]: fc.record({ ephemerals: texts }),
  [OP.getAllChildrenNumber]: fc.record({ totalNumber: int }),
  [OP.whoAmI]: fc.record({
    clientInfo: fc.array(fc.record({ authScheme: text, user: text }), { maxLength: 3 }),
  }),
  [OP.addWatch]: fc.record({ errorField: int }),
  [OP.delete]: nothing,
  [OP.deleteContainer]: nothing,
  [OP.check]: nothing,
  [OP.checkWatches]: nothing,
  [OP.removeWatches]: nothing,
  [OP.setWatches]: nothing,
  [OP.setWatches2]: nothing,
  [OP.auth]: nothing,
  [OP.ping]: nothing,
  [OP.closeSession]: nothing,
  [OP.unknown]: nothing,
};

const SPECIAL_XIDS: ReadonlySet<number> = new Set(Object.values(XID));
const err = int.filter((code) => code !== 0);

/** Those to requests that have numbers of their own; about every fourth is an error. */
export const reply: fc.Arbitrary<Reply> = fc
  .tuple(
    int.filter((xid) => !SPECIAL_XIDS.has(xid)),
    zxid,
    fc.oneof({ weight: 3, arbitrary: nothing }, { weight: 1, arbitrary: err }),
    anyOf<Reply>(replyBodies),
  )
  .map(([xid, last, code, { type, body }]) => {
    const ending = code === null ? { err: 0, body } : { err: code, body: null };
    return { xid, zxid: last, type, ...ending } as Reply;
  });

export const notification: fc.Arbitrary<Notification> = fc.record({
  xid: fc.constant(XID.notification),
  zxid,
  err: fc.constant(0),
  type: fc.constant(OP.notification),
  body: fc.record({ type: fc.constantFrom(...Object.values(EVENT_TYPE)), path }),
});

// Transactions

const created = { path, data, acl, parentCversion: int };
const createTxn = fc.record({ ...created, isEphemeral: fc.boolean() });

const subChanges: Bodies<SubChange> = {
  [OP.create]: createTxn,
  [OP.create2]: createTxn,
  [OP.createContainer]: fc.record(created),
  [OP.createTTL]: fc.record({ ...created, ttl: long }),
  [OP.delete]: pathOnly,
  [OP.setData]: fc.record({ path, data, version: int }),
  [OP.check]: pathVersion,
  [OP.error]: error,
};

export const changeBodies: Bodies<Change> = {
  ...subChanges,
  [OP.deleteContainer]: pathOnly,
  [OP.setACL]: fc.record({ path, acl, version: int }),
  [OP.multi]: fc.record({ changes: fc.array(anyOf(subChanges), { maxLength: 4 }) }),
  [OP.createSession]: fc.record({ timeoutMs: int }),
  [OP.closeSession]: fc.record({ paths: texts }),
};

const recordHeader = fc.record({ session, cxid: int, zxid, time: long });

export const logEntry: fc.Arbitrary<LogEntry> = fc
  .tuple(recordHeader, anyOf<Change>(changeBodies), fc.option(long))
  .map(([header, change, digest]) => ({ txn: { ...header, ...change }, digest }));
