import type { History } from '../client/history.ts';
import type { ClientPorts } from '../client/ports.ts';
import type { RandomStream } from '../kernel/random.ts';
import type { WorkloadSettings } from './settings.ts';

/** What a client of a plan has from its start on, whatever it does. */
export interface Seat {
  readonly ports: ClientPorts;
  readonly random: RandomStream;
  /** Its number, from 1. */
  readonly client: number;
  /** The servers that it may use. */
  readonly servers: readonly number[];
  readonly settings: WorkloadSettings;
  readonly history: History;
}
