import type { ServerConfig } from '../zab/config.ts';
import type {
  Connection,
  ConnectionListener,
  LeaderPort,
  LearnerPort,
  Origin,
  Port,
  Ports,
  Service,
} from '../zab/ports.ts';
import { QuorumPeer } from '../zab/quorum-peer.ts';
import type { Zxid } from '../zab/zxid.ts';
import { authenticate } from './auth.ts';
import { ClientConnection } from './client-connection.ts';
import { CODE, OP } from './codes.ts';
import { CommitProcessor, type FinalStage } from './commit-processor.ts';
import type { ServiceConfig } from './config.ts';
import type { ReaperListener } from './container-manager.ts';
import { DataTree, type TreeSnapshot } from './data-tree.ts';
import { KEEPER_EVENTS } from './events.ts';
import { LeaderPipeline } from './leader-pipeline.ts';
import { LearnerPipeline, type Revalidation, type TouchTable } from './learner-pipeline.ts';
import { answerWrite } from './ops/answers.ts';
import { answerRead } from './ops/read.ts';
import type { Pipeline } from './pipeline.ts';
import type { ConnectRequest, Request } from './requests.ts';
import type { ServerRules } from './rules.ts';
import type { LocalRequest, ServerRequest } from './server-request.ts';
import { firstSessionId, NO_SESSION, passwordOf, type SessionId } from './session-id.ts';
import { type ExpiryListener, SessionTracker } from './session-tracker.ts';
import type { Stat } from './stat.ts';
import type { Transaction } from './transaction.ts';
import { requestBytes } from './wire/requests.ts';

/** A whole ZooKeeper server: the tree, its sessions and clients, on top of one server's consensus. */
export class ZooKeeperServer implements Service, FinalStage, ExpiryListener, ReaperListener {
  readonly tree: DataTree = new DataTree();
  readonly peer: QuorumPeer;

  readonly ports: Ports;
  readonly config: ServiceConfig;
  readonly rules: ServerRules;
  private leading: LeaderPipeline | null = null;
  private learning: LearnerPipeline | null = null;
  private readonly connections = new Set<ClientConnection>();
  private readonly bySession = new Map<SessionId, ClientConnection>();
  private nextSessionId: SessionId;
  private nextRequestId: number;

  constructor(
    config: ServerConfig,
    serviceConfig: ServiceConfig,
    ports: Ports,
    rules: ServerRules,
  ) {
    this.ports = ports;
    this.rules = rules;
    this.config = serviceConfig;
    this.nextSessionId = firstSessionId(config.sid, Math.floor(ports.now() / 1000));
    // Numbers of an earlier process must not be met again; a server takes longer than this to
    // start than to use up a microsecond's worth of numbers.
    this.nextRequestId = ports.now();
    this.peer = new QuorumPeer(config, ports, rules, this);
  }

  /** Whether this server serves clients, and as what. */
  get role(): 'leader' | 'learner' | 'none' {
    if (this.leading !== null) return 'leader';
    return this.learning === null ? 'none' : 'learner';
  }

  /** What a monitor would show; the root counts twice, as in ZooKeeper. */
  counts(): {
    readonly znodes: number;
    readonly watches: number;
    readonly ephemerals: number;
    readonly sessions: number;
  } {
    const { nodes, watches, ephemeralCount, sessions } = this.tree;
    return {
      znodes: nodes.size + 1,
      watches: watches.size,
      ephemerals: ephemeralCount,
      sessions: sessions.size,
    };
  }

  /** Of the tree as it is now. */
  get digest(): number {
    return this.tree.digest;
  }

  get acceptedEpoch(): number {
    return this.peer.persistence.acceptedEpoch;
  }

  get currentEpoch(): number {
    return this.peer.persistence.currentEpoch;
  }

  /** What serves clients; `null` while the server looks for a leader or synchronises. */
  private get pipeline(): Pipeline | null {
    return this.leading ?? this.learning;
  }

  start(): void {
    this.peer.start();
  }

  accept(port: Port, connection: Connection): ConnectionListener | null {
    if (port !== 'client') return this.peer.accept(port, connection);
    // One that serves nobody at the moment says so when it is greeted.
    const client = new ClientConnection(this, connection);
    this.connections.add(client);
    return client;
  }

  // Clients

  /** A client's first message. `ZooKeeperServer.processConnectRequest`. */
  connect(client: ClientConnection, request: ConnectRequest): void {
    const { pipeline, tree, config, rules } = this;
    if (pipeline === null) {
      client.close();
      return;
    }
    if (request.lastZxidSeen > tree.lastProcessedZxid && rules.refusesClientsAhead) {
      // It would see the past.
      this.ports.emit(KEEPER_EVENTS.clientAheadRefused, request.lastZxidSeen, 0, null);
      client.close();
      return;
    }
    const { minSessionTimeoutMs, maxSessionTimeoutMs } = config;
    client.timeoutMs = Math.max(
      minSessionTimeoutMs,
      Math.min(request.timeoutMs, maxSessionTimeoutMs),
    );
    if (request.session === NO_SESSION) {
      client.session = this.nextSessionId++;
      const body = { timeoutMs: client.timeoutMs };
      const message: Request = { xid: 0, type: OP.createSession, body };
      pipeline.submit(this.localRequest(client.session, message, client));
      return;
    }
    this.bySession.get(request.session)?.close();
    client.session = request.session;
    if (isEqual(request.password, passwordOf(request.session))) pipeline.reattach(client);
    else client.refuse();
  }

  /** The client's session goes on at this connection, and at no other. */
  attached(client: ClientConnection): void {
    const before = this.bySession.get(client.session);
    if (before !== client) before?.close();
    this.bySession.set(client.session, client);
    this.ports.emit(KEEPER_EVENTS.sessionAttached, client.session, 0, null);
  }

  request(client: ClientConnection, message: Request): void {
    const { pipeline } = this;
    if (requestBytes(message) > this.config.juteMaxBuffer) {
      client.close();
      return;
    }
    if (pipeline?.touch(client.session, client.timeoutMs) !== true) return;
    if (message.type === OP.auth) {
      const { scheme, auth } = message.body;
      client.authenticated(message, authenticate(scheme, auth, this.config.superDigest));
      return;
    }
    if (message.type === OP.unknown) {
      client.unimplemented(message);
      return;
    }
    pipeline.submit(this.localRequest(client.session, message, client));
  }

  disconnected(client: ClientConnection): void {
    this.connections.delete(client);
    this.tree.watches.removeAll(client);
    if (this.bySession.get(client.session) === client) this.bySession.delete(client.session);
  }

  /** The leader has not heard of a session for its time-out. */
  expired(session: SessionId): void {
    this.ports.emit(KEEPER_EVENTS.sessionExpired, session, 0, null);
    const message: Request = { xid: 0, type: OP.closeSession, body: null };
    this.pipeline?.submit(this.localRequest(session, message, null));
  }

  /** A node should go: a container that is empty again, or one whose time is over. */
  overdue(path: string): void {
    const message: Request = { xid: 0, type: OP.deleteContainer, body: { path } };
    this.pipeline?.submit(this.localRequest(NO_SESSION, message, null));
  }

  // FinalStage

  /** Nobody hears the answer on a connection that is gone, and what is watched there stays for ever. */
  answer(request: LocalRequest): void {
    const { connection } = request;
    if (connection === null || connection.isClosed) return;
    connection.reply(answerRead(this, request));
  }

  /** Watches see the change, then the history does, then its client gets the answer. */
  deliver(txn: Transaction, request: LocalRequest | null): void {
    const stats: (Stat | null)[] = [];
    this.tree.apply(txn, stats);
    this.pipeline?.applied(txn);
    if (request !== null) this.answerWrite(request, txn, stats);
    if (txn.type === OP.closeSession) this.bySession.get(txn.session)?.close();
  }

  // Service

  get lastProcessedZxid(): Zxid {
    return this.tree.lastProcessedZxid;
  }

  beginEpoch(zxid: Zxid): void {
    this.tree.lastProcessedZxid = zxid;
  }

  apply(txn: Transaction): void {
    this.tree.apply(txn);
  }

  capture(zxid: Zxid): TreeSnapshot {
    return this.tree.capture(zxid);
  }

  restore(snapshot: TreeSnapshot | null): void {
    this.tree.restore(snapshot);
  }

  lead(port: LeaderPort): void {
    const { readsWaitForWrites, syncWaitsAtLeader } = this.rules;
    const commits = new CommitProcessor(this.ports, this, readsWaitForWrites, syncWaitsAtLeader);
    this.leading = new LeaderPipeline(this, this.ports, port, commits);
  }

  learn(port: LearnerPort): void {
    const { ports, rules } = this;
    const expires = rules.expiresSessions === 'every server';
    const tracker = expires ? new SessionTracker(ports, this.config.tickTimeMs, rules, this) : null;
    const commits = new CommitProcessor(ports, this, rules.readsWaitForWrites);
    this.learning = new LearnerPipeline(port, commits, tracker);
  }

  stop(): void {
    if (this.learning !== null && !this.rules.leavesClients) return;
    this.pipeline?.stop();
    this.leading = null;
    this.learning = null;
    if (!this.rules.closesOnStop) return;
    for (const client of [...this.connections]) client.close();
  }

  commit(txn: Transaction): void {
    this.pipeline?.commits.commit(txn);
  }

  syncAnswered(): void {
    this.pipeline?.commits.syncAnswered();
  }

  requested(origin: Origin, request: ServerRequest): void {
    const { session, message, ids, entry, requestId } = request;
    this.leading?.submit({ session, message, ids, entry, requestId, connection: null, origin });
  }

  revalidate(origin: Origin, question: Revalidation): Revalidation {
    const { session, timeoutMs } = question;
    return { ...question, isAlive: this.leading?.claim(session, timeoutMs, origin) ?? false };
  }

  revalidated(answer: Revalidation): void {
    this.learning?.revalidated(answer);
  }

  touchTable(): TouchTable | null {
    return this.learning?.takeTouched() ?? null;
  }

  touch(table: TouchTable): void {
    if (!this.rules.countsTouchTables) return;
    for (const [session, timeoutMs] of table) this.leading?.touch(session, timeoutMs);
  }

  private answerWrite(
    { connection: client, message }: LocalRequest,
    txn: Transaction,
    stats: readonly (Stat | null)[],
  ): void {
    if (client === null) return;
    if (message.type === OP.createSession) client.attach();
    else if (txn.type === OP.error && txn.body.err === CODE.SESSIONMOVED) client.close();
    else client.reply(answerWrite(this.tree, message, txn, stats));
  }

  private localRequest(
    session: SessionId,
    message: Request,
    connection: ClientConnection | null,
  ): LocalRequest {
    return {
      session,
      message,
      ids: connection?.ids ?? [],
      entry: this.peer.sid,
      requestId: this.nextRequestId++,
      connection,
      origin: null,
    };
  }
}

function isEqual(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, index) => byte === b[index]);
}
