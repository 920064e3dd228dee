import { findBug } from '../bugs/catalogue.ts';
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
import { type Cast, drawFaults, drawHunt } from './draw-faults.ts';
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
    faults: [
      ...drawFaults(new RandomStream(name, 'plan/faults'), cast),
      ...drawHunt(new RandomStream(name, 'plan/hunt'), cast),
    ],
    bug: options.bug ?? null,
  };
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
    tailRatePpm: random.pick([0, 1000, 20_000]),
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
