import type { History } from '../client/history.ts';
import type { ClientPorts } from '../client/ports.ts';
import type { RandomStream } from '../kernel/random.ts';
import type { WorkloadSettings } from './settings.ts';

/** What a client keeps from life to life, as in a file of its own. */
export interface Memory {
  /** How much it has made so far: values, items, publications. No two of them are the same. */
  count: number;
  /** The round of a barrier that comes next; one that is over is not begun again. */
  round: number;
}

/** What a client of a plan has from its start on, whatever it does. */
export interface Seat {
  readonly ports: ClientPorts;
  /** Of this life alone. */
  readonly random: RandomStream;
  /** Its number, from 1. */
  readonly client: number;
  /** The servers that it may use. */
  readonly servers: readonly number[];
  readonly settings: WorkloadSettings;
  readonly history: History;
  readonly memory: Memory;
}
