import type { Fault } from '../../src/faults/fault.ts';
import type { Plan } from '../../src/scenario/plan.ts';
import { at, type Observed, observe, quietPlan, SECOND, type SeenEvent } from './plans.ts';

const QUIET = quietPlan({ servers: 5, durationMicros: 30 * SECOND });

/** Five servers, of which 5 leads; two clients, who take their time. */
export const FIVE: Plan = {
  ...QUIET,
  workload: { ...QUIET.workload, thinkMinMicros: 100_000, thinkMaxMicros: 300_000 },
};

/** The plan, with this to go wrong. */
export function struck(faults: readonly Fault[], plan: Plan = FIVE): Observed {
  return observe({ ...plan, faults });
}

/** When processes of servers were ended, and whose: `3 at 10`, in seconds. */
export function endsOf({ events }: Observed): string[] {
  return events
    .filter(({ name }) => name === 'processEnded')
    .map(({ host, at }) => `${host} at ${at / SECOND}`);
}

/** What has happened before the first process ended. */
export function upToEnd({ events }: Observed): SeenEvent[] {
  const end = events.findIndex(({ name }) => name === 'processEnded');
  return events.slice(0, end < 0 ? events.length : end);
}

/** At so many seconds. */
export function crash(
  server: number | 'leader' | 'follower',
  seconds: number,
  forMicros: number = SECOND,
): Fault {
  return { kind: 'crash', server, forMicros, when: at(seconds) };
}

/** Of whoever the event happened to, at the event. */
export function crashItself(when: Fault['when']): Fault {
  return { kind: 'crash', server: 'itself', forMicros: SECOND, when };
}
