import { Fifo } from '../kernel/fifo.ts';
import type { Ports, WakeListener } from '../zab/ports.ts';
import { isWrite, OP } from './codes.ts';
import type { LocalRequest } from './server-request.ts';
import type { SessionId } from './session-id.ts';
import type { Transaction } from './transaction.ts';

/** Carries out requests and transactions when it is their turn. */
export interface FinalStage {
  /** Answers a request that needs no agreement, or a sync whose turn it is. */
  answer(request: LocalRequest): void;
  /** Applies a transaction. @param request what it came from, if that came from here */
  deliver(txn: Transaction, request: LocalRequest | null): void;
}

/** Stands among the committed transactions for the answer to the sync that has waited longest. */
const SYNC_ANSWER = Symbol('sync answered');

/**
 * Keeps the order that sessions and transactions owe: transactions are applied one by one as they
 * were committed; a session's requests are carried out as they came, its reads behind its own
 * writes; other sessions' reads do not wait. `CommitProcessor`.
 */
export class CommitProcessor implements WakeListener {
  private readonly ports: Ports;
  private readonly final: FinalStage;
  private readonly queued = new Fifo<LocalRequest>();
  private readonly committed = new Fifo<Transaction | typeof SYNC_ANSWER>();
  /** What waits in each session, a write or a sync first. Most are empty most of the time. */
  private readonly waiting = new Map<SessionId, Fifo<LocalRequest>>();
  private readonly pendingSyncs = new Fifo<LocalRequest>();
  private readonly readsWait: boolean;
  private readonly syncWaits: boolean;
  private isAwake = false;
  private isStopped = false;

  /**
   * @param readsWait whether a session's reads stay behind what it has asked for before
   * @param syncWaits whether a sync has its turn when it is answered; otherwise it is a read
   */
  constructor(ports: Ports, final: FinalStage, readsWait: boolean, syncWaits = true) {
    this.ports = ports;
    this.final = final;
    this.readsWait = readsWait;
    this.syncWaits = syncWaits;
  }

  /** What waits for its commit need not wake anybody: the commit will. */
  enqueue(request: LocalRequest): void {
    if (request.message.type === OP.sync && this.syncWaits) this.pendingSyncs.push(request);
    this.queued.push(request);
    if (!this.needsCommit(request)) this.wake();
  }

  commit(txn: Transaction): void {
    this.committed.push(txn);
    this.wake();
  }

  syncAnswered(): void {
    this.committed.push(SYNC_ANSWER);
    this.wake();
  }

  stop(): void {
    this.isStopped = true;
  }

  awake(): void {
    this.isAwake = false;
    for (;;) {
      if (this.isStopped) return;
      const request = this.queued.shift();
      if (request === undefined) break;
      this.arrange(request);
    }
    for (;;) {
      if (this.isStopped) return;
      const committed = this.committed.shift();
      if (committed === undefined) break;
      if (committed === SYNC_ANSWER) this.finishSync();
      else this.apply(committed);
    }
  }

  private wake(): void {
    if (this.isAwake) return;
    this.isAwake = true;
    this.ports.wake(this);
  }

  private arrange(request: LocalRequest): void {
    let waiting = this.waiting.get(request.session);
    if (waiting === undefined) {
      waiting = new Fifo();
      this.waiting.set(request.session, waiting);
    }
    const isHeldUp = this.readsWait && waiting.length > 0;
    if (isHeldUp || this.needsCommit(request)) waiting.push(request);
    else this.final.answer(request);
  }

  private apply(txn: Transaction): void {
    const waiting = this.waiting.get(txn.session);
    const first = waiting?.at(0);
    const isOurs =
      first !== undefined && first.requestId === txn.requestId && first.entry === txn.entry;
    this.final.deliver(txn, isOurs ? first : null);
    if (isOurs) this.releaseNext(txn.session);
    // Whatever waits behind its end gets no answer: the connection is closed.
    if (txn.type === OP.closeSession) this.waiting.delete(txn.session);
  }

  private finishSync(): void {
    const request = this.pendingSyncs.shift();
    if (request === undefined) return;
    this.final.answer(request);
    this.releaseNext(request.session);
  }

  /** The session's first request is done: the reads behind it may go, up to its next write. */
  private releaseNext(session: SessionId): void {
    const waiting = this.waiting.get(session);
    if (waiting === undefined) return;
    waiting.shift();
    for (;;) {
      const next = waiting.at(0);
      if (next === undefined || this.needsCommit(next)) return;
      waiting.shift();
      this.final.answer(next);
    }
  }

  private needsCommit({ message }: LocalRequest): boolean {
    return isWrite(message.type) || (message.type === OP.sync && this.syncWaits);
  }
}
