import type { Operation } from '../client/history.ts';
import { CODE, codeName, isWrite, OP } from '../keeper/codes.ts';
import { DEFAULT_SERVICE, type ServiceConfig } from '../keeper/config.ts';
import type { SessionId } from '../keeper/session-id.ts';
import type { Change, Transaction } from '../keeper/transaction.ts';
import { formatZxid, ZXID_ZERO, type Zxid } from '../zab/zxid.ts';
import { compareAnswer, compareSets, describeOperation, differ } from './answers.ts';
import { checkLinearizable } from './linearizability/reference-search.ts';
import { type Asker, idsOf } from './models/access-model.ts';
import { PATH_MODEL, pathCalls } from './models/path-model.ts';
import { type ModelResult, type ModelSettings, ZnodeModel } from './models/znode-model.ts';
import type { Property } from './violation.ts';

/** A promise that the operations of a run break. */
export interface Finding {
  readonly property: Property;
  readonly message: string;
  /** `null` when it is about what nobody asked for. */
  readonly operation: Operation | null;
}

/** What the outcome of operations depends on besides the operations. */
export interface ServiceRules extends ModelSettings, Pick<ServiceConfig, 'superDigest'> {
  /** Where a client comes from, as access lists name it. */
  addressOf(client: number): string;
}

const DEFAULT_RULES: ServiceRules = { ...DEFAULT_SERVICE, addressOf: () => '' };

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
 * @param rules those that the servers were run with
 * @returns the first finding of each kind of check, most telling first
 */
export function checkOperations(
  operations: readonly Operation[],
  committed: readonly Transaction[],
  isFresh: (sync: Operation) => boolean,
  rules: ServiceRules = DEFAULT_RULES,
): Finding[] {
  const effects = new Effects(operations, committed);
  const answered = inOrderOfAnswers(operations);
  const findings = [
    effects.finding,
    checkRealTime(operations, answered, effects, isFresh),
    checkSessions(answered),
    new Specification(effects, rules).check(answered, committed),
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
  const body = finding.operation?.question.body ?? null;
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
  // A request that no server understood has no place in the order.
  const isRefused = operation.zxid < ZXID_ZERO && txn === undefined;
  if (operation.reply !== null && operation.zxid !== txn?.zxid && !isRefused) {
    return {
      property: 'zxid-order',
      message: `${describeOperation(operation)} was answered with a zxid that it was not committed under`,
      operation,
    };
  }
  if (txn === undefined || !isLate) return null;
  return {
    property: 'sequential-consistency',
    message: `${describeOperation(operation)} took effect at ${formatZxid(txn.zxid)}, behind itself or a later one of its session`,
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
    if (txn.cxid <= 0 || firstError(txn) !== CODE.OK) continue;
    const last = lastXids.get(txn.session) ?? 0;
    if (txn.cxid <= last) late.add(txn);
    else lastXids.set(txn.session, txn.cxid);
  }
  return late;
}

/** What takes effect later has a higher zxid than anything that was known when it was asked for. */
function checkRealTime(
  operations: readonly Operation[],
  answered: readonly Operation[],
  effects: Effects,
  isFresh: (sync: Operation) => boolean,
): Finding | null {
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
      message: `${describeOperation(operation)} is at ${seen}, but ${formatZxid(known)} was known before`,
      operation,
    };
  }
  return null;
}

/** Answers come in the order of the requests, and never show less than the one before. */
function checkSessions(answered: readonly Operation[]): Finding | null {
  const last = new Map<number, Operation>();
  for (const operation of answered) {
    if (operation.zxid <= ZXID_ZERO) continue;
    const before = last.get(operation.session);
    last.set(operation.session, operation);
    if (before === undefined) continue;
    if (operation.zxid < before.zxid) {
      return {
        property: 'sequential-consistency',
        message: `${describeOperation(operation)} shows ${formatZxid(operation.zxid)}, and its session had seen ${formatZxid(before.zxid)} before`,
        operation,
      };
    }
    if (operation.xid > 0 && operation.xid <= before.xid) {
      return {
        property: 'sequential-consistency',
        message: `${describeOperation(operation)} was answered after ${describeOperation(before)}`,
        operation,
      };
    }
  }
  return null;
}

/** The answers that the order of a session's requests is promised for come with a zxid. */
function inOrderOfAnswers(operations: readonly Operation[]): Operation[] {
  return operations
    .filter(({ reply }) => reply !== null)
    .sort((a, b) => a.completedIndex - b.completedIndex);
}

/** What the leader or a server knows, and the tree cannot tell: a request's session. */
function isOfSession(err: number): boolean {
  return err === CODE.SESSIONEXPIRED || err === CODE.SESSIONMOVED;
}

/** Carries everything out in the order of the zxids, one by one, and compares the answers. */
class Specification {
  private readonly effects: Effects;
  private readonly rules: ServiceRules;
  private readonly model: ZnodeModel;
  private readonly ids = new Map<Operation['auth'], Map<number, Asker['ids']>>();
  private readonly closed = new Set<SessionId>();

  constructor(effects: Effects, rules: ServiceRules) {
    this.effects = effects;
    this.rules = rules;
    // A leader judges quotas by what it has applied, which may be less than it has proposed.
    this.model = new ZnodeModel({ ...rules, enforceQuota: false });
  }

  /** @param answered in the order of the answers */
  check(answered: readonly Operation[], committed: readonly Transaction[]): Finding | null {
    const reads = answered
      .filter(({ zxid, question }) => zxid >= ZXID_ZERO && !isWrite(question.type))
      .sort((a, b) => a.zxid - b.zxid);
    let nextRead = 0;
    for (let index = -1; index < committed.length; index++) {
      const txn = committed[index];
      const finding = txn === undefined ? null : this.replay(txn);
      if (finding !== null) return finding;
      const until = committed[index + 1]?.zxid ?? Number.POSITIVE_INFINITY;
      for (let read = reads[nextRead]; read !== undefined; read = reads[nextRead]) {
        if (read.zxid >= until) break;
        nextRead++;
        const wrong = this.judgeRead(read);
        if (wrong !== null) return wrong;
      }
    }
    return null;
  }

  private judgeRead(read: Operation): Finding | null {
    const { reply, question } = read;
    // Watches belong to the connection, and authentication to its server: see the watch checker.
    if (reply === null || question.type === OP.auth || reply.err === CODE.NOWATCHER) return null;
    if (isOfSession(reply.err)) return null;
    const difference = compareAnswer(reply, this.model.read(this.askerOf(read), question));
    if (difference === null) return null;
    return {
      property: 'sequential-consistency',
      message: `${describeOperation(read)} at ${formatZxid(read.zxid)}: ${difference}`,
      operation: read,
    };
  }

  /** One committed transaction, as its client asked for it. */
  private replay(txn: Transaction): Finding | null {
    const operation = this.effects.cause(txn.zxid);
    const finding =
      operation === undefined ? this.replayOwn(txn) : this.replayAsked(txn, operation);
    if (txn.type === OP.closeSession) this.closed.add(txn.session);
    return finding;
  }

  /** What servers do by themselves: sessions begin and expire, and nodes go whose time is over. */
  private replayOwn(txn: Transaction): Finding | null {
    const at = formatZxid(txn.zxid);
    switch (txn.type) {
      case OP.createSession:
      case OP.error:
        return null;
      case OP.closeSession: {
        const asker = { session: txn.session, ids: [] };
        const expected = this.model.write(asker, { type: OP.closeSession, body: null }, txn);
        const difference = compareEphemerals(txn, expected);
        if (difference === null) return null;
        const message = `the end of session ${txn.session} at ${at}: ${difference}`;
        return { property: 'ephemerals', message, operation: null };
      }
      case OP.deleteContainer: {
        const { path } = txn.body;
        const mayGo = this.model.mayReap(path, txn.time);
        const asker = { session: txn.session, ids: [] };
        const { err } = this.model.write(asker, { type: txn.type, body: { path } }, txn);
        if (mayGo && err === CODE.OK) return null;
        const why = err === CODE.OK ? 'which was not its to delete' : `which is ${codeName(err)}`;
        const message = `the leader deleted ${path} at ${at}, ${why}`;
        return { property: 'reaping', message, operation: null };
      }
      default: {
        const message = `session ${txn.session} wrote at ${at} (xid ${txn.cxid}), which no client asked for`;
        return { property: 'asked-for', message, operation: null };
      }
    }
  }

  private replayAsked(txn: Transaction, operation: Operation): Finding | null {
    const failed = firstError(txn);
    if (isOfSession(failed)) return null;
    if (failed === CODE.QUOTAEXCEEDED && this.rules.enforceQuota) return null;
    const late = failed === CODE.OK ? this.checkOpen(txn, operation) : null;
    if (late !== null) return late;
    const expected = this.model.write(this.askerOf(operation), operation.question, txn);
    let difference = compareEffect(txn, expected);
    if (difference === null && operation.reply !== null) {
      difference = compareAnswer(operation.reply, expected);
    }
    if (difference === null) difference = compareEphemerals(txn, expected);
    if (difference === null) return null;
    return {
      property: txn.type === OP.closeSession ? 'ephemerals' : 'zxid-order',
      message: `${describeOperation(operation)} at ${formatZxid(txn.zxid)}: ${difference}`,
      operation,
    };
  }

  /** Nothing takes effect for a session that is over. */
  private checkOpen(txn: Transaction, operation: Operation): Finding | null {
    if (!this.closed.has(txn.session) || txn.type === OP.closeSession) return null;
    const at = formatZxid(txn.zxid);
    const message = `${describeOperation(operation)} took effect at ${at}, when its session was over`;
    return { property: 'ephemerals', message, operation };
  }

  private askerOf({ session, client, auth }: Operation): Asker {
    let byClient = this.ids.get(auth);
    if (byClient === undefined) {
      byClient = new Map();
      this.ids.set(auth, byClient);
    }
    let ids = byClient.get(client);
    if (ids === undefined) {
      ids = idsOf(this.rules.addressOf(client), auth, this.rules.superDigest);
      byClient.set(client, ids);
    }
    return { session, ids };
  }
}

/** With which error a change was committed. */
function errorOf({ type, body }: Change): number {
  return type === OP.error ? body.err : CODE.OK;
}

/** The same of a transaction; of a multi the first of its parts' errors. */
function firstError(txn: Transaction): number {
  if (txn.type !== OP.multi) return errorOf(txn);
  const failed = txn.body.changes.find((change) => errorOf(change) !== CODE.OK);
  return failed === undefined ? CODE.OK : errorOf(failed);
}

/** How a transaction differs from what its place asks for, whether anybody was told or not. */
function compareEffect(txn: Transaction, expected: ModelResult): string | null {
  const changes = txn.type === OP.multi ? txn.body.changes : [txn];
  const results = expected.err === CODE.OK ? (expected.results ?? [expected]) : [expected];
  const codes = changes.map(errorOf);
  if (codes.length !== results.length || results.some(({ err }, index) => err !== codes[index])) {
    return differ('err', names(results.map(({ err }) => err)), names(codes));
  }
  for (const [index, { body }] of changes.entries()) {
    if (!('parentCversion' in body)) continue;
    const path = results[index]?.path;
    if (body.path !== path) return differ('path', path, body.path);
  }
  return null;
}

function names(codes: readonly number[]): string {
  return codes.map(codeName).join(' ');
}

/** With a session goes what it owned there and then. */
function compareEphemerals(txn: Transaction, expected: ModelResult): string | null {
  if (txn.type !== OP.closeSession) return null;
  return compareSets('what goes with it', expected.ephemerals ?? [], txn.body.paths);
}
