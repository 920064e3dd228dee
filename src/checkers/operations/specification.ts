import type { Operation } from '../../client/history.ts';
import { CODE, codeName, isWrite, OP } from '../../keeper/codes.ts';
import type { ServiceConfig } from '../../keeper/config.ts';
import type { SessionId } from '../../keeper/session-id.ts';
import type { Transaction } from '../../keeper/transaction.ts';
import { formatZxid, ZXID_ZERO } from '../../zab/zxid.ts';
import { compareAnswer, compareSets, describeOperation, differ } from '../answers.ts';
import { type Asker, idsOf } from '../models/access-model.ts';
import { type ModelResult, type ModelSettings, ZnodeModel } from '../models/znode-model.ts';
import type { Effects } from './effects.ts';
import { errorOf, firstError, isOfSession } from './errors.ts';
import type { Court, Finding } from './finding.ts';

/** What the outcome of operations depends on besides the operations. */
export interface ServiceRules extends ModelSettings, Pick<ServiceConfig, 'superDigest'> {
  /** Where a client comes from, as access lists name it. */
  addressOf(client: number): string;
}

/** Carries everything out in the order of the zxids, one by one, and compares the answers. */
export class Specification {
  private readonly effects: Effects;
  private readonly rules: ServiceRules;
  private readonly court: Court;
  private readonly model: ZnodeModel;
  private readonly ids = new Map<Operation['auth'], Map<number, Asker['ids']>>();
  private readonly closed = new Set<SessionId>();

  constructor(effects: Effects, rules: ServiceRules, court: Court) {
    this.effects = effects;
    this.rules = rules;
    this.court = court;
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
    this.court.count('sequential-consistency');
    const difference = compareAnswer(reply, this.model.read(this.askerOf(read), question));
    if (difference === null) return null;
    return this.court.keep({
      property: 'sequential-consistency',
      message: `${describeOperation(read)} at ${formatZxid(read.zxid)}: ${difference}`,
      operation: read,
    });
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
    switch (txn.type) {
      case OP.createSession:
      case OP.error:
        return null;
      case OP.closeSession:
        return this.court.keep(this.closeSession(txn));
      case OP.deleteContainer:
        return this.court.keep(this.reap(txn, txn.body.path));
      default: {
        const message = `session ${txn.session} wrote at ${formatZxid(txn.zxid)} (xid ${txn.cxid}), which no client asked for`;
        this.court.count('asked-for');
        return this.court.keep({ property: 'asked-for', message, operation: null });
      }
    }
  }

  private closeSession(txn: Transaction): Finding | null {
    const asker = { session: txn.session, ids: [] };
    const expected = this.model.write(asker, { type: OP.closeSession, body: null }, txn);
    this.court.count('ephemerals');
    const difference = compareEphemerals(txn, expected);
    if (difference === null) return null;
    const message = `the end of session ${txn.session} at ${formatZxid(txn.zxid)}: ${difference}`;
    return { property: 'ephemerals', message, operation: null };
  }

  private reap(txn: Transaction, path: string): Finding | null {
    const mayGo = this.model.mayReap(path, txn.time);
    const asker = { session: txn.session, ids: [] };
    const question = { type: OP.deleteContainer, body: { path } };
    const { err } = this.model.write(asker, question, txn);
    this.court.count('reaping');
    if (mayGo && err === CODE.OK) return null;
    const why = err === CODE.OK ? 'which was not its to delete' : `which is ${codeName(err)}`;
    const message = `the leader deleted ${path} at ${formatZxid(txn.zxid)}, ${why}`;
    return { property: 'reaping', message, operation: null };
  }

  private replayAsked(txn: Transaction, operation: Operation): Finding | null {
    this.court.count('asked-for');
    const failed = firstError(txn);
    if (isOfSession(failed)) return null;
    if (failed === CODE.QUOTAEXCEEDED && this.rules.enforceQuota) return null;
    const late = failed === CODE.OK ? this.checkOpen(txn, operation) : null;
    if (late !== null) return late;
    const expected = this.model.write(this.askerOf(operation), operation.question, txn);
    this.countWrite(txn);
    let difference = compareEffect(txn, expected);
    if (difference === null && operation.reply !== null) {
      difference = compareAnswer(operation.reply, expected);
    }
    if (difference === null) difference = compareEphemerals(txn, expected);
    if (difference === null) return null;
    return this.court.keep({
      property: txn.type === OP.closeSession ? 'ephemerals' : 'zxid-order',
      message: `${describeOperation(operation)} at ${formatZxid(txn.zxid)}: ${difference}`,
      operation,
    });
  }

  /** The order of the zxids explains the answer, so it is a proof of linearizability too. */
  private countWrite({ type }: Transaction): void {
    if (type === OP.closeSession) {
      this.court.count('ephemerals');
    } else {
      this.court.count('zxid-order');
      this.court.count('linearizability');
    }
  }

  /** Nothing takes effect for a session that is over. */
  private checkOpen(txn: Transaction, operation: Operation): Finding | null {
    if (!this.closed.has(txn.session) || txn.type === OP.closeSession) return null;
    const at = formatZxid(txn.zxid);
    const message = `${describeOperation(operation)} took effect at ${at}, when its session was over`;
    this.court.count('ephemerals');
    return this.court.keep({ property: 'ephemerals', message, operation });
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
