import type { Connection, ConnectionListener } from '../zab/ports.ts';
import type { ConnectRequest, ConnectResponse, Reply, Request } from './requests.ts';
import type { ZooKeeperServer } from './server.ts';
import { NO_SESSION, passwordOf, type SessionId } from './session-id.ts';

type State = 'NEW' | 'ATTACHING' | 'OPEN' | 'CLOSED';

const REFUSAL: ConnectResponse = {
  timeoutMs: 0,
  session: NO_SESSION,
  password: new Uint8Array(16),
};

/** A server's side of the connection to a client. `ServerCnxn`. */
export class ClientConnection implements ConnectionListener {
  session: SessionId = NO_SESSION;
  timeoutMs = 0;

  private readonly server: ZooKeeperServer;
  private readonly connection: Connection;
  private state: State = 'NEW';
  /** Requests that came before the session was settled. */
  private early: Request[] = [];

  constructor(server: ZooKeeperServer, connection: Connection) {
    this.server = server;
    this.connection = connection;
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

  private connectRequested(request: ConnectRequest): void {
    if (this.state !== 'NEW') {
      this.close();
      return;
    }
    this.state = 'ATTACHING';
    this.server.connect(this, request);
  }
}
