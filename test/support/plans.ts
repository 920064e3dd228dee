import { eventName } from '../../src/faults/event-names.ts';
import type { Fault } from '../../src/faults/fault.ts';
import { generate, type PlanOptions } from '../../src/scenario/generate.ts';
import type { Plan } from '../../src/scenario/plan.ts';
import { type Run, run } from '../../src/scenario/run.ts';
import { OPERATION_KINDS, type OperationKind } from '../../src/workload/settings.ts';
import { DEFAULT_TIMING } from '../../src/zab/config.ts';

export const SECOND = 1_000_000;

/** An ensemble on a good day: perfect clocks, quick links and disks, a few clients, no faults. */
export function quietPlan(options: PlanOptions = {}): Plan {
  const drawn = generate('quiet', { servers: 3, observers: 0, clients: 2, ...options });
  return {
    ...drawn,
    faults: [],
    timing: { ...DEFAULT_TIMING, tickTimeMs: 200, electionPollMaxMs: 1600 },
    network: {
      transport: 'stream',
      latency: { minMicros: 500, maxMicros: 1500, tailRatePpm: 0, tailMicros: 0 },
      bytesPerSecond: 0,
    },
    disk: { syncMinMicros: 100, syncMaxMicros: 500 },
    threads: { minMicros: 5, maxMicros: 20 },
    startsMicros: drawn.startsMicros.map((_, index) => index * 10_000),
    clocks: drawn.clocks.map(() => ({ driftPpm: 0, offsetMicros: 0 })),
    workload: {
      ...drawn.workload,
      sessionTimeoutMs: 2000,
      pipelineDepth: 1,
      thinkMinMicros: 20_000,
      thinkMaxMicros: 60_000,
      weights: weightsOf({ read: 2, write: 3 }),
    },
  };
}

/** Clients that do only this. */
export function weightsOf(
  weights: Partial<Record<OperationKind, number>>,
): Record<OperationKind, number> {
  const all = Object.fromEntries(OPERATION_KINDS.map((kind) => [kind, 0]));
  return { ...all, ...weights } as Record<OperationKind, number>;
}

export interface SeenEvent {
  readonly at: number;
  readonly host: number;
  readonly name: string;
  readonly value: number;
  readonly peer: number;
}

/** A run with everything that happened in it. */
export function observe(plan: Plan): { readonly result: Run; readonly events: SeenEvent[] } {
  const events: SeenEvent[] = [];
  let clock = { now: 0, eventCount: 0 };
  const result = run(plan, {
    begin: (given) => {
      clock = given;
    },
    observe: (host, kind, value, peer) => {
      events.push({ at: clock.now, host, name: eventName(kind), value, peer });
    },
    sent: () => {},
    received: () => {},
  });
  return { result, events };
}

/** What a failed expectation should show first. */
export function story({ violations, digest, stats }: Run): string {
  return JSON.stringify({ violations, digest, leaders: stats.leaders });
}

/** A fault's time. */
export function at(seconds: number): Fault['when'] {
  return { atMicros: Math.round(seconds * SECOND) };
}
