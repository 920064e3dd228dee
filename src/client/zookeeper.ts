import { type Acl, OPEN_ACL } from '../keeper/acl.ts';
import { CODE, OP } from '../keeper/codes.ts';
import type {
  ConnectRequest,
  ConnectResponse,
  CreateMode,
  Data,
  Question,
  Reply,
  ReplyBody,
  Request,
} from '../keeper/requests.ts';
import { NO_SESSION, type SessionId } from '../keeper/session-id.ts';
import { Fifo } from '../kernel/fifo.ts';
import type { Connection, ConnectionListener, TimerListener } from '../world/listeners.ts';
import { ZXID_ZERO, type Zxid } from '../zab/zxid.ts';
import type { History, Operation } from './history.ts';
import type { ClientPorts } from './ports.ts';

export interface ClientConfig {
  /** The client's own number, for the history. */
  readonly client: number;
  /** The servers that it may use, by number. */
  readonly servers: readonly number[];
  readonly sessionTimeoutMs: number;
}

/** What befalls a client's connection and session. `Watcher.Event.KeeperState`. */
export type SessionEvent = 'SyncConnected' | 'Disconnected' | 'Expired' | 'Closed';

export interface SessionListener {
  sessionChanged(event: SessionEvent): void;
}

/**
 * Hears how an operation ended.
 *
 * @param err 0, or a `CODE`: after CONNECTIONLOSS nobody knows whether it took effect, or still will
 * @param body `null` with every error
 */
export type Callback<Type extends Reply['type']> = (
  err: number,
  body: ReplyBody<Type> | null,
) => void;

interface Call {
  readonly operation: Operation;
  readonly done: (err: number, reply: Reply | null) => void;
}

const CONNECT = 0;
const CHECK = 1;

const CONNECT_DELAY_MAX_MICROS = 1_000_000;
const CLOSE_DELAY_MICROS = 100_000;
const ROUND_DELAY_MICROS = 1_000_000;
const PING_MAX_MICROS = 10_000_000;

/**
 * A client of the ensemble: it holds a session, moves from server to server with it, and carries
 * out operations in the order in which they are asked for. `ZooKeeper`, `ClientCnxn`.
 *
 * After `Expired` or `Closed` it is finished; a new session needs a new client.
 */
export class ZooKeeper implements ConnectionListener, TimerListener {
  session: SessionId = NO_SESSION;

  private readonly ports: ClientPorts;
  private readonly config: ClientConfig;
  private readonly history: History;
  private readonly listener: SessionListener;
  private state: 'CONNECTING' | 'CONNECTED' | 'FINISHED' = 'CONNECTING';
  private password: Uint8Array = new Uint8Array(16);
  private lastZxid: Zxid = ZXID_ZERO;
  private lastXid = 0;
  /** Asked for and not sent, then sent and not answered. */
  private readonly queued = new Fifo<Call>();
  private readonly sent = new Fifo<Call>();
  private readonly servers: readonly number[];
  private serverIndex = -1;
  private lastGoodIndex = 0;
  private wasConnected = false;
  private connection: Connection | null = null;
  /** Of the session in use, or the one asked for as long as there is none. */
  private timeoutMicros: number;
  private lastHeardAt: number;
  private lastSentAt: number;
  /** When a server was heard from in this session. */
  private lastContactAt: number;
  private timer = -1;

  constructor(
    ports: ClientPorts,
    config: ClientConfig,
    history: History,
    listener: SessionListener,
  ) {
    this.ports = ports;
    this.config = config;
    this.history = history;
    this.listener = listener;
    this.servers = shuffled(config.servers, ports);
    this.timeoutMicros = config.sessionTimeoutMs * 1000;
    this.lastHeardAt = ports.now();
    this.lastSentAt = ports.now();
    this.lastContactAt = ports.now();
    this.connectLater(0);
  }

  get isConnected(): boolean {
    return this.state === 'CONNECTED';
  }

  get isFinished(): boolean {
    return this.state === 'FINISHED';
  }

  create(
    path: string,
    data: Data,
    mode: CreateMode,
    callback: Callback<typeof OP.create>,
    acl: Acl = OPEN_ACL,
  ): void {
    this.ask({ type: OP.create, body: { path, data, acl, flags: mode } }, callback);
  }

  delete(path: string, version: number, callback: Callback<typeof OP.delete>): void {
    this.ask({ type: OP.delete, body: { path, version } }, callback);
  }

  exists(path: string, callback: Callback<typeof OP.exists>): void {
    this.ask({ type: OP.exists, body: { path, watch: false } }, callback);
  }

  getData(path: string, callback: Callback<typeof OP.getData>): void {
    this.ask({ type: OP.getData, body: { path, watch: false } }, callback);
  }

  setData(path: string, data: Data, version: number, callback: Callback<typeof OP.setData>): void {
    this.ask({ type: OP.setData, body: { path, data, version } }, callback);
  }

  getChildren(path: string, callback: Callback<typeof OP.getChildren2>): void {
    this.ask({ type: OP.getChildren2, body: { path, watch: false } }, callback);
  }

  sync(path: string, callback: Callback<typeof OP.sync>): void {
    this.ask({ type: OP.sync, body: { path } }, callback);
  }

  /** Ends the session; nothing may be asked for after this. */
  close(): void {
    if (this.state === 'FINISHED') return;
    this.ask({ type: OP.closeSession, body: null }, () => this.finish('Closed'));
  }

  // Connection

  connected(): void {
    const now = this.ports.now();
    this.lastHeardAt = now;
    this.lastSentAt = now;
    const request: ConnectRequest = {
      lastZxidSeen: this.lastZxid,
      timeoutMs: this.config.sessionTimeoutMs,
      session: this.session,
      password: this.password,
    };
    this.connection?.send(request);
  }

  received(message: ConnectResponse | Reply): void {
    const now = this.ports.now();
    this.lastHeardAt = now;
    this.lastContactAt = now;
    if (!('xid' in message)) this.handshake(message);
    else if (message.type !== OP.ping) this.answered(message);
  }

  closed(): void {
    this.connection = null;
    this.disconnected();
  }

  timerFired(timer: number): void {
    if (this.state === 'FINISHED') return;
    if (timer === CONNECT) this.connect();
    else this.check();
  }

  private connectLater(micros: number): void {
    this.setTimer(micros, CONNECT);
  }

  /** Tries the next server. `StaticHostProvider.next`. */
  private connect(): void {
    this.serverIndex = (this.serverIndex + 1) % this.servers.length;
    this.lastHeardAt = this.ports.now();
    this.connection = this.ports.dial(this.server, 'client', this);
    this.check();
  }

  private get server(): number {
    return this.servers[this.serverIndex] as number;
  }

  private handshake(response: ConnectResponse): void {
    if (response.timeoutMs <= 0) {
      this.finish('Expired');
      return;
    }
    this.session = response.session;
    this.password = response.password;
    this.timeoutMicros = response.timeoutMs * 1000;
    this.lastGoodIndex = this.serverIndex;
    this.state = 'CONNECTED';
    this.wasConnected = true;
    this.listener.sessionChanged('SyncConnected');
    for (let call = this.queued.shift(); call !== undefined; call = this.queued.shift()) {
      this.send(call);
    }
    this.check();
  }

  private answered(reply: Reply): void {
    const call = this.sent.at(0);
    if (call === undefined || reply.xid !== call.operation.xid) {
      this.drop();
      return;
    }
    this.sent.shift();
    if (reply.zxid > this.lastZxid) this.lastZxid = reply.zxid;
    this.complete(call, reply.err, reply);
  }

  /** Looks at all that silence may mean, and sets the timer for the next time it may. */
  private check(): void {
    if (this.state === 'FINISHED') return;
    const now = this.ports.now();
    const silence = now - this.lastHeardAt;
    if (this.session !== NO_SESSION && now - this.lastContactAt >= this.expiryMicros) {
      this.finish('Expired');
      return;
    }
    if (this.connection === null) return;
    if (silence >= this.silenceMicros) {
      this.drop();
      return;
    }
    if (this.state === 'CONNECTED' && now - this.lastSentAt >= this.pingMicros) this.ping();
    this.scheduleCheck(now);
  }

  private scheduleCheck(now: number): void {
    let next = this.lastHeardAt + this.silenceMicros;
    if (this.state === 'CONNECTED') next = Math.min(next, this.lastSentAt + this.pingMicros);
    if (this.session !== NO_SESSION) {
      next = Math.min(next, this.lastContactAt + this.expiryMicros);
    }
    this.setTimer(Math.max(next - now, 1), CHECK);
  }

  /** How long a server may say nothing: while connecting all servers share the time-out. */
  private get silenceMicros(): number {
    if (this.state === 'CONNECTED') return Math.floor((this.timeoutMicros * 2) / 3);
    return Math.floor(this.timeoutMicros / this.servers.length);
  }

  private get pingMicros(): number {
    return Math.min(Math.floor(this.timeoutMicros / 3), PING_MAX_MICROS);
  }

  /** The session is over by then, whoever may still have to say so. */
  private get expiryMicros(): number {
    return Math.floor((this.timeoutMicros * 4) / 3);
  }

  private ping(): void {
    this.lastSentAt = this.ports.now();
    const request: Request = { xid: -2, type: OP.ping, body: null };
    this.connection?.send(request);
  }

  private drop(): void {
    this.connection?.close();
    this.connection = null;
    this.disconnected();
  }

  /** What was asked for is in doubt, sent or not: each failed attempt fails all of it. */
  private disconnected(): void {
    if (this.state === 'FINISHED') return;
    this.state = 'CONNECTING';
    this.failAll(CODE.CONNECTIONLOSS);
    if (this.wasConnected) this.listener.sessionChanged('Disconnected');
    this.wasConnected = false;
    if (this.isFinished) return;
    let delay = CLOSE_DELAY_MICROS + this.ports.random(CONNECT_DELAY_MAX_MICROS);
    const isRound = (this.serverIndex + 1) % this.servers.length === this.lastGoodIndex;
    if (isRound) delay += ROUND_DELAY_MICROS;
    this.connectLater(delay);
  }

  private finish(event: 'Expired' | 'Closed'): void {
    if (this.state === 'FINISHED') return;
    this.state = 'FINISHED';
    this.ports.cancelTimer(this.timer);
    this.connection?.close();
    this.connection = null;
    this.failAll(CODE.SESSIONEXPIRED);
    this.listener.sessionChanged(event);
  }

  // Operations

  private ask<Type extends Reply['type']>(
    question: Question & { readonly type: Type },
    callback: Callback<Type>,
  ): void {
    const operation = this.history.invoke(this.config.client, question);
    const done = (err: number, reply: Reply | null): void => {
      // A reply has the type of its request.
      callback(err, (reply?.body ?? null) as ReplyBody<Type> | null);
    };
    const call = { operation, done };
    if (this.state === 'FINISHED') this.complete(call, CODE.SESSIONEXPIRED, null);
    else if (this.state === 'CONNECTED') this.send(call);
    else this.queued.push(call);
  }

  private send(call: Call): void {
    const { operation } = call;
    this.lastSentAt = this.ports.now();
    this.lastXid++;
    operation.xid = this.lastXid;
    operation.session = this.session;
    operation.server = this.server;
    this.sent.push(call);
    const { type, body } = operation.question;
    this.connection?.send({ xid: this.lastXid, type, body });
  }

  private complete({ operation, done }: Call, err: number, reply: Reply | null): void {
    this.history.complete(operation, err, reply);
    done(err, reply);
  }

  private failAll(err: number): void {
    for (const calls of [this.sent, this.queued]) {
      for (let count = calls.length; count > 0; count--) {
        const call = calls.shift();
        if (call !== undefined) this.complete(call, err, null);
      }
    }
  }

  private setTimer(micros: number, timer: number): void {
    this.ports.cancelTimer(this.timer);
    this.timer = this.ports.setTimer(micros, this, timer);
  }
}

function shuffled(servers: readonly number[], ports: ClientPorts): number[] {
  const list = [...servers];
  for (let index = list.length - 1; index > 0; index--) {
    const other = ports.random(index + 1);
    const server = list[index] as number;
    list[index] = list[other] as number;
    list[other] = server;
  }
  return list;
}
