import type { Fault, Whom } from '../faults/fault.ts';
import type { WorkloadSettings } from '../workload/settings.ts';
import type { Latency } from '../world/link.ts';
import type { EnsembleConfig } from '../zab/config.ts';
import { InputError } from './input-error.ts';
import { describeIssue } from './issues.ts';
import { optionsSchema, planSchema } from './schema.ts';

/**
 * Everything that a run does follows from its plan: plain data, valid JSON. Times are microseconds
 * of simulated time unless their name says otherwise, rates parts per million.
 */
export interface Plan {
  readonly version: 1;
  readonly seed: string;
  /** Servers that vote; their ids are 1 to `servers`, those of the observers follow. */
  readonly servers: number;
  readonly observers: number;
  readonly clients: number;
  /** The clients work for so long. */
  readonly durationMicros: number;
  /** Then all faults end, and from then on the ensemble owes progress. */
  readonly healAtMicros: number;
  readonly timing: Omit<EnsembleConfig, 'voters' | 'observers'>;
  readonly network: {
    readonly transport: 'stream' | 'datagram';
    readonly latency: Latency;
    /** What each link carries; 0 where the length of messages is of no account. */
    readonly bytesPerSecond: number;
  };
  readonly disk: { readonly syncMinMicros: number; readonly syncMaxMicros: number };
  /** How long a thread of a server waits for the processor. */
  readonly threads: { readonly minMicros: number; readonly maxMicros: number };
  /** When each server is started for the first time, in the order of their ids. */
  readonly startsMicros: readonly number[];
  /** The clocks of the servers, in the order of their ids. */
  readonly clocks: readonly { readonly driftPpm: number; readonly offsetMicros: number }[];
  readonly workload: WorkloadSettings;
  readonly faults: readonly Fault[];
  /** The bug that the servers or the clients have; `null` for none. */
  readonly bug: string | null;
}

/** Where in a plan something is wrong, and what would be right. */
export interface Problem {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

/**
 * Checks the part of a plan that whoever generates one may choose.
 *
 * @throws {@link InputError} in one line
 */
export function checkOptions(options: unknown): void {
  const issue = optionsSchema.safeParse(options, { reportInput: true }).error?.issues[0];
  if (issue !== undefined) fail('options', describeIssue(issue, String));
}

/**
 * Checks that a value is a plan.
 *
 * @throws {@link InputError} in one line: where it is wrong, and what would be right
 */
export function parsePlan(value: unknown): Plan {
  const result = planSchema.safeParse(value, { reportInput: true });
  const issue = result.error?.issues[0];
  if (issue !== undefined) fail('plan', describeIssue(issue, String));
  // Without an issue there is a plan.
  const plan = result.data as Plan;
  const problem = findContradiction(plan);
  if (problem !== null) fail('plan', problem);
  return plan;
}

function fail(what: string, { path, message }: Problem): never {
  const where = path.length === 0 ? '' : `${path.join('.')}: `;
  throw new InputError(`${what}: ${where}${message}`);
}

/** What does not fit together in a plan of the right shape; `null` if everything does. */
export function findContradiction(plan: Plan): Problem | null {
  return (
    findStranger(plan) ?? findBrokenSequence(plan) ?? findWrongCount(plan) ?? findEmptyRange(plan)
  );
}

/** Servers and clients that a plan speaks of must exist. */
function findStranger({ servers, observers, clients, faults }: Plan): Problem | null {
  for (const [index, fault] of faults.entries()) {
    for (const [key, whom] of serversOf(fault)) {
      if (typeof whom === 'number' && whom > servers + observers) {
        const message = `there is no server ${whom}, there are ${servers + observers}`;
        return { path: ['faults', index, ...key], message };
      }
      const hasScene = 'on' in fault.when;
      if (!hasScene && (whom === 'itself' || whom === 'peer')) {
        const message = `'${whom}' is of faults that wait for an event`;
        return { path: ['faults', index, ...key], message };
      }
    }
    for (const [key, client] of clientsOf(fault)) {
      if (client > clients) {
        const message = `there is no client ${client}, there are ${clients}`;
        return { path: ['faults', index, ...key], message };
      }
    }
  }
  return null;
}

/** A fault that comes after another has to come after one that comes. */
function findBrokenSequence({ faults }: Plan): Problem | null {
  const byName = new Map<string, Fault>();
  for (const [index, fault] of faults.entries()) {
    if (fault.name === undefined) continue;
    if (byName.has(fault.name)) {
      const message = `another fault is called '${fault.name}' already`;
      return { path: ['faults', index, 'name'], message };
    }
    byName.set(fault.name, fault);
  }
  for (const [index, { when }] of faults.entries()) {
    const path = ['faults', index, 'when', 'after'];
    let next = when;
    for (let steps = 0; 'after' in next; steps++) {
      const before = byName.get(next.after);
      if (before === undefined) return { path, message: `no fault is called '${next.after}'` };
      if (steps > faults.length) return { path, message: 'the faults wait for each other' };
      next = before.when;
    }
  }
  return null;
}

function findWrongCount({ servers, observers, clients, ...plan }: Plan): Problem | null {
  const count = servers + observers;
  for (const list of ['clocks', 'startsMicros'] as const) {
    if (plan[list].length !== count) {
      return { path: [list], message: `one for each of the ${count} servers is needed` };
    }
  }
  const { recipeClients, weights } = plan.workload;
  if (recipeClients > clients) {
    const message = `${recipeClients} is too many, there are ${clients} clients`;
    return { path: ['workload', 'recipeClients'], message };
  }
  if (Object.values(weights).some((weight) => weight > 0)) return null;
  return { path: ['workload', 'weights'], message: 'one must be above 0' };
}

/** No range ends before it begins. */
function findEmptyRange({ network, disk, threads, workload, timing }: Plan): Problem | null {
  const ranges: [path: string[], min: number, max: number][] = [
    [['network', 'latency', 'minMicros'], network.latency.minMicros, network.latency.maxMicros],
    [['disk', 'syncMinMicros'], disk.syncMinMicros, disk.syncMaxMicros],
    [['threads', 'minMicros'], threads.minMicros, threads.maxMicros],
    [['workload', 'thinkMinMicros'], workload.thinkMinMicros, workload.thinkMaxMicros],
    [['timing', 'electionPollMinMs'], timing.electionPollMinMs, timing.electionPollMaxMs],
  ];
  const empty = ranges.find(([, min, max]) => min > max);
  return empty === undefined ? null : { path: empty[0], message: 'is above its maximum' };
}

type Named<What> = readonly (readonly [path: readonly PropertyKey[], what: What])[];

/** The servers that a fault names, and where. */
function serversOf(fault: Fault): Named<Whom> {
  const named: [PropertyKey[], Whom][] = [];
  const { when } = fault;
  if ('on' in when && when.server !== undefined) named.push([['when', 'server'], when.server]);
  for (const key of ['server', 'peer', 'bridge', 'from', 'to'] as const) {
    const whom = (fault as Partial<Record<typeof key, Whom | null>>)[key] ?? null;
    if (whom !== null) named.push([[key], whom]);
  }
  for (const key of ['side', 'order', 'servers'] as const) {
    const list = (fault as Partial<Record<typeof key, readonly Whom[]>>)[key] ?? [];
    for (const [index, whom] of list.entries()) named.push([[key, index], whom]);
  }
  return named;
}

function clientsOf(fault: Fault): Named<number> {
  if ('client' in fault) return [[['client'], fault.client]];
  if (!('clients' in fault)) return [];
  return fault.clients.map((client, index) => [['clients', index], client]);
}
