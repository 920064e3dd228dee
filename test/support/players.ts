import { compareAnswer } from '../../src/checkers/answers.ts';
import { type Asker, idsOf } from '../../src/checkers/models/access-model.ts';
import { ZnodeModel } from '../../src/checkers/models/znode-model.ts';
import type { AuthInfo } from '../../src/client/history.ts';
import { CODE, codeName, isWrite, OP, opName } from '../../src/keeper/codes.ts';
import type { Question, Reply } from '../../src/keeper/requests.ts';
import type { Transaction } from '../../src/keeper/transaction.ts';
import { ZXID_ZERO, type Zxid } from '../../src/zab/zxid.ts';
import { CLIENT_ADDRESS, type RawClient, type ServiceWorld } from './service-world.ts';

/** What somebody has asked for, and what came of it. */
export interface Ask {
  readonly question: Question;
  readonly xid: number;
  readonly asker: Asker;
  /** The session's end, or that of its connection, was asked for before. */
  readonly isBehindEnd: boolean;
  reply: Reply | null;
}

/** Ends its connection at once, whatever is still to be answered. */
function endsConnection({ type, body }: Question): boolean {
  return type === OP.unknown || (type === OP.auth && body.scheme !== 'digest');
}

/** Is answered out of turn. */
function isImmediate({ type }: Question): boolean {
  return type === OP.unknown || type === OP.auth;
}

/** One client that keeps its session, from connection to connection, as long as it lives. */
export class Player {
  readonly asks: Ask[] = [];
  private readonly ensemble: ServiceWorld;
  private readonly superDigest: string | null;
  private client: RawClient;
  private pending: Ask[] = [];
  private proofs: AuthInfo[] = [];
  private lastXid = 0;
  private lastZxid: Zxid = ZXID_ZERO;

  constructor(ensemble: ServiceWorld, sid: number) {
    this.ensemble = ensemble;
    this.superDigest = ensemble.config.superDigest;
    this.client = ensemble.connect(sid);
  }

  ask(question: Question): void {
    const { session } = this.client;
    const ids = idsOf(CLIENT_ADDRESS, this.proofs, this.superDigest);
    const isBehindEnd = this.pending.some((ask) => {
      return ask.question.type === OP.closeSession || endsConnection(ask.question);
    });
    const xid = this.client.send(question, ++this.lastXid);
    const ask = { question, xid, asker: { session, ids }, isBehindEnd, reply: null };
    this.pending.push(ask);
    this.asks.push(ask);
    if (question.type === OP.auth) this.proofs = [...this.proofs, question.body];
  }

  get isSettled(): boolean {
    return this.client.isClosed || this.client.replies.length === this.pending.length;
  }

  /**
   * Gives each answer to what it answers, and comes back if the connection is gone.
   *
   * @throws if an answer is missing, or comes out of turn
   */
  settle(): void {
    const replies = [...this.client.heard.splice(0)].filter(({ type }) => type !== OP.notification);
    const [now, inTurn] = [isImmediate, (question: Question) => !isImmediate(question)].map(
      (isWanted) => ({
        asks: this.pending.filter(({ question }) => isWanted(question)),
        replies: (replies as Reply[]).filter(({ type }) => {
          return isWanted === isImmediate
            ? type === OP.auth || type === OP.unknown
            : type !== OP.auth && type !== OP.unknown;
        }),
      }),
    );
    for (const group of [now, inTurn]) {
      for (const [index, reply] of (group?.replies ?? []).entries()) {
        const ask = group?.asks[index];
        if (ask?.xid !== reply.xid)
          throw new Error(`${opName(reply.type)} is answered out of turn`);
        ask.reply = reply;
      }
    }
    this.checkComplete();
    for (const { zxid } of replies) if (zxid > this.lastZxid) this.lastZxid = zxid;
    this.pending = [];
    if (this.client.isClosed) this.comeBack(this.client.sid);
  }

  move(sid: number): void {
    this.client.close();
    this.comeBack(sid);
  }

  private checkComplete(): void {
    const mayBeCut = this.pending.some(({ question }) => endsConnection(question));
    for (const { question, reply, isBehindEnd } of this.pending) {
      if (isBehindEnd && reply !== null && !isImmediate(question))
        throw new Error('an answer behind the end');
      if (!isBehindEnd && reply === null && !mayBeCut) {
        throw new Error(`${opName(question.type)} has no answer`);
      }
    }
    const isEnd = this.pending.some(({ question }) => question.type === OP.closeSession);
    if (this.client.isClosed !== (isEnd || mayBeCut)) throw new Error('cut off without a reason');
  }

  /** A server that has not seen as much turns the client away. */
  private comeBack(sid: number): void {
    const { ensemble, lastZxid } = this;
    const { ticket } = this.client;
    ensemble.runUntil(() => ensemble.server(sid).tree.lastTxnZxid >= lastZxid);
    this.client = ensemble.connect(sid, { ...ticket, lastZxidSeen: lastZxid });
    if (this.client.session === 0) this.client = ensemble.connect(sid, { lastZxidSeen: lastZxid });
    this.proofs = [];
  }
}

/**
 * Carries out on the model all that was asked for, in the order of the zxids.
 *
 * @returns which kinds of request were answered with which codes
 * @throws at the first answer that is not the model's
 */
export function judge(ensemble: ServiceWorld, asks: readonly Ask[]): ReadonlySet<string> {
  const model = new ZnodeModel(ensemble.config);
  const writes = new Map<string, Ask>();
  const reads = new Map<Zxid, Ask[]>();
  for (const ask of asks) {
    if (isWrite(ask.question.type)) writes.set(`${ask.asker.session}/${ask.xid}`, ask);
    else if (ask.reply !== null && !isImmediate(ask.question)) {
      reads.set(ask.reply.zxid, [...(reads.get(ask.reply.zxid) ?? []), ask]);
    }
  }
  for (const txn of ensemble.delivered(ensemble.leader)) {
    const key = `${txn.session}/${txn.cxid}`;
    const ask = writes.get(key);
    writes.delete(key);
    if (ask === undefined) replayOwn(model, txn);
    else judgeWrite(model, txn, ask);
    for (const read of reads.get(txn.zxid) ?? []) judgeRead(model, read);
    reads.delete(txn.zxid);
  }
  for (const ask of writes.values()) {
    if (ask.reply !== null) throw new Error(`${tell(ask)} was never committed`);
  }
  if (reads.size > 0) throw new Error('answers at zxids that were never committed');
  return new Set(asks.flatMap(outcomesOf));
}

function outcomesOf({ question, reply }: Ask): string[] {
  if (reply === null) return [];
  const codes = [reply.err];
  if (reply.body !== null && 'results' in reply.body) {
    for (const { body } of reply.body.results)
      if (body !== null && 'err' in body) codes.push(body.err);
  }
  return codes.map((code) => `${opName(question.type)} ${codeName(code)}`);
}

function judgeWrite(model: ZnodeModel, txn: Transaction, ask: Ask): void {
  const isRefused = txn.type === OP.error && txn.body.err === CODE.SESSIONEXPIRED;
  if (ask.isBehindEnd && isRefused) return;
  const expected = model.write(ask.asker, ask.question, txn);
  if (ask.reply === null) return;
  if (ask.reply.zxid !== txn.zxid) throw new Error(`${tell(ask)} is answered with a wrong zxid`);
  const difference = compareAnswer(ask.reply, expected);
  if (difference !== null) throw new Error(`${tell(ask)}: ${difference}`);
}

function judgeRead(model: ZnodeModel, ask: Ask): void {
  const { reply } = ask;
  // What a connection watches the tree does not know.
  if (reply === null || reply.err === CODE.NOWATCHER) return;
  const difference = compareAnswer(reply, model.read(ask.asker, ask.question));
  if (difference !== null) throw new Error(`${tell(ask)}: ${difference}`);
}

/** Sessions begin, and nodes go whose time is over. */
function replayOwn(model: ZnodeModel, txn: Transaction): void {
  if (txn.type === OP.createSession || (txn.session === 0 && txn.type === OP.error)) return;
  if (txn.type !== OP.deleteContainer) throw new Error(`nobody asked for ${opName(txn.type)}`);
  const { path } = txn.body;
  if (!model.mayReap(path, txn.time)) throw new Error(`${path} was not to be removed`);
  const asker = { session: txn.session, ids: [] };
  const { err } = model.write(asker, { type: OP.deleteContainer, body: { path } }, txn);
  if (err !== CODE.OK) throw new Error(`${path} could not be removed`);
}

function tell({ question, asker, reply }: Ask): string {
  const shown = JSON.stringify(question.body);
  return `${opName(question.type)} ${shown} of ${asker.session} at ${reply?.zxid ?? 'no zxid'}`;
}
