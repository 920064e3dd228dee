import type { Fault, Whom } from '../faults/fault.ts';
import type { Notation } from './issues.ts';
import type { Plan, Problem } from './plan.ts';

/** What does not fit together in a plan of the right shape; `null` if everything does. */
export function findContradiction(plan: Plan, notation: Notation): Problem | null {
  return (
    findWrongCount(plan) ??
    findEmptyRange(plan, notation) ??
    findLate(plan, notation) ??
    findStranger(plan) ??
    findNamesake(plan) ??
    findBrokenSequence(plan)
  );
}

/** What is said of a server that does not exist; `null` if it does. */
export function strangeServer(server: number, plan: Plan): string | null {
  const count = plan.servers + plan.observers;
  return server <= count ? null : `there is no server ${server}, there are ${count}`;
}

function findWrongCount({ servers, observers, clients, ...plan }: Plan): Problem | null {
  const count = servers + observers;
  for (const list of ['clocks', 'startsMicros'] as const) {
    const { length } = plan[list];
    if (length !== count) {
      const message = `one for each of the ${count} servers is needed, not ${length}`;
      return { path: [list], message };
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
function findEmptyRange(
  { network, disk, threads, workload, timing }: Plan,
  notation: Notation,
): Problem | null {
  const ranges: [path: string[], min: number, max: number][] = [
    [['network', 'latency', 'minMicros'], network.latency.minMicros, network.latency.maxMicros],
    [['disk', 'syncMinMicros'], disk.syncMinMicros, disk.syncMaxMicros],
    [['threads', 'minMicros'], threads.minMicros, threads.maxMicros],
    [['workload', 'thinkMinMicros'], workload.thinkMinMicros, workload.thinkMaxMicros],
    [['timing', 'electionPollMinMs'], timing.electionPollMinMs, timing.electionPollMaxMs],
  ];
  const empty = ranges.find(([, min, max]) => min > max);
  if (empty === undefined) return null;
  const [path, min, max] = empty;
  const shown = (value: number): string => notation.number(value, path.at(-1) ?? '');
  return { path, message: `${shown(min)} is above its maximum, ${shown(max)}` };
}

/** What is planned for a time at which it would not come any more. */
function findLate(
  { durationMicros, healAtMicros, faults }: Plan,
  notation: Notation,
): Problem | null {
  const shown = (micros: number): string => notation.number(micros, 'atMicros');
  if (healAtMicros > durationMicros) {
    const message = `${shown(healAtMicros)} is after the end of the duration, ${shown(durationMicros)}`;
    return { path: ['healAtMicros'], message };
  }
  for (const [index, { when }] of faults.entries()) {
    if (!('atMicros' in when) || when.atMicros < healAtMicros) continue;
    const message = `${shown(when.atMicros)} is too late, all faults end at ${shown(healAtMicros)} (healAt)`;
    return { path: ['faults', index, 'when', 'atMicros'], message };
  }
  return null;
}

/** Servers and clients that a plan speaks of must exist. */
function findStranger(plan: Plan): Problem | null {
  const { clients, faults } = plan;
  for (const [index, fault] of faults.entries()) {
    for (const [key, whom] of serversOf(fault)) {
      const message =
        typeof whom === 'number' ? strangeServer(whom, plan) : strangeRole(whom, fault);
      if (message !== null) return { path: ['faults', index, ...key], message };
    }
    for (const [key, client] of clientsOf(fault)) {
      if (client <= clients) continue;
      const message = `there is no client ${client}, there are ${clients}`;
      return { path: ['faults', index, ...key], message };
    }
  }
  return null;
}

function strangeRole(whom: Whom, { when }: Fault): string | null {
  const isOfScene = whom === 'itself' || whom === 'peer';
  if (!isOfScene || 'on' in when) return null;
  return `'${whom}' is for faults that wait for an event (on)`;
}

/** Who is named twice, where that has no meaning. */
function findNamesake({ faults }: Plan): Problem | null {
  for (const [index, fault] of faults.entries()) {
    for (const key of ['side', 'order', 'servers', 'clients'] as const) {
      const list = (fault as Partial<Record<typeof key, readonly Whom[]>>)[key] ?? [];
      const place = list.findIndex((whom, n) => list.indexOf(whom) < n);
      if (place < 0) continue;
      return { path: ['faults', index, key, place], message: `${list[place]} is there twice` };
    }
    if ('from' in fault && fault.from === fault.to) {
      return { path: ['faults', index, 'to'], message: 'a link is between two servers' };
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
