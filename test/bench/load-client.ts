import { OPEN_ACL } from '../../src/keeper/acl.ts';
import { OP } from '../../src/keeper/codes.ts';
import { ANY_VERSION, CREATE_MODE, type Request } from '../../src/keeper/requests.ts';
import type { Connection, ConnectionListener } from '../../src/world/listeners.ts';
import type { Process } from '../../src/world/process.ts';
import { ZXID_ZERO } from '../../src/zab/zxid.ts';

const PATH = '/load';
const SESSION_TIMEOUT_MS = 40_000;

/**
 * Keeps so many writes of 100 bytes under way at one server, and does nothing else: what is
 * measured is the ensemble.
 */
export class LoadClient implements ConnectionListener {
  /** Writes that were answered. */
  answered = 0;

  private readonly process: Process;
  private readonly server: number;
  private readonly outstanding: number;
  private readonly data = new Uint8Array(100);
  private connection: Connection | null = null;
  private xid = 0;

  constructor(process: Process, server: number, outstanding: number) {
    this.process = process;
    this.server = server;
    this.outstanding = outstanding;
  }

  start(): void {
    this.connection = this.process.dial(this.server, 'client', this);
  }

  accept(): null {
    return null;
  }

  connected(): void {
    this.connection?.send({
      lastZxidSeen: ZXID_ZERO,
      timeoutMs: SESSION_TIMEOUT_MS,
      session: 0,
      password: new Uint8Array(16),
    });
  }

  received(): void {
    if (this.xid === 0) {
      const body = { path: PATH, data: null, acl: OPEN_ACL, flags: CREATE_MODE.PERSISTENT };
      this.send({ xid: ++this.xid, type: OP.create, body });
      return;
    }
    this.answered++;
    const count = this.xid === 1 ? this.outstanding : 1;
    for (let n = 0; n < count; n++) this.write();
  }

  closed(): void {
    throw new Error('the load client has lost its server');
  }

  private write(): void {
    const body = { path: PATH, data: this.data, version: ANY_VERSION };
    this.send({ xid: ++this.xid, type: OP.setData, body });
  }

  private send(request: Request): void {
    this.connection?.send(request);
  }
}
