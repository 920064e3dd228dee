import { shuffled } from '../kernel/random.ts';
import type { ClientPorts } from './ports.ts';

/** Whose turn it is among the servers, in an order of the client's own. `StaticHostProvider`. */
export class HostList {
  private readonly servers: readonly number[];
  private index = -1;
  private lastGoodIndex = 0;

  constructor(servers: readonly number[], ports: ClientPorts) {
    this.servers = shuffled(servers, (bound) => ports.random(bound));
  }

  get length(): number {
    return this.servers.length;
  }

  /** The server that was tried last. */
  get current(): number {
    return this.servers[this.index] as number;
  }

  /** Whether all have been tried since one was good. */
  get isRoundOver(): boolean {
    return (this.index + 1) % this.servers.length === this.lastGoodIndex;
  }

  next(): number {
    this.index = (this.index + 1) % this.servers.length;
    return this.current;
  }

  /** The current one has taken the session. */
  markGood(): void {
    this.lastGoodIndex = this.index;
  }
}
