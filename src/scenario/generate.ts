import { findBug } from '../bugs/catalogue.ts';
import {
  FAULT_KINDS,
  type Fault,
  type FaultAction,
  type FaultKind,
  PARTITION_SHAPES,
  type Partition,
  type When,
} from '../faults/fault.ts';
import { RandomStream } from '../kernel/random.ts';
import {
  OPERATION_KINDS,
  type OperationKind,
  RECIPES,
  REGISTER_KINDS,
  type WorkloadSettings,
} from '../workload/settings.ts';
import { DEFAULT_TIMING } from '../zab/config.ts';
import { COUNTER_MAX } from '../zab/zxid.ts';
import { checkOptions, type Plan } from './plan.ts';
import { canonicalSeed } from './seed.ts';

/** What a generated plan is to be like; what is left out is drawn, or the default. */
export interface PlanOptions {
  /** Default 5. */
  readonly servers?: number;
  /** Default: none, one or two. */
  readonly observers?: number;
  /** Default: 3 to 6. */
  readonly clients?: number;
  /** Default: a minute. */
  readonly durationMicros?: number;
  readonly bug?: string | null;
}

const SECOND = 1_000_000;
const MS = 1000;

/**
 * Draws a plan from a seed.
 *
 * Every seed turns on another part of the faults and of the clients' operations, at rates of its
 * own ("swarm testing"), so that what is rare together in an average run is common in some. What
 * is drawn stays within what ZAB promises to survive, and ends with a heal.
 *
 * @param seed any text or number; `42` and `0x2a` are the same
 * @throws {@link InputError} if an option is out of range
 */
export function generate(seed: string | number, options: PlanOptions = {}): Plan {
  checkOptions(options);
  const name = canonicalSeed(String(seed));
  const shape = new RandomStream(name, 'plan/shape');
  const servers = options.servers ?? 5;
  const observers = options.observers ?? shape.pick([0, 0, 0, 1, 2]);
  const clients = options.clients ?? shape.between(3, 6);
  const durationMicros = options.durationMicros ?? 60 * SECOND;
  const healAtMicros = Math.max(1, Math.floor(durationMicros * 0.6));
  const cast: Cast = { servers, observers, clients, healAtMicros };
  return {
    version: 1,
    seed: name,
    servers,
    observers,
    clients,
    durationMicros,
    healAtMicros,
    timing: drawTiming(new RandomStream(name, 'plan/timing')),
    network: drawNetwork(new RandomStream(name, 'plan/network')),
    disk: drawDisk(new RandomStream(name, 'plan/disk')),
    threads: { minMicros: 5, maxMicros: shape.pick([20, 50, 200]) },
    startsMicros: drawStarts(new RandomStream(name, 'plan/starts'), servers + observers),
    clocks: drawClocks(new RandomStream(name, 'plan/clocks'), servers + observers),
    workload: {
      ...drawWorkload(new RandomStream(name, 'plan/workload')),
      ...drawRecipe(new RandomStream(name, 'plan/recipe'), clients, options.bug ?? null),
    },
    faults: drawFaults(new RandomStream(name, 'plan/faults'), cast),
    bug: options.bug ?? null,
  };
}

/** Who takes part, for faults to strike. */
interface Cast {
  readonly servers: number;
  readonly observers: number;
  readonly clients: number;
  readonly healAtMicros: number;
}

/** Short ticks, so that a minute holds many elections, and short histories, for every sync mode. */
function drawTiming(random: RandomStream): Plan['timing'] {
  return {
    ...DEFAULT_TIMING,
    tickTimeMs: random.pick([100, 200, 200, 500]),
    initLimit: random.between(4, 8),
    syncLimit: random.between(2, 4),
    electionPollMaxMs: random.pick([800, 1600]),
    finalizeWaitMs: random.pick([50, 200, 200]),
    connectTimeoutMs: random.pick([500, 2000]),
    commitLogCount: random.pick([2, 10, 50, 500]),
    snapCount: random.pick([10, 40, 200, 100_000]),
    snapshotSizePpm: random.pick([330_000, 1_000_000, 10_000_000]),
    preAllocBytes: random.pick([0, 0, DEFAULT_TIMING.preAllocBytes]),
    counterStart: random.chance(150_000) ? COUNTER_MAX - drawEpochLength(random) : 0,
  };
}

/**
 * How many transactions an epoch has room for when rollover is near. Every election costs some for
 * the clients' sessions; with fewer than that the ensemble would do nothing but elect.
 */
function drawEpochLength(random: RandomStream): number {
  return random.between(150, 600);
}

function drawNetwork(random: RandomStream): Plan['network'] {
  const latency = drawLatency(random);
  const bytesPerSecond = random.pick([0, 0, 125_000_000, 1_250_000]);
  return { transport: 'stream', latency, bytesPerSecond };
}

function drawLatency(random: RandomStream): Plan['network']['latency'] {
  const minMicros = random.pick([100, 200, 500, 1 * MS]);
  return {
    minMicros,
    maxMicros: minMicros * random.pick([2, 5, 10]),
    tailPpm: random.pick([0, 1000, 20_000]),
    tailMicros: random.between(5 * MS, 100 * MS),
  };
}

function drawDisk(random: RandomStream): Plan['disk'] {
  const syncMinMicros = random.pick([50, 200, 1 * MS]);
  return { syncMinMicros, syncMaxMicros: syncMinMicros * random.pick([2, 5, 20]) };
}

/** Mostly all at once, as after a power cut; else one by one. */
function drawStarts(random: RandomStream, count: number): number[] {
  const maxMicros = random.pick([500 * MS, 500 * MS, 10 * SECOND]);
  return Array.from({ length: count }, () => random.below(maxMicros));
}

function drawClocks(random: RandomStream, count: number): Plan['clocks'] {
  const driftMax = random.pick([0, 0, 100, 10_000, 50_000]);
  const offsetMax = random.pick([0, 500 * MS, 60 * SECOND]);
  return Array.from({ length: count }, () => ({
    driftPpm: random.between(-driftMax, driftMax),
    offsetMicros: random.between(-offsetMax, offsetMax),
  }));
}

/** In some runs a few clients follow a recipe, and the others go on beside them. */
function drawRecipe(
  random: RandomStream,
  clients: number,
  bug: string | null,
): Pick<WorkloadSettings, 'recipe' | 'recipeClients'> {
  const mistaken = bug === null ? undefined : findBug(bug)?.recipe;
  if (mistaken !== undefined) return { recipe: mistaken, recipeClients: clients };
  if (clients < 2 || random.chance(NO_RECIPE_PPM)) return { recipe: null, recipeClients: 0 };
  return { recipe: random.pick(RECIPES), recipeClients: random.between(2, clients) };
}

const NO_RECIPE_PPM = 500_000;

/** How often clients deal with registers alone, which puts the most on few nodes. */
const REGISTERS_ONLY_PPM = 300_000;

/** Reads and writes always; of the rest a part. */
function drawWorkload(random: RandomStream): Omit<WorkloadSettings, 'recipe' | 'recipeClients'> {
  const kinds = random.chance(REGISTERS_ONLY_PPM) ? REGISTER_KINDS : OPERATION_KINDS;
  const weights = Object.fromEntries(
    OPERATION_KINDS.map((kind) => {
      const isDrawn = random.chance(600_000) && kinds.includes(kind);
      return [kind, isDrawn ? random.between(1, 10) : 0];
    }),
  ) as Record<OperationKind, number>;
  weights.read = random.between(5, 20);
  weights.write = random.between(5, 20);
  weights.endSession = Math.min(weights.endSession, 1);
  weights.authenticate = Math.min(weights.authenticate, 1);
  const thinkMaxMicros = random.pick([150, 400, 1000]) * MS;
  return {
    sessionTimeoutMs: random.pick([1000, 2000, 4000]),
    pipelineDepth: random.pick([1, 1, 2, 8]),
    thinkMinMicros: Math.floor(thinkMaxMicros / 10),
    thinkMaxMicros,
    keyCount: random.between(1, 5),
    valueBytes: random.pick([0, 0, 100]),
    weights,
  };
}

/** Events at which a crash or a cut is worth most; see the protocol's crash points. */
const TRIGGERS = [
  'acceptedEpochWritten',
  'leaderInfoSent',
  'ackEpochSent',
  'ackEpochQuorum',
  'currentEpochWritten',
  'diffReceived',
  'truncReceived',
  'truncated',
  'snapReceived',
  'snapshotInstalled',
  'historySynced',
  'newLeaderSent',
  'newLeaderAcked',
  'established',
  'upToDateSent',
  'upToDate',
  'proposed',
  'appended',
  'logSynced',
  'acked',
  'committed',
  'delivered',
  'snapshotBegun',
  'snapshotSaved',
  'elected',
  'looking',
];

/** How often one of these comes in a run, roughly, so that the n-th is not out of reach. */
const RARE_COUNT_MAX = 4;
const FREQUENT_COUNT_MAX = 200;
const FREQUENT = new Set(['proposed', 'appended', 'logSynced', 'acked', 'committed', 'delivered']);

/** Some runs are left in peace: what holds under faults must hold without them too. */
const QUIET_PPM = 20_000;

function drawFaults(random: RandomStream, cast: Cast): Fault[] {
  if (random.chance(QUIET_PPM)) return [];
  const drawn = FAULT_KINDS.filter(() => random.chance(450_000));
  const kinds = drawn.filter((kind) => isPossible(kind, cast));
  if (kinds.length === 0) return [];
  const count = random.between(1, random.pick([4, 10, 20]));
  const faults: Fault[] = [];
  for (let n = 0; n < count; n++) {
    const when = drawWhen(random, cast);
    faults.push({ ...drawAction(random, cast, random.pick(kinds)), when });
  }
  return faults;
}

/** Whether there is anybody for a fault to strike. */
function isPossible(kind: FaultKind, { servers, observers, clients }: Cast): boolean {
  if (kind === 'pauseClient' || kind === 'clientCut') return clients > 0;
  if (kind === 'partition' || kind === 'flappingLink') return servers + observers > 1;
  return true;
}

function drawWhen(random: RandomStream, cast: Cast): When {
  if (random.chance(600_000)) return { at: random.between(0, cast.healAtMicros - 1) };
  const on = random.pick(TRIGGERS);
  const nth = random.between(1, FREQUENT.has(on) ? FREQUENT_COUNT_MAX : RARE_COUNT_MAX);
  return { on, server: random.chance(500_000) ? 0 : anyServer(random, cast), nth };
}

function drawAction(random: RandomStream, cast: Cast, kind: FaultKind): FaultAction {
  const server = anyServer(random, cast);
  const forMicros = random.between(10 * MS, random.pick([1, 5, 15]) * SECOND);
  switch (kind) {
    case 'crash':
      return { kind, server, losesPower: random.chance(300_000), forMicros };
    case 'powerLoss':
      return { kind, forMicros };
    case 'rollingRestart':
      return { kind, forMicros: Math.min(forMicros, SECOND), gapMicros: drawGap(random) };
    case 'crashLoop': {
      const upMicros = drawGap(random);
      return { kind, server, times: random.between(2, 6), upMicros, forMicros: 200 * MS };
    }
    case 'pause':
      return { kind, server, forMicros };
    case 'pauseClient':
      return { kind, client: random.between(1, cast.clients), forMicros };
    case 'partition':
      return { kind, cut: drawPartition(random, cast), forMicros };
    case 'flappingLink': {
      const [a = 1, b = 1] = random.shuffle(serversOf(cast));
      const times = random.between(2, 10);
      return { kind, a, b, times, upMicros: drawGap(random), forMicros: drawGap(random) };
    }
    case 'clientCut':
      return { kind, ...drawClientCut(random, cast), forMicros };
    default:
      return drawOther(random, server, kind, forMicros);
  }
}

function drawOther(
  random: RandomStream,
  server: number,
  kind: FaultKind,
  forMicros: number,
): FaultAction {
  switch (kind) {
    case 'packets':
      return { kind, ...drawPacketFaults(random), forMicros };
    case 'slowDisk':
      return { kind, server, factor: random.pick([10, 50, 200]), forMicros };
    case 'stalledDisk':
      return { kind, server, forMicros };
    case 'failingDisk':
      return { kind, server, logOnly: random.chance(500_000), forMicros };
    case 'slowThreads':
      return { kind, server, factor: random.pick([10, 100, 1000]), forMicros };
    case 'clockJump':
      return { kind, server, byMicros: random.between(-10 * SECOND, 10 * SECOND) };
    default:
      return { kind: 'reset', server, peer: null };
  }
}

/** Some of the afflictions of packets, each at a rate of its own. */
function drawPacketFaults(random: RandomStream): Omit<PacketAction, 'kind' | 'forMicros'> {
  const rate = (): number => (random.chance(500_000) ? random.pick([1000, 20_000, 200_000]) : 0);
  return {
    clients: random.chance(500_000),
    lossPpm: rate(),
    corruptPpm: rate(),
    duplicatePpm: rate(),
    reorderPpm: rate(),
    delayPpm: rate(),
    delayMicros: random.pick([5, 50, 500]) * MS,
  };
}

type PacketAction = Extract<FaultAction, { readonly kind: 'packets' }>;

function drawPartition(random: RandomStream, cast: Cast): Partition {
  const servers = random.shuffle(serversOf(cast));
  const [first = 1] = servers;
  const side = servers.slice(0, random.between(1, Math.max(1, servers.length - 1)));
  const shape = random.pick(PARTITION_SHAPES);
  if (shape === 'split' || shape === 'oneWay') return { shape, side };
  if (shape === 'bridge' && servers.length > 2) {
    const sides = servers.slice(1);
    return { shape, bridge: first, side: sides.slice(0, Math.ceil(sides.length / 2)) };
  }
  const voters = servers.filter((server) => server <= cast.servers);
  if (shape === 'ring' && voters.length > 3) return { shape, order: voters };
  return { shape: 'isolate', server: first };
}

function drawClientCut(
  random: RandomStream,
  cast: Cast,
): { clients: readonly number[]; servers: readonly number[] } {
  const clients = random.shuffle(Array.from({ length: cast.clients }, (_, n) => n + 1));
  const servers = random.shuffle(serversOf(cast));
  return {
    clients: clients.slice(0, random.between(1, clients.length)),
    servers: servers.slice(0, random.between(1, servers.length)),
  };
}

function drawGap(random: RandomStream): number {
  return random.between(50 * MS, 3 * SECOND);
}

function anyServer(random: RandomStream, cast: Cast): number {
  return random.between(1, cast.servers + cast.observers);
}

function serversOf(cast: Cast): number[] {
  return Array.from({ length: cast.servers + cast.observers }, (_, n) => n + 1);
}
