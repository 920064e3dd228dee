import { OPERATION_KINDS, type WorkloadSettings } from '../workload/settings.ts';
import { DEFAULT_TIMING } from '../zab/config.ts';
import type { Plan } from './plan.ts';

/** The part of a plan that the rest of it depends on. */
export type Frame = Pick<Plan, 'servers' | 'observers' | 'clients' | 'durationMicros'>;

export const DEFAULT_FRAME: Frame = {
  servers: 5,
  observers: 0,
  clients: 3,
  durationMicros: 30_000_000,
};

/** Of the duration, how much is over when all faults end. */
const FAULTY_PART = 2 / 3;

const NO_WEIGHTS = Object.fromEntries(
  OPERATION_KINDS.map((kind) => [kind, 0]),
) as WorkloadSettings['weights'];

const PERFECT_CLOCK: Plan['clocks'][0] = { driftPpm: 0, offsetMicros: 0 };

/**
 * What holds where a scenario says nothing: an ensemble on a good day. Perfect clocks, quick links
 * and disks, a few clients that read and write, and nothing goes wrong.
 */
export function defaultPlan(frame: Frame): Plan {
  const count = frame.servers + frame.observers;
  return {
    version: 1,
    seed: '1',
    ...frame,
    healAtMicros: Math.floor(frame.durationMicros * FAULTY_PART),
    timing: { ...DEFAULT_TIMING, tickTimeMs: 500, initLimit: 10, syncLimit: 4 },
    network: {
      transport: 'stream',
      latency: { minMicros: 200, maxMicros: 1000, tailRatePpm: 0, tailMicros: 0 },
      bytesPerSecond: 0,
    },
    disk: { syncMinMicros: 200, syncMaxMicros: 1000 },
    threads: { minMicros: 5, maxMicros: 20 },
    startsMicros: new Array<number>(count).fill(0),
    clocks: new Array<Plan['clocks'][0]>(count).fill(PERFECT_CLOCK),
    workload: {
      sessionTimeoutMs: 6000,
      pipelineDepth: 1,
      thinkMinMicros: 20_000,
      thinkMaxMicros: 100_000,
      keyCount: 3,
      valueBytes: 0,
      weights: { ...NO_WEIGHTS, read: 1, write: 1 },
      recipe: null,
      recipeClients: 0,
    },
    faults: [],
    bug: null,
  };
}

/**
 * A plan with what was given put in the place of the defaults, at any depth; what was given may be
 * anything and has still to be checked.
 */
export function withDefaults(given: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const plan = defaultPlan(frameOf(given));
  const workload = completeWorkload(given);
  return merge(plan, { ...given, workload, clocks: completeClocks(given) ?? plan.clocks });
}

function completeClocks({ clocks }: Fields): unknown {
  if (!Array.isArray(clocks)) return clocks;
  return clocks.map((clock: unknown) => (isFields(clock) ? merge(PERFECT_CLOCK, clock) : clock));
}

/** What of the workload depends on the rest of what was given. */
function completeWorkload({ workload, clients = DEFAULT_FRAME.clients }: Fields): unknown {
  if (!isFields(workload)) return workload ?? {};
  const { weights, recipe, recipeClients } = workload;
  const completed = { ...workload };
  // Weights are relative to one another: who names some means these alone.
  if (isFields(weights)) Object.assign(completed, { weights: { ...NO_WEIGHTS, ...weights } });
  if (typeof recipe === 'string' && recipeClients === undefined) {
    Object.assign(completed, { recipeClients: clients });
  }
  return completed;
}

/** Numbers that make no sense are reported later; here they must only do no harm. */
function frameOf(given: Readonly<Record<string, unknown>>): Frame {
  const numberOr = (name: keyof Frame, most: number): number => {
    const value = given[name];
    const isUsable = typeof value === 'number' && value >= 0 && value <= most;
    return isUsable ? Math.floor(value) : DEFAULT_FRAME[name];
  };
  return {
    servers: numberOr('servers', 100),
    observers: numberOr('observers', 100),
    clients: numberOr('clients', 100),
    durationMicros: numberOr('durationMicros', Number.MAX_SAFE_INTEGER),
  };
}

type Fields = Record<string, unknown>;

function merge(base: object, given: object): Fields {
  const merged = new Map<string, unknown>(Object.entries(base));
  for (const [name, value] of Object.entries(given)) {
    const before = merged.get(name);
    merged.set(name, isFields(before) && isFields(value) ? merge(before, value) : value);
  }
  return Object.fromEntries(merged);
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
