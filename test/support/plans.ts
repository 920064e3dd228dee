import { eventName, packetName } from '../../src/faults/event-names.ts';
import type { Fault } from '../../src/faults/fault.ts';
import { generate, type PlanOptions } from '../../src/scenario/generate.ts';
import type { Plan } from '../../src/scenario/plan.ts';
import { type Run, run } from '../../src/scenario/run.ts';
import { OPERATION_KINDS, type OperationKind } from '../../src/workload/settings.ts';
import type { PacketObserver } from '../../src/world/timeline.ts';
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
  readonly subject: unknown;
}

/** A message between hosts, as it was sent or received. */
export interface SeenMessage {
  readonly at: number;
  readonly from: number;
  readonly to: number;
  readonly port: string;
  /** What a packet between servers is called. */
  readonly packet: string | null;
}

/** A run, and everything that happened in it. */
export interface Observed {
  readonly result: Run;
  readonly events: SeenEvent[];
  readonly sent: SeenMessage[];
  readonly received: SeenMessage[];
}

/** Runs a plan and keeps everything that happens. */
export function observe(plan: Plan): Observed {
  const events: SeenEvent[] = [];
  const sent: SeenMessage[] = [];
  const received: SeenMessage[] = [];
  let clock = { now: 0, eventCount: 0 };
  const keep = (list: SeenMessage[]): PacketObserver['sent'] => {
    return (from, to, port, message) => {
      list.push({ at: clock.now, from, to, port, packet: packetName(port, message) });
    };
  };
  const result = run(plan, {
    begin: (given) => {
      clock = given;
    },
    observe: (host, kind, value, peer, subject) => {
      events.push({ at: clock.now, host, name: eventName(kind), value, peer, subject });
    },
    sent: keep(sent),
    received: keep(received),
  });
  return { result, events, sent, received };
}

/** What a failed expectation should show first. */
export function story({ violations, digest, stats }: Run): string {
  return JSON.stringify({ violations, digest, leaders: stats.leaders });
}

/** A fault's time. */
export function at(seconds: number): Fault['when'] {
  return { atMicros: Math.round(seconds * SECOND) };
}
