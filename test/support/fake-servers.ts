import type { ClientPorts } from '../../src/client/ports.ts';
import { OP, type Op } from '../../src/keeper/codes.ts';
import type {
  ConnectRequest,
  EventType,
  Notification,
  Reply,
  Request,
} from '../../src/keeper/requests.ts';
import type { Connection, ConnectionListener, TimerListener } from '../../src/world/listeners.ts';
import { asZxid } from '../../src/zab/zxid.ts';

interface Timer {
  readonly handle: number;
  readonly at: number;
  readonly listener: TimerListener;
  readonly timer: number;
}

/** Servers that say what a test tells them to, and the time, which passes when a test says so. */
export class FakeServers implements ClientPorts {
  /** Every connection that a client has dialled, the first one first. */
  readonly links: FakeLink[] = [];
  private micros = 0;
  private timers: Timer[] = [];
  private nextHandle = 0;

  now(): number {
    return this.micros;
  }

  random(): number {
    return 0;
  }

  setTimer(micros: number, listener: TimerListener, timer: number): number {
    const handle = this.nextHandle++;
    this.timers.push({ handle, at: this.micros + micros, listener, timer });
    return handle;
  }

  cancelTimer(handle: number): void {
    this.timers = this.timers.filter((timer) => timer.handle !== handle);
  }

  dial(server: number, _port: string, listener: ConnectionListener): Connection {
    const link = new FakeLink(server, listener);
    this.links.push(link);
    return link;
  }

  /** The connection dialled last. */
  get link(): FakeLink {
    const link = this.links.at(-1);
    if (link === undefined) throw new Error('nobody has dialled');
    return link;
  }

  /** Lets time pass, timer by timer. */
  pass(micros: number): void {
    const until = this.micros + micros;
    for (;;) {
      const due = this.timers.filter(({ at }) => at <= until).sort((a, b) => a.at - b.at)[0];
      if (due === undefined) break;
      this.cancelTimer(due.handle);
      this.micros = due.at;
      due.listener.timerFired(due.timer);
    }
    this.micros = until;
  }

  /** Lets time pass until somebody dials, and takes the session. */
  attach(session = 7, timeoutMs = 3000): FakeLink {
    const { length } = this.links;
    for (let waited = 0; this.links.length === length && waited < 100; waited++) this.pass(50_000);
    this.link.attach(session, timeoutMs);
    return this.link;
  }
}

/** A server's side of a connection. */
export class FakeLink implements Connection {
  readonly server: number;
  readonly remoteAddress: string;
  readonly received: (ConnectRequest | Request)[] = [];
  isClosed = false;
  private readonly listener: ConnectionListener;
  private answeredCount = 0;

  constructor(server: number, listener: ConnectionListener) {
    this.server = server;
    this.remoteAddress = `10.0.0.${server}`;
    this.listener = listener;
  }

  send(message: unknown): void {
    if (!this.isClosed) this.received.push(message as ConnectRequest | Request);
  }

  close(): void {
    this.isClosed = true;
  }

  /** The requests that came behind the handshake, pings left out. */
  get requests(): Request[] {
    return this.received.filter((message): message is Request => {
      return 'xid' in message && message.type !== OP.ping;
    });
  }

  /** What was asked for, by its type. */
  get asked(): Op[] {
    return this.requests.map(({ type }) => type);
  }

  attach(session: number, timeoutMs: number): void {
    this.listener.connected();
    this.say({ timeoutMs, session, password: new Uint8Array(16).fill(session) });
  }

  /** The session is over. */
  refuse(): void {
    this.listener.connected();
    this.say({ timeoutMs: 0, session: 0, password: new Uint8Array(16) });
  }

  /** Answers the oldest request without an answer. */
  answer(zxid: number, body: Reply['body'] = null, err = 0): void {
    const request = this.requests.filter(({ type }) => type !== OP.auth)[this.answeredCount++];
    if (request === undefined) throw new Error('nothing to answer');
    const { xid, type } = request;
    this.say({ xid, zxid: asZxid(zxid), err, type, body } as Reply);
  }

  answerAuth(err: number): void {
    this.say({ xid: -4, zxid: asZxid(0), err, type: OP.auth, body: null });
  }

  notify(type: EventType, path: string, zxid: number): void {
    const event: Notification = {
      xid: -1,
      zxid: asZxid(zxid),
      err: 0,
      type: OP.notification,
      body: { type, path },
    };
    this.say(event);
  }

  hangUp(): void {
    if (this.isClosed) return;
    this.isClosed = true;
    this.listener.closed();
  }

  say(message: unknown): void {
    if (!this.isClosed) this.listener.received(message);
  }
}
