import type { Clients } from './clients.ts';
import type { Ensemble } from './ensemble.ts';

/** A run that goes on, for who watches it. Nothing may be done with it but looking. */
export class RunView {
  readonly ensemble: Ensemble;
  readonly clients: Clients;

  constructor(ensemble: Ensemble, clients: Clients) {
    this.ensemble = ensemble;
    this.clients = clients;
  }

  /** Microseconds of simulated time. */
  get now(): number {
    return this.ensemble.now;
  }

  /** How many events have happened. */
  get eventCount(): number {
    return this.ensemble.eventCount;
  }
}
