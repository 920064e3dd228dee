import type { Connection, ConnectionListener } from '../zab/ports.ts';
import { NO_ZXID, ZXID_ZERO, type Zxid } from '../zab/zxid.ts';
import type { Id } from './acl.ts';
import { withId } from './auth.ts';
import { CODE, OP } from './codes.ts';
import {
  type ConnectRequest,
  type ConnectResponse,
  type EventType,
  type Notification,
  type Reply,
  type Request,
  type RequestFor,
  XID,
} from './requests.ts';
import type { ZooKeeperServer } from './server.ts';
import { NO_SESSION, passwordOf, type SessionId } from './session-id.ts';
import type { Watcher } from './watch-table.ts';

type State = 'NEW' | 'ATTACHING' | 'OPEN' | 'CLOSED';

const REFUSAL: ConnectResponse = {
  timeoutMs: 0,
  session: NO_SESSION,
  password: new Uint8Array(16),
};

/** A server's side of the connection to a client. `ServerCnxn`. */
export class ClientConnection implements ConnectionListener, Watcher {
  session: SessionId = NO_SESSION;
  timeoutMs = 0;
  /** Who the client is known to be. */
  ids: readonly Id[] = [];

  private readonly server: ZooKeeperServer;
  private readonly connection: Connection;
  private state: State = 'NEW';
  /** Requests that came before the session was settled. */
  private early: Request[] = [];

  constructor(server: ZooKeeperServer, connection: Connection) {
    this.server = server;
    this.connection = connection;
  }

  get isClosed(): boolean {
    return this.state === 'CLOSED';
  }

  connected(): void {}

  received(message: ConnectRequest | Request): void {
    if (!('xid' in message)) this.connectRequested(message);
    else if (this.state === 'OPEN') this.server.request(this, message);
    else if (this.state === 'ATTACHING') this.early.push(message);
    else this.close();
  }

  closed(): void {
    this.state = 'CLOSED';
    this.server.disconnected(this);
  }

  close(): void {
    if (this.state === 'CLOSED') return;
    this.connection.close();
    this.closed();
  }

  /** The session that the client has brought is alive, or not. */
  revalidated(isAlive: boolean): void {
    if (isAlive) this.attach();
    else this.refuse();
  }

  /** The session goes on here. */
  attach(): void {
    if (this.state === 'CLOSED') return;
    this.state = 'OPEN';
    this.server.attached(this);
    const { session, timeoutMs } = this;
    const response: ConnectResponse = { timeoutMs, session, password: passwordOf(session) };
    this.connection.send(response);
    for (const message of this.early.splice(0)) this.received(message);
  }

  /** The session is over, or the password is wrong: a client cannot tell. */
  refuse(): void {
    if (this.state === 'CLOSED') return;
    this.connection.send(REFUSAL);
    this.close();
  }

  reply(reply: Reply): void {
    this.connection.send(reply);
  }

  notify(eventType: EventType, path: string, zxid: Zxid): void {
    const body = { type: eventType, path };
    const type = OP.notification;
    const event: Notification = { xid: XID.notification, zxid, err: CODE.OK, type, body };
    const { ports, rules } = this.server;
    if (rules.sendsEventsFirst) this.connection.send(event);
    else ports.wake({ awake: () => this.connection.send(event) });
  }

  /** The client proves who it is, or has to go. */
  authenticated({ xid, type }: RequestFor<typeof OP.auth>, proven: readonly Id[] | null): void {
    const err = proven === null ? CODE.AUTHFAILED : CODE.OK;
    this.connection.send({ xid, zxid: ZXID_ZERO, err, type, body: null } satisfies Reply);
    for (const id of proven ?? []) this.ids = withId(this.ids, id);
    if (proven === null) this.close();
  }

  /** Nobody knows this kind of request. */
  unimplemented({ xid }: Request): void {
    const err = CODE.UNIMPLEMENTED;
    this.connection.send({ xid, zxid: NO_ZXID, err, type: OP.unknown, body: null } satisfies Reply);
    this.close();
  }

  private connectRequested(request: ConnectRequest): void {
    if (this.state !== 'NEW') {
      this.close();
      return;
    }
    this.state = 'ATTACHING';
    this.ids = [{ scheme: 'ip', id: this.connection.remoteAddress }];
    this.server.connect(this, request);
  }
}
