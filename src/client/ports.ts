import type { Connection, ConnectionListener, TimerListener } from '../world/listeners.ts';

/** Everything that a client asks of its host. Times are microseconds by the host's own clock. */
export interface ClientPorts {
  now(): number;
  /** An integer from 0 to `bound` - 1. */
  random(bound: number): number;
  setTimer(micros: number, listener: TimerListener, timer: number): number;
  cancelTimer(handle: number): void;
  dial(server: number, port: string, listener: ConnectionListener): Connection;
}
