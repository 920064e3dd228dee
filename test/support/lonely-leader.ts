import type { Fault } from '../../src/faults/fault.ts';
import type { Plan } from '../../src/scenario/plan.ts';
import { at, quietPlan, SECOND } from './plans.ts';

export function crash(server: number, seconds: number, forSeconds: number): Fault {
  return {
    kind: 'crash',
    server,
    forMicros: Math.round(forSeconds * SECOND),
    when: at(seconds),
  };
}

/**
 * Server 3 leads, is cut off, and dies with what its clients still asked for. They reach no other
 * server before `clientsAt` seconds; the server is back at `backAt`.
 */
export function lonelyLeader(clientsAt: number, backAt: number): Plan {
  const clients = 4;
  const plan = quietPlan({ servers: 3, clients });
  return {
    ...plan,
    faults: [
      { kind: 'isolate', server: 3, forMicros: 2 * SECOND, when: at(10) },
      {
        kind: 'clientCut',
        clients: Array.from({ length: clients }, (_, n) => n + 1),
        servers: [1, 2],
        forMicros: (clientsAt - 5) * SECOND,
        when: at(5),
      },
      crash(3, 10.8, backAt - 10.8),
    ],
  };
}
