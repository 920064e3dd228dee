import type { Operation } from '../client/history.ts';
import { CODE, codeName, isWrite, OP } from '../keeper/codes.ts';
import type { Reply } from '../keeper/requests.ts';
import type { SessionId } from '../keeper/session-id.ts';
import type { Stat } from '../keeper/stat.ts';
import type { Transaction } from '../keeper/transaction.ts';
import { formatZxid, ZXID_ZERO, type Zxid } from '../zab/zxid.ts';
import { checkLinearizable } from './linearizability.ts';
import { PATH_MODEL, pathCalls } from './models/path-model.ts';
import { type ModelResult, ZnodeModel } from './models/znode-model.ts';
import type { Property } from './violation.ts';

/** A promise that the operations of a run break. */
export interface Finding {
  readonly property: Property;
  readonly message: string;
  readonly operation: Operation;
}

/**
 * Holds what clients saw against what was committed.
 *
 * The zxids are a witness: if writes in the order of their zxids obey real time, and each gives
 * the result that the specification asks for there, that order proves them linearizable. Reads are
 * then right if each shows the state at its zxid and no session goes back; behind a sync that the
 * current leader answered, not older than what anybody had seen when it was asked for.
 *
 * O(n log n) in the number of operations.
 *
 * @param operations in the order of their invocation
 * @param committed every committed transaction, in order
 * @param isFresh whether a sync was answered by a leader that no other had succeeded
 * @returns the first finding of each kind of check, most telling first
 */
export function checkOperations(
  operations: readonly Operation[],
  committed: readonly Transaction[],
  isFresh: (sync: Operation) => boolean,
): Finding[] {
  const effects = new Effects(operations, committed);
  const findings = [
    effects.finding,
    checkRealTime(operations, effects, isFresh),
    checkSessions(operations),
    checkSpecification(operations, committed, effects),
  ];
  return findings
    .filter((finding) => finding !== null)
    .map((finding) => (finding.property === 'zxid-order' ? search(operations, finding) : finding));
}

/** Calls tried before the search for another order gives up. */
const SEARCH_STEPS_MAX = 200_000;

/**
 * The zxids are no witness, so they break their own promise. Whether the answers alone could be
 * right, in some other order, a search decides for the node concerned.
 */
function search(operations: readonly Operation[], finding: Finding): Finding {
  const { body } = finding.operation.question;
  const path = body !== null && 'path' in body ? body.path : null;
  const calls = path === null ? null : pathCalls(operations, path);
  if (calls === null) return finding;
  const { verdict } = checkLinearizable(PATH_MODEL, calls, SEARCH_STEPS_MAX);
  const message = `${finding.message}; the answers to the writes of ${path} alone: ${verdict}`;
  const property = verdict === 'not linearizable' ? 'linearizability' : finding.property;
  return { ...finding, property, message };
}

/** Which transaction each write became, the unanswered ones included. */
class Effects {
  finding: Finding | null = null;
  private readonly byOperation = new Map<Operation, Transaction>();
  private readonly byZxid = new Map<Zxid, Operation>();

  constructor(operations: readonly Operation[], committed: readonly Transaction[]) {
    const sessions = groupBySession(committed);
    const late = lateTxns(committed);
    for (const operation of operations) {
      if (operation.xid === 0 || !isWrite(operation.question.type)) continue;
      const txn = sessions.get(operation.session)?.get(operation.xid);
      if (txn !== undefined) {
        this.byOperation.set(operation, txn);
        this.byZxid.set(txn.zxid, operation);
      }
      this.finding ??= misplaced(operation, txn, txn !== undefined && late.has(txn));
    }
  }

  of(operation: Operation): Transaction | undefined {
    return this.byOperation.get(operation);
  }

  /** What asked for the transaction `zxid`; nobody did for those of the servers' own. */
  cause(zxid: Zxid): Operation | undefined {
    return this.byZxid.get(zxid);
  }
}

/** Whether a write has become a transaction that it must not be, or none. */
function misplaced(
  operation: Operation,
  txn: Transaction | undefined,
  isLate: boolean,
): Finding | null {
  if (operation.reply !== null && operation.zxid !== txn?.zxid) {
    return {
      property: 'zxid-order',
      message: `${describe(operation)} was answered with a zxid that it was not committed under`,
      operation,
    };
  }
  if (txn === undefined || !isLate) return null;
  return {
    property: 'sequential-consistency',
    message: `${describe(operation)} took effect at ${formatZxid(txn.zxid)}, behind itself or a later one of its session`,
    operation,
  };
}

/** The transactions of each session, by the xid of the request. */
function groupBySession(txns: readonly Transaction[]): Map<SessionId, Map<number, Transaction>> {
  const sessions = new Map<SessionId, Map<number, Transaction>>();
  for (const txn of txns) {
    let session = sessions.get(txn.session);
    if (session === undefined) {
      session = new Map();
      sessions.set(txn.session, session);
    }
    session.set(txn.cxid, txn);
  }
  return sessions;
}

/**
 * The transactions that come behind one which their session asked for later, or are the second for
 * one request. A session's writes take effect in the order of its requests, each at most once.
 * Refusals may be late: what still is on its way through a server that the session has left.
 */
function lateTxns(txns: readonly Transaction[]): Set<Transaction> {
  const late = new Set<Transaction>();
  const lastXids = new Map<SessionId, number>();
  for (const txn of txns) {
    // The servers' own have no xid.
    if (txn.cxid <= 0 || txn.type === OP.error) continue;
    const last = lastXids.get(txn.session) ?? 0;
    if (txn.cxid <= last) late.add(txn);
    else lastXids.set(txn.session, txn.cxid);
  }
  return late;
}

/** What takes effect later has a higher zxid than anything that was known when it was asked for. */
function checkRealTime(
  operations: readonly Operation[],
  effects: Effects,
  isFresh: (sync: Operation) => boolean,
): Finding | null {
  const answered = operations
    .filter(({ reply }) => reply !== null)
    .sort((a, b) => a.completedIndex - b.completedIndex);
  let known: Zxid = ZXID_ZERO;
  let next = 0;
  for (const operation of operations) {
    for (;;) {
      const earlier = answered[next];
      if (earlier === undefined || earlier.completedIndex > operation.invokedIndex) break;
      if (earlier.zxid > known) known = earlier.zxid;
      next++;
    }
    const txn = effects.of(operation);
    const isStaleWrite = txn !== undefined && txn.zxid <= known;
    const isStaleSync =
      operation.question.type === OP.sync &&
      operation.reply !== null &&
      operation.zxid < known &&
      isFresh(operation);
    if (!isStaleWrite && !isStaleSync) continue;
    const seen = formatZxid(txn?.zxid ?? operation.zxid);
    return {
      property: isStaleSync ? 'linearizability' : 'zxid-order',
      message: `${describe(operation)} is at ${seen}, but ${formatZxid(known)} was known before`,
      operation,
    };
  }
  return null;
}

/** Answers come in the order of the requests, and never show less than the one before. */
function checkSessions(operations: readonly Operation[]): Finding | null {
  const answered = operations
    .filter(({ reply }) => reply !== null)
    .sort((a, b) => a.completedIndex - b.completedIndex);
  const last = new Map<number, Operation>();
  for (const operation of answered) {
    const before = last.get(operation.session);
    last.set(operation.session, operation);
    if (before === undefined) continue;
    if (operation.zxid >= before.zxid && operation.xid > before.xid) continue;
    return {
      property: 'sequential-consistency',
      message: `${describe(operation)} shows ${formatZxid(operation.zxid)}, and its session had seen ${formatZxid(before.zxid)} before`,
      operation,
    };
  }
  return null;
}

/** Carries everything out in the order of the zxids, one by one, and compares the answers. */
function checkSpecification(
  operations: readonly Operation[],
  committed: readonly Transaction[],
  effects: Effects,
): Finding | null {
  const model = new ZnodeModel();
  const reads = operations
    .filter(({ reply, question }) => reply !== null && !isWrite(question.type))
    .sort((a, b) => a.zxid - b.zxid || a.completedIndex - b.completedIndex);
  let nextRead = 0;
  for (let index = -1; index < committed.length; index++) {
    const txn = committed[index];
    if (txn !== undefined) {
      const finding = replay(model, txn, effects.cause(txn.zxid));
      if (finding !== null) return finding;
    }
    const until = committed[index + 1]?.zxid ?? Number.POSITIVE_INFINITY;
    for (let read = reads[nextRead]; read !== undefined; read = reads[nextRead]) {
      if (read.zxid >= until) break;
      nextRead++;
      const difference = compare(read.reply, model.read(read.question));
      if (difference === null) continue;
      return {
        property: 'sequential-consistency',
        message: `${describe(read)} at ${formatZxid(read.zxid)}: ${difference}`,
        operation: read,
      };
    }
  }
  return null;
}

/** One committed transaction, as its client asked for it. */
function replay(
  model: ZnodeModel,
  txn: Transaction,
  operation: Operation | undefined,
): Finding | null {
  if (operation === undefined) {
    if (txn.type === OP.closeSession) model.endSession(txn.session, txn.zxid);
    return null;
  }
  const failed = txn.type === OP.error ? txn.body.err : CODE.OK;
  // Whether a session still may write is the leader's knowledge; the tree cannot tell.
  if (failed === CODE.SESSIONEXPIRED || failed === CODE.SESSIONMOVED) return null;
  const expected = model.write(txn.session, operation.question, txn.zxid, txn.time);
  let difference: string | null = null;
  if (expected.err !== failed) difference = differ('err', codeName(expected.err), codeName(failed));
  else if (operation.reply !== null) difference = compare(operation.reply, expected);
  if (difference === null) return null;
  return {
    property: 'zxid-order',
    message: `${describe(operation)} at ${formatZxid(txn.zxid)}: ${difference}`,
    operation,
  };
}

/** How an answer differs from what the model gives; `null` if it does not. */
function compare(reply: Reply | null, expected: ModelResult): string | null {
  if (reply === null) return null;
  if (reply.err !== expected.err) {
    return differ('err', codeName(expected.err), codeName(reply.err));
  }
  const { body } = reply;
  if (body === null || expected.err !== CODE.OK) return null;
  if ('path' in body && expected.path !== undefined && body.path !== expected.path) {
    return differ('path', expected.path, body.path);
  }
  if ('data' in body && body.data !== expected.data && text(body.data) !== text(expected.data)) {
    return differ('data', text(expected.data), text(body.data));
  }
  if ('children' in body) {
    const [want, have] = [sorted(expected.children), sorted(body.children)];
    if (want !== have) return differ('children', want, have);
  }
  if ('stat' in body && expected.stat !== undefined) return compareStat(body.stat, expected.stat);
  return null;
}

const STAT_FIELDS = [
  'czxid',
  'mzxid',
  'ctime',
  'mtime',
  'version',
  'cversion',
  'aversion',
  'ephemeralOwner',
  'dataLength',
  'numChildren',
  'pzxid',
] as const satisfies readonly (keyof Stat)[];

function compareStat(stat: Stat, expected: Stat): string | null {
  const field = STAT_FIELDS.find((name) => stat[name] !== expected[name]);
  return field === undefined ? null : differ(field, expected[field], stat[field]);
}

function differ(what: string, expected: string | number, actual: string | number): string {
  return `${what} should be ${expected} and is ${actual}`;
}

function describe(operation: Operation): string {
  const { question, client, session, xid } = operation;
  const name = Object.entries(OP).find(([, type]) => type === question.type)?.[0] ?? '?';
  const path = question.body !== null && 'path' in question.body ? ` ${question.body.path}` : '';
  return `client ${client}'s ${name}${path} (session ${session}, xid ${xid})`;
}

const decoder = new TextDecoder();

function text(data: Uint8Array | null | undefined): string {
  return data === null || data === undefined ? 'null' : decoder.decode(data);
}

function sorted(names: readonly string[] = []): string {
  return [...names].sort().join(' ');
}
