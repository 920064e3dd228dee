import { z } from 'zod';
import { bugIds } from '../bugs/catalogue.ts';
import { EVENT_NAMES } from '../faults/event-names.ts';
import type { Fault } from '../faults/fault.ts';
import {
  NAIVE_RECIPES,
  OPERATION_KINDS,
  RECIPES,
  type WorkloadSettings,
} from '../workload/settings.ts';
import type { Latency } from '../world/link.ts';
import type { EnsembleConfig } from '../zab/config.ts';
import { canonicalSeed } from './seed.ts';

/**
 * Everything that a run does follows from its plan: plain data, valid JSON. Times are microseconds
 * of simulated time unless their name says otherwise, probabilities parts per million.
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
  /** The bug that the servers have; `null` for none. */
  readonly bug: string | null;
}

export const SERVERS_MAX = 15;
export const OBSERVERS_MAX = 15;
export const CLIENTS_MAX = 50;

const micros = z.int().min(0).max(86_400_000_000);
const duration = micros.min(1);
const ppm = z.int().min(0).max(1_000_000);
const host = z
  .int()
  .min(1)
  .max(OBSERVERS_MAX + SERVERS_MAX);
const factor = z.int().min(1).max(1000);
const times = z.int().min(1).max(1000);

const WHEN_ERROR = 'expected { at } for a time, or { on, server, nth } for an event';

const when = z.union(
  [
    z.strictObject({ at: micros }),
    z.strictObject({
      on: z.string().refine((name) => EVENT_NAMES.includes(name), {
        error: ({ input }) => `there is no event '${input}'; a trace shows how they are named`,
      }),
      server: z
        .int()
        .min(0)
        .max(OBSERVERS_MAX + SERVERS_MAX),
      nth: z.int().min(1),
    }),
  ],
  { error: WHEN_ERROR },
);

const partition = z.discriminatedUnion('shape', [
  z.strictObject({ shape: z.literal('split'), side: z.array(host).min(1) }),
  z.strictObject({ shape: z.literal('isolate'), server: host }),
  z.strictObject({ shape: z.literal('oneWay'), side: z.array(host).min(1) }),
  z.strictObject({ shape: z.literal('bridge'), side: z.array(host).min(1), bridge: host }),
  z.strictObject({ shape: z.literal('ring'), order: z.array(host).min(3) }),
]);

const strike = { when };
const lasting = { when, forMicros: duration };

const fault = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('crash'),
    server: host,
    losesPower: z.boolean(),
    ...lasting,
  }),
  z.strictObject({ kind: z.literal('powerLoss'), ...lasting }),
  z.strictObject({ kind: z.literal('rollingRestart'), gapMicros: micros, ...lasting }),
  z.strictObject({
    kind: z.literal('crashLoop'),
    server: host,
    times,
    upMicros: duration,
    ...lasting,
  }),
  z.strictObject({ kind: z.literal('pause'), server: host, ...lasting }),
  z.strictObject({ kind: z.literal('pauseClient'), client: z.int().min(1), ...lasting }),
  z.strictObject({ kind: z.literal('partition'), cut: partition, ...lasting }),
  z.strictObject({
    kind: z.literal('flappingLink'),
    a: host,
    b: host,
    times,
    upMicros: duration,
    ...lasting,
  }),
  z.strictObject({
    kind: z.literal('clientCut'),
    clients: z.array(z.int().min(1)).min(1),
    servers: z.array(host).min(1),
    ...lasting,
  }),
  z.strictObject({
    kind: z.literal('packets'),
    clients: z.boolean(),
    lossPpm: ppm.max(900_000),
    corruptPpm: ppm.max(900_000),
    duplicatePpm: ppm,
    reorderPpm: ppm,
    delayPpm: ppm,
    delayMicros: duration,
    ...lasting,
  }),
  z.strictObject({ kind: z.literal('reset'), server: host, peer: host.nullable(), ...strike }),
  z.strictObject({ kind: z.literal('slowDisk'), server: host, factor, ...lasting }),
  z.strictObject({ kind: z.literal('stalledDisk'), server: host, ...lasting }),
  z.strictObject({
    kind: z.literal('failingDisk'),
    server: host,
    logOnly: z.boolean(),
    ...lasting,
  }),
  z.strictObject({ kind: z.literal('slowThreads'), server: host, factor, ...lasting }),
  z.strictObject({
    kind: z.literal('clockJump'),
    server: host,
    byMicros: z.int(),
    ...strike,
  }),
]);

const weights = Object.fromEntries(
  OPERATION_KINDS.map((kind) => [kind, z.int().min(0).max(1000)]),
) as Record<(typeof OPERATION_KINDS)[number], z.ZodInt>;

const planShape = z.strictObject({
  version: z.literal(1),
  seed: z.string().min(1).transform(canonicalSeed),
  servers: z.int().min(1).max(SERVERS_MAX),
  observers: z.int().min(0).max(OBSERVERS_MAX),
  clients: z.int().min(0).max(CLIENTS_MAX),
  durationMicros: duration,
  healAtMicros: micros,
  timing: z.strictObject({
    tickTimeMs: z.int().min(2).max(60_000),
    initLimit: z.int().min(1).max(100),
    syncLimit: z.int().min(1).max(100),
    electionPollMinMs: z.int().min(1),
    electionPollMaxMs: z.int().min(1),
    finalizeWaitMs: z.int().min(0),
    connectTimeoutMs: z.int().min(1),
    leaderConnectTries: z.int().min(1),
    leaderConnectRetryMs: z.int().min(1),
    commitLogCount: z.int().min(1),
    snapCount: z.int().min(2),
    snapshotSizePpm: z.int().min(0),
    preAllocBytes: z.int().min(0),
    counterStart: z.int().min(0).max(0xfffffffe),
  }),
  network: z.strictObject({
    transport: z.enum(['stream', 'datagram']),
    latency: z.strictObject({
      minMicros: duration,
      maxMicros: duration,
      tailPpm: ppm,
      tailMicros: micros,
    }),
    bytesPerSecond: z.int().min(0),
  }),
  disk: z.strictObject({ syncMinMicros: micros, syncMaxMicros: duration }),
  threads: z.strictObject({ minMicros: micros, maxMicros: micros }),
  startsMicros: z.array(micros),
  clocks: z.array(
    z.strictObject({ driftPpm: z.int().min(-500_000).max(500_000), offsetMicros: z.int() }),
  ),
  workload: z.strictObject({
    sessionTimeoutMs: z.int().min(1),
    pipelineDepth: z.int().min(1).max(1000),
    thinkMinMicros: micros,
    thinkMaxMicros: micros,
    keyCount: z.int().min(1).max(1000),
    valueBytes: z.int().min(0).max(100_000),
    weights: z.strictObject(weights),
    recipe: z.enum([...RECIPES, ...NAIVE_RECIPES]).nullable(),
    recipeClients: z.int().min(0).max(CLIENTS_MAX),
  }),
  faults: z.array(fault),
  bug: z.enum(bugIds() as [string, ...string[]]).nullable(),
});

/** A plan, or anything else that a user gave, is not what it should be. */
export class InputError extends Error {
  override readonly name = 'InputError';
}

const planSchema: z.ZodType<Plan> = planShape;

const optionsSchema = planShape
  .pick({ servers: true, observers: true, clients: true, durationMicros: true })
  .partial()
  .loose();

/**
 * Checks the part of a plan that whoever generates one may choose.
 *
 * @throws {@link InputError} in one line
 */
export function checkOptions(options: unknown): void {
  throwIssue(optionsSchema.safeParse(options), 'options');
}

/**
 * Checks that a value is a plan.
 *
 * @throws {@link InputError} in one line: where it is wrong, and what would be right
 */
export function parsePlan(value: unknown): Plan {
  const plan = throwIssue(planSchema.safeParse(value), 'plan');
  checkReferences(plan);
  checkRanges(plan);
  return plan;
}

function throwIssue<T>(result: z.ZodSafeParseResult<T>, what: string): T {
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  const where = issue === undefined ? '' : issue.path.join('.');
  throw new InputError(`${what}: ${where === '' ? '' : `${where}: `}${issue?.message}`);
}

/** Servers and clients that a plan speaks of must exist. */
function checkReferences(plan: Plan): void {
  const serverCount = plan.servers + plan.observers;
  plan.faults.forEach((fault, index) => {
    for (const server of serversOf(fault)) {
      if (server > serverCount) {
        throw new InputError(`plan: faults.${index}: there is no server ${server}`);
      }
    }
    for (const client of clientsOf(fault)) {
      if (client > plan.clients) {
        throw new InputError(`plan: faults.${index}: there is no client ${client}`);
      }
    }
  });
  for (const list of ['clocks', 'startsMicros'] as const) {
    if (plan[list].length !== serverCount) {
      throw new InputError(`plan: ${list}: one for each of the ${serverCount} servers is needed`);
    }
  }
  const { recipeClients } = plan.workload;
  if (recipeClients > plan.clients) {
    const most = `there are ${plan.clients} clients`;
    throw new InputError(`plan: workload.recipeClients: ${recipeClients} is too many, ${most}`);
  }
  const weightSum = Object.values(plan.workload.weights).reduce((a, b) => a + b, 0);
  if (weightSum === 0) throw new InputError('plan: workload.weights: one must be above 0');
}

/** No range ends before it begins. */
function checkRanges({ network, disk, threads, workload, timing }: Plan): void {
  const ranges: [name: string, min: number, max: number][] = [
    ['network.latency.minMicros', network.latency.minMicros, network.latency.maxMicros],
    ['disk.syncMinMicros', disk.syncMinMicros, disk.syncMaxMicros],
    ['threads.minMicros', threads.minMicros, threads.maxMicros],
    ['workload.thinkMinMicros', workload.thinkMinMicros, workload.thinkMaxMicros],
    ['timing.electionPollMinMs', timing.electionPollMinMs, timing.electionPollMaxMs],
  ];
  for (const [name, min, max] of ranges) {
    if (min > max) throw new InputError(`plan: ${name}: ${min} is above its maximum, ${max}`);
  }
}

function serversOf(fault: Fault): readonly number[] {
  const named = 'on' in fault.when ? [fault.when.server] : [];
  switch (fault.kind) {
    case 'reset':
      return fault.peer === null ? [...named, fault.server] : [...named, fault.server, fault.peer];
    case 'flappingLink':
      return [...named, fault.a, fault.b];
    case 'clientCut':
      return [...named, ...fault.servers];
    case 'partition': {
      const { cut } = fault;
      if (cut.shape === 'isolate') return [...named, cut.server];
      if (cut.shape === 'ring') return [...named, ...cut.order];
      if (cut.shape === 'bridge') return [...named, ...cut.side, cut.bridge];
      return [...named, ...cut.side];
    }
    default:
      return 'server' in fault ? [...named, fault.server] : named;
  }
}

function clientsOf(fault: Fault): readonly number[] {
  if (fault.kind === 'pauseClient') return [fault.client];
  return fault.kind === 'clientCut' ? fault.clients : [];
}
