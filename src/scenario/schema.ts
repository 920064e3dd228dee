import { z } from 'zod';
import { bugIds } from '../bugs/catalogue.ts';
import { TRIGGER_NAMES } from '../faults/event-names.ts';
import type { Fault, FaultKind } from '../faults/fault.ts';
import { NAIVE_RECIPES, OPERATION_KINDS, RECIPES } from '../workload/settings.ts';
import { notThat } from './issues.ts';
import { CLIENTS_MAX, OBSERVERS_MAX, SERVERS_MAX } from './limits.ts';
import type { Plan } from './plan.ts';
import { canonicalSeed } from './seed.ts';

const micros = z.int().min(0).max(86_400_000_000);
const duration = z.int().min(1).max(86_400_000_000);
const signedMicros = z.int().min(-86_400_000_000).max(86_400_000_000);
const ppm = z.int().min(0).max(1_000_000);
/** More than that is a cut. */
const lossPpm = z.int().min(0).max(900_000);
/** Whether there is a server, or a client, of that number depends on the rest of the plan. */
const host = z.int().min(1);
const client = z.int().min(1);
const factor = z.int().min(1).max(1000);

const whom = z.union([host, z.enum(['leader', 'follower', 'itself', 'peer'])], {
  error: ({ input }) => {
    return notThat('the number of a server, or leader, follower, itself or peer', input);
  },
});
const someWhom = z.array(whom).min(1);
const reach = z.enum(['servers', 'all']);

const MOMENTS = ['atMicros', 'after', 'on'];

const when = z.union(
  [
    z.strictObject({ atMicros: micros }),
    z.strictObject({ after: z.string().min(1), delayMicros: micros }),
    z.strictObject({
      on: z.enum(TRIGGER_NAMES as [string, ...string[]]),
      server: host.exactOptional(),
      role: z.enum(['leader', 'learner']).exactOptional(),
      nth: z.int().min(1).max(1_000_000).exactOptional(),
      delayMicros: micros.exactOptional(),
    }),
  ],
  {
    error: ({ input }) => {
      const named = isFields(input) ? MOMENTS.filter((name) => name in input) : [];
      if (named.length > 1) return 'expected one of at, after or on, not several of them';
      return named.length === 1 ? undefined : notThat('one of at, after or on', input);
    },
  },
);

const common = {
  when,
  name: z.string().min(1).max(100).exactOptional(),
  repeat: z
    .strictObject({ times: z.int().min(1).max(1000), everyMicros: duration })
    .exactOptional(),
};

const forMicros = duration;
const atServer = { server: whom, forMicros };
const ofClient = { client, forMicros };
const between = { from: whom, to: whom, forMicros };
const packets = { reach, ratePpm: ppm, forMicros };

/** The fields of each kind of fault, beside those that all have. */
const FIELDS = {
  crash: atServer,
  powerOff: atServer,
  tornTail: atServer,
  powerLoss: { forMicros },
  allRestart: { forMicros },
  rollingRestart: { gapMicros: micros, forMicros },
  pause: atServer,
  slowThreads: { factor, ...atServer },
  crashClient: ofClient,
  pauseClient: ofClient,
  deafClient: ofClient,
  split: { side: someWhom, forMicros },
  isolate: atServer,
  oneWay: { side: someWhom, forMicros },
  bridge: { side: someWhom, bridge: whom, forMicros },
  /** In a ring of three everybody hears everybody. */
  ring: { order: z.array(host).min(4), forMicros },
  cutLink: between,
  halfDeadLink: between,
  clientCut: { clients: z.array(client).min(1), servers: someWhom, forMicros },
  loss: { ...packets, ratePpm: lossPpm },
  corruption: { ...packets, ratePpm: lossPpm },
  duplication: packets,
  reordering: { ...packets, delayMicros: duration },
  delay: { ...packets, delayMicros: duration },
  slowLink: { ...between, delayMicros: duration },
  flakyLink: { ...between, ratePpm: lossPpm },
  bandwidth: { reach, bytesPerSecond: z.int().min(1), forMicros },
  reset: { server: whom, peer: whom.nullable() },
  slowSync: { factor, ...atServer },
  stalledDisk: atServer,
  failingSync: atServer,
  fullDisk: atServer,
  rotRecord: { server: whom, which: z.enum(['first', 'any', 'last']) },
  rotSnapshot: { server: whom },
  lyingDisk: atServer,
  clockJump: { server: whom, byMicros: signedMicros },
  clockDrift: { driftPpm: z.int().min(-500_000).max(500_000), ...atServer },
} satisfies Record<FaultKind, z.ZodRawShape>;

const kinds = Object.entries(FIELDS).map(([kind, fields]) => {
  return z.strictObject({ kind: z.literal(kind), ...fields, ...common });
});

// Each kind has the fields of its type; the compiler cannot follow the table.
const fault = z.discriminatedUnion(
  'kind',
  kinds as [(typeof kinds)[0], ...typeof kinds],
) as unknown as z.ZodType<Fault>;

const weight = z.int().min(0).max(1000);

const weights = z.strictObject(
  Object.fromEntries(OPERATION_KINDS.map((kind) => [kind, weight])) as Record<
    (typeof OPERATION_KINDS)[number],
    typeof weight
  >,
);

const timing = z.strictObject({
  tickTimeMs: z.int().min(2).max(60_000),
  initLimit: z.int().min(1).max(100),
  syncLimit: z.int().min(1).max(100),
  electionPollMinMs: z.int().min(1).max(3_600_000),
  electionPollMaxMs: z.int().min(1).max(3_600_000),
  finalizeWaitMs: z.int().min(0).max(3_600_000),
  connectTimeoutMs: z.int().min(1).max(3_600_000),
  leaderConnectTries: z.int().min(1),
  leaderConnectRetryMs: z.int().min(1).max(3_600_000),
  commitLogCount: z.int().min(1),
  snapCount: z.int().min(2),
  snapshotSizePpm: z.int().min(0),
  preAllocBytes: z.int().min(0),
  counterStart: z.int().min(0).max(0xfffffffe),
});

/** The fields of a plan. */
export const planShape: { readonly [Field in keyof Plan]: z.ZodType<Plan[Field]> } = {
  version: z.literal(1),
  seed: z.string().min(1).transform(canonicalSeed),
  servers: z.int().min(1).max(SERVERS_MAX),
  observers: z.int().min(0).max(OBSERVERS_MAX),
  clients: z.int().min(0).max(CLIENTS_MAX),
  durationMicros: duration,
  healAtMicros: micros,
  timing: timing,
  network: z.strictObject({
    transport: z.enum(['stream', 'datagram']),
    latency: z.strictObject({
      minMicros: duration,
      maxMicros: duration,
      tailRatePpm: ppm,
      tailMicros: micros,
    }),
    bytesPerSecond: z.int().min(0),
  }),
  disk: z.strictObject({ syncMinMicros: micros, syncMaxMicros: duration }),
  threads: z.strictObject({ minMicros: micros, maxMicros: micros }),
  startsMicros: z.array(micros),
  clocks: z.array(
    z.strictObject({
      driftPpm: z.int().min(-500_000).max(500_000),
      offsetMicros: signedMicros,
    }),
  ),
  workload: z.strictObject({
    sessionTimeoutMs: z.int().min(1).max(3_600_000),
    pipelineDepth: z.int().min(1).max(1000),
    thinkMinMicros: micros,
    thinkMaxMicros: micros,
    keyCount: z.int().min(1).max(1000),
    valueBytes: z.int().min(0).max(100_000),
    weights,
    recipe: z.enum([...RECIPES, ...NAIVE_RECIPES]).nullable(),
    recipeClients: z.int().min(0).max(CLIENTS_MAX),
  }),
  faults: z.array(fault).max(1000),
  bug: z.enum(bugIds() as [string, ...string[]]).nullable(),
};

export const planSchema: z.ZodType<Plan> = z.strictObject(planShape);

/** What whoever generates a plan may choose. */
export const optionsSchema: z.ZodType<unknown> = z.looseObject({
  servers: planShape.servers.optional(),
  observers: planShape.observers.optional(),
  clients: planShape.clients.optional(),
  durationMicros: planShape.durationMicros.optional(),
});

function isFields(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
