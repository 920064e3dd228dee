import { CODE, OP } from '../keeper/codes.ts';
import {
  type ConnectRequest,
  type ConnectResponse,
  type Notification,
  type Question,
  type Reply,
  type Request,
  type ServerMessage,
  XID,
} from '../keeper/requests.ts';
import { NO_SESSION, type SessionId } from '../keeper/session-id.ts';
import type { Connection, ConnectionListener, TimerListener } from '../world/listeners.ts';
import { ZXID_ZERO, type Zxid } from '../zab/zxid.ts';
import type { AuthInfo, History } from './history.ts';
import { HostList } from './host-list.ts';
import type { ClientPorts } from './ports.ts';
import { type Done, RequestQueue, type Way } from './request-queue.ts';
import type { SessionEvent } from './watcher.ts';

export interface ClientConfig {
  /** The client's own number, for the history. */
  readonly client: number;
  /** The servers that it may use, by number. */
  readonly servers: readonly number[];
  readonly sessionTimeoutMs: number;
  /** The node that the client takes for the root; empty or left out for the root itself. */
  readonly chroot?: string;
}

/** Whom a session belongs to. */
export interface SessionOwner {
  sessionChanged(event: SessionEvent): void;
  notified(event: Notification): void;
  /** What sets the watches again, on a connection that has none. */
  renewals(relativeZxid: Zxid): readonly Question[];
}

type State = 'CONNECTING' | 'CONNECTED' | 'CLOSED' | 'AUTH_FAILED';

const CONNECT = 0;
const CHECK = 1;

const CONNECT_DELAY_MAX_MICROS = 1_000_000;
const CLOSE_DELAY_MICROS = 100_000;
const ROUND_DELAY_MICROS = 1_000_000;
const PING_MAX_MICROS = 10_000_000;

/**
 * A session and the connections that carry it, one after the other: handshakes, pings, time-outs,
 * and the way from server to server. `ClientCnxn.SendThread`.
 */
export class ClientSession implements ConnectionListener, TimerListener {
  id: SessionId = NO_SESSION;

  private readonly ports: ClientPorts;
  private readonly config: ClientConfig;
  private readonly history: History;
  private readonly owner: SessionOwner;
  private readonly requests: RequestQueue;
  private readonly hosts: HostList;
  private readonly authInfos: AuthInfo[] = [];
  private state: State = 'CONNECTING';
  private password: Uint8Array = new Uint8Array(16);
  private lastZxid: Zxid = ZXID_ZERO;
  private wasConnected = false;
  /** The end of the session has been asked for: no server would carry out what comes after. */
  private isClosing = false;
  private connection: Connection | null = null;
  /** Where requests may go; `null` unless connected. */
  private way: Way | null = null;
  /** Of the session in use, or the one asked for as long as there is none. */
  private timeoutMicros: number;
  private lastHeardAt: number;
  private lastSentAt: number;
  /** When a server was heard from in this session. */
  private lastContactAt: number;
  private timer = -1;

  constructor(ports: ClientPorts, config: ClientConfig, history: History, owner: SessionOwner) {
    this.ports = ports;
    this.config = config;
    this.history = history;
    this.owner = owner;
    this.requests = new RequestQueue(config.client, history);
    this.hosts = new HostList(config.servers, ports);
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
    return this.state === 'CLOSED' || this.state === 'AUTH_FAILED';
  }

  submit(question: Question, done: Done): void {
    if (this.isFinished) this.requests.refuse(question, done, this.lossCode);
    else if (this.isClosing) this.requests.refuse(question, done, CODE.SESSIONEXPIRED);
    else if (this.way === null) this.requests.enqueue(question, done);
    else this.send(question, done, this.way);
  }

  /** Proves who the client is, here and on every connection to come. */
  addAuth(scheme: string, auth: Uint8Array): void {
    if (this.isFinished || this.isClosing) return;
    this.authInfos.push({ scheme, auth });
    if (this.way !== null) this.sendAuth({ scheme, auth }, this.way);
  }

  close(): void {
    if (this.isFinished || this.isClosing) return;
    this.submit({ type: OP.closeSession, body: null }, () => this.finish('Closed'));
    this.isClosing = true;
  }

  // Connection

  connected(): void {
    const now = this.ports.now();
    this.lastHeardAt = now;
    this.lastSentAt = now;
    const request: ConnectRequest = {
      lastZxidSeen: this.lastZxid,
      timeoutMs: this.config.sessionTimeoutMs,
      session: this.id,
      password: this.password,
    };
    this.connection?.send(request);
  }

  received(message: ConnectResponse | ServerMessage): void {
    const now = this.ports.now();
    this.lastHeardAt = now;
    this.lastContactAt = now;
    if (!('xid' in message)) this.handshake(message);
    else if (message.type === OP.notification) this.notified(message);
    else if (message.type !== OP.ping) this.answered(message);
  }

  closed(): void {
    this.connection = null;
    this.disconnected();
  }

  timerFired(timer: number): void {
    if (this.isFinished) return;
    if (timer === CONNECT) this.connect();
    else this.check();
  }

  private connectLater(micros: number): void {
    this.setTimer(micros, CONNECT);
  }

  /** Tries the next server. */
  private connect(): void {
    this.lastHeardAt = this.ports.now();
    this.connection = this.ports.dial(this.hosts.next(), 'client', this);
    this.check();
  }

  private handshake(response: ConnectResponse): void {
    const { connection } = this;
    if (connection === null) return;
    if (response.timeoutMs <= 0) {
      this.declareOver('Expired');
      return;
    }
    this.id = response.session;
    this.password = response.password;
    this.timeoutMicros = response.timeoutMs * 1000;
    this.hosts.markGood();
    this.state = 'CONNECTED';
    this.wasConnected = true;
    const number = this.history.connect(this.config.client);
    const way = { connection, session: this.id, server: this.hosts.current, number, auth: [] };
    this.way = way;
    this.resume(way);
    if (this.requests.sendQueued(way) > 0) this.lastSentAt = this.ports.now();
    this.owner.sessionChanged('SyncConnected');
    this.check();
  }

  /** A connection knows neither who the client is nor what it watches. `primeConnection`. */
  private resume(way: Way): void {
    for (const info of this.authInfos.toReversed()) this.sendAuth(info, way);
    for (const question of this.owner.renewals(this.lastZxid).toReversed()) {
      this.send(question, () => {}, way);
    }
  }

  private sendAuth({ scheme, auth }: AuthInfo, way: Way): void {
    const done = (err: number): void => {
      if (err === CODE.AUTHFAILED) this.declareOver('AuthFailed');
    };
    this.send({ type: OP.auth, body: { scheme, auth } }, done, way);
    way.auth = [...way.auth, { scheme, auth }];
  }

  private send(question: Question, done: Done, way: Way): void {
    this.lastSentAt = this.ports.now();
    this.requests.send(question, done, way);
  }

  private notified(notification: Notification): void {
    const { way, config } = this;
    if (way === null) return;
    const { zxid, body } = notification;
    const { type, path } = body;
    const { session, number: connection } = way;
    this.history.hear({ client: config.client, session, connection, type, path, zxid });
    this.owner.notified(notification);
  }

  private answered(reply: Reply): void {
    const call = this.requests.take(reply);
    if (call === null) {
      this.drop();
      return;
    }
    if (reply.zxid > 0) this.lastZxid = reply.zxid;
    this.requests.complete(call, reply.err, reply);
  }

  // Time

  /** Looks at all that silence may mean, and sets the timer for the next time it may. */
  private check(): void {
    if (this.isFinished) return;
    const now = this.ports.now();
    const silence = now - this.lastHeardAt;
    if (this.id !== NO_SESSION && now - this.lastContactAt >= this.expiryMicros) {
      this.finish('Expired');
      return;
    }
    if (this.connection === null) return;
    if (silence >= this.silenceMicros) {
      this.drop();
      return;
    }
    if (this.isConnected && now - this.lastSentAt >= this.pingMicros) this.ping();
    this.scheduleCheck(now);
  }

  private scheduleCheck(now: number): void {
    let next = this.lastHeardAt + this.silenceMicros;
    if (this.isConnected) next = Math.min(next, this.lastSentAt + this.pingMicros);
    if (this.id !== NO_SESSION) next = Math.min(next, this.lastContactAt + this.expiryMicros);
    this.setTimer(Math.max(next - now, 1), CHECK);
  }

  /** How long a server may say nothing: while connecting all servers share the time-out. */
  private get silenceMicros(): number {
    if (this.isConnected) return Math.floor((this.timeoutMicros * 2) / 3);
    return Math.floor(this.timeoutMicros / this.hosts.length);
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
    const request: Request = { xid: XID.ping, type: OP.ping, body: null };
    this.connection?.send(request);
  }

  private setTimer(micros: number, timer: number): void {
    this.ports.cancelTimer(this.timer);
    this.timer = this.ports.setTimer(micros, this, timer);
  }

  // Ends

  private drop(): void {
    this.connection?.close();
    this.connection = null;
    this.disconnected();
  }

  /** What was asked for is in doubt, sent or not: each failed attempt fails all of it. */
  private disconnected(): void {
    if (this.isFinished) return;
    this.state = 'CONNECTING';
    this.way = null;
    this.requests.failAll(this.lossCode);
    if (this.wasConnected) this.owner.sessionChanged('Disconnected');
    this.wasConnected = false;
    if (this.isFinished) return;
    let delay = CLOSE_DELAY_MICROS + this.ports.random(CONNECT_DELAY_MAX_MICROS);
    if (this.hosts.isRoundOver) delay += ROUND_DELAY_MICROS;
    this.connectLater(delay);
  }

  /** The client has found the end itself: its requests hear of it first. */
  private finish(event: 'Expired' | 'Closed'): void {
    if (this.isFinished) return;
    this.end('CLOSED');
    this.requests.failAll(this.lossCode);
    this.owner.sessionChanged(event);
  }

  /** A server has said that this is the end: the application hears of it before its requests do. */
  private declareOver(event: 'Expired' | 'AuthFailed'): void {
    if (this.isFinished) return;
    this.end(event === 'Expired' ? 'CLOSED' : 'AUTH_FAILED');
    this.owner.sessionChanged(event);
    this.requests.failAll(this.lossCode);
  }

  private end(state: 'CLOSED' | 'AUTH_FAILED'): void {
    this.state = state;
    this.way = null;
    this.ports.cancelTimer(this.timer);
    this.connection?.close();
    this.connection = null;
  }

  /** What a request that gets no answer ends with. `ClientCnxn.conLossPacket`. */
  private get lossCode(): number {
    if (this.state === 'AUTH_FAILED') return CODE.AUTHFAILED;
    return this.state === 'CLOSED' ? CODE.SESSIONEXPIRED : CODE.CONNECTIONLOSS;
  }
}
