import { Fifo } from '../kernel/fifo.ts';
import type { LeaderPort, Origin, Ports, WakeListener } from '../zab/ports.ts';
import type { ClientConnection } from './client-connection.ts';
import { CODE, isWrite, OP } from './codes.ts';
import type { CommitProcessor } from './commit-processor.ts';
import type { ServiceConfig } from './config.ts';
import { ContainerManager, type ReaperListener } from './container-manager.ts';
import type { DataTree } from './data-tree.ts';
import { KEEPER_EVENTS } from './events.ts';
import type { Preparation, Prepared } from './ops/operation.ts';
import { prepareWrite } from './ops/prepare.ts';
import { prepareCloseSession, prepareCreateSession } from './ops/sessions.ts';
import { PendingView } from './pending-view.ts';
import type { Pipeline } from './pipeline.ts';
import type { ServiceRules } from './rules.ts';
import type { LocalRequest } from './server-request.ts';
import type { SessionId } from './session-id.ts';
import { type ExpiryListener, SessionTracker } from './session-tracker.ts';
import type { Change, Transaction } from './transaction.ts';
import { recordBytes } from './wire/transactions.ts';

/** The server that leads, as its pipeline sees it. */
interface Leading extends ExpiryListener, ReaperListener {
  readonly config: ServiceConfig;
  readonly rules: ServiceRules;
  readonly tree: DataTree;
}

/**
 * The leader's way from a request to a proposal. One thread checks every write against the state
 * that it will meet and turns it into a transaction; here writes get their order.
 * `PrepRequestProcessor`, `ProposalRequestProcessor`.
 */
export class LeaderPipeline implements Pipeline, WakeListener {
  readonly commits: CommitProcessor;
  private readonly ports: Ports;
  private readonly config: ServiceConfig;
  private readonly rules: ServiceRules;
  private readonly port: LeaderPort;
  private readonly containers: ContainerManager;
  private readonly tracker: SessionTracker;
  private readonly view: PendingView;
  private readonly queue = new Fifo<LocalRequest>();
  private isAwake = false;
  private isStopped = false;

  constructor(server: Leading, ports: Ports, port: LeaderPort, commits: CommitProcessor) {
    const { config, rules, tree } = server;
    this.ports = ports;
    this.config = config;
    this.rules = rules;
    this.port = port;
    this.commits = commits;
    this.view = new PendingView(tree, rules.checksBehindProposed);
    this.tracker = new SessionTracker(ports, config.tickTimeMs, rules, server);
    for (const [session, timeoutMs] of tree.sessions) this.tracker.add(session, timeoutMs);
    this.containers = new ContainerManager(
      ports,
      config,
      tree,
      server,
      rules.sparesUnusedContainers,
    );
  }

  submit(request: LocalRequest): void {
    this.queue.push(request);
    if (this.isAwake) return;
    this.isAwake = true;
    this.ports.wake(this);
  }

  touch(session: SessionId, timeoutMs: number): boolean {
    return this.tracker.touch(session, timeoutMs);
  }

  reattach(connection: ClientConnection): void {
    const { session, timeoutMs } = connection;
    connection.revalidated(this.claim(session, timeoutMs, this));
  }

  /**
   * Whether the session is alive; if so its requests come through `origin` from now on. What has
   * come before is judged first: a session that comes back to a server it has left must not meet a
   * write there that was on its way all the time, and belongs before what it did elsewhere.
   */
  claim(session: SessionId, timeoutMs: number, origin: Origin): boolean {
    this.prepareQueued();
    if (!this.tracker.touch(session, timeoutMs)) return false;
    const before = this.tracker.setOwner(session, origin);
    if (before !== null && before !== origin) {
      this.ports.emit(KEEPER_EVENTS.sessionMoved, session, 0, null);
    }
    return true;
  }

  applied(txn: Transaction): void {
    this.view.applied(txn.zxid);
    if (txn.type === OP.closeSession) this.tracker.remove(txn.session);
    this.port.applied(txn);
  }

  stop(): void {
    this.isStopped = true;
    this.tracker.stop();
    this.containers.stop();
    this.commits.stop();
  }

  awake(): void {
    this.isAwake = false;
    this.prepareQueued();
  }

  private prepareQueued(): void {
    while (!this.isStopped) {
      const request = this.queue.shift();
      if (request === undefined) return;
      this.prepare(request);
    }
  }

  private prepare(request: LocalRequest): void {
    const { message, origin, connection, session } = request;
    if (isWrite(message.type)) {
      this.propose(request);
    } else if (message.type === OP.sync) {
      if (origin === null) this.commits.enqueue(request);
      this.ports.emit(KEEPER_EVENTS.syncAsked, session, 0, message.xid);
      if (origin !== null || this.rules.syncWaitsAtLeader) this.port.sync(origin);
    } else {
      const standing = this.tracker.check(session, this);
      if (standing === 'ok') this.commits.enqueue(request);
      // One that is over gets no answer: its connection ends behind those that are still owed.
      else if (standing === 'moved') connection?.close();
    }
  }

  /** A write takes a zxid before it is judged; one that fails becomes a transaction all the same. */
  private propose(request: LocalRequest): void {
    const { message, session, ids, entry, requestId } = request;
    const { view, config, rules } = this;
    const zxid = this.port.nextZxid();
    const prepared = this.change(request, { view, zxid, session, ids, config, rules });
    const change: Change =
      typeof prepared === 'number' ? { type: OP.error, body: { err: prepared } } : prepared;
    const txn = {
      zxid,
      byteCount: recordBytes(change, true),
      session,
      cxid: message.xid,
      time: this.ports.wallClockMs(),
      type: change.type,
      body: change.body,
      entry,
      requestId,
    };
    this.commits.enqueue(request);
    this.port.propose(txn as Transaction);
  }

  private change({ message, session, origin }: LocalRequest, preparation: Preparation): Prepared {
    const owner = origin ?? this;
    if (message.type === OP.createSession) {
      this.tracker.add(session, message.body.timeoutMs);
      this.tracker.setOwner(session, owner);
      return prepareCreateSession(message);
    }
    if (message.type === OP.closeSession) {
      this.tracker.close(session);
      return prepareCloseSession(preparation);
    }
    if (message.type === OP.deleteContainer) return prepareWrite(preparation, message);
    const standing = this.tracker.check(session, owner);
    if (standing === 'expired') return CODE.SESSIONEXPIRED;
    if (standing === 'moved' && this.rules.refusesMovedSessions) {
      this.ports.emit(KEEPER_EVENTS.requestMoved, session, 0, null);
      return CODE.SESSIONMOVED;
    }
    return prepareWrite(preparation, message);
  }
}
