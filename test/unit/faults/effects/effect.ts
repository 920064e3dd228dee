import type { Fault, FaultAction } from '../../../../src/faults/fault.ts';
import type { Plan } from '../../../../src/scenario/plan.ts';
import { at, type Observed, quietPlan, SECOND, type SeenEvent } from '../../../support/plans.ts';

/** What one kind of fault does, and a run that shows it. */
export interface Effect {
  readonly claim: string;
  readonly fault: FaultAction;
  /** Default: at {@link STRIKE} seconds. */
  readonly when?: Fault['when'];
  /** What goes wrong beside it. */
  readonly more?: readonly Fault[];
  /** Default: {@link THREE}. */
  readonly plan?: Plan;
  /** Default: nothing. */
  readonly violates?: string;
  /** @param without the same run without the fault */
  shows(seen: Observed, without: () => Observed): void;
}

/** When a fault strikes, in seconds, and for how many. */
export const STRIKE = 10;
const LENGTH = 4;

export const STRUCK: number = STRIKE * SECOND;
export const OVER: number = (STRIKE + LENGTH) * SECOND;
export const LASTS: { readonly forMicros: number } = { forMicros: LENGTH * SECOND };
export const NOW: Fault['when'] = at(STRIKE);

/** Server 3 leads. The clients are on hosts 4 and 5. */
export const THREE: Plan = quietPlan({ servers: 3, durationMicros: 30 * SECOND });
/** Server 5 leads. The clients are on hosts 6 and 7. */
export const FIVE: Plan = quietPlan({ servers: 5, durationMicros: 30 * SECOND });

/** The plan with this to go wrong. */
export function planOf({ fault, when = NOW, more = [], plan = THREE }: Effect): Plan {
  return { ...plan, faults: [{ ...fault, when }, ...more] };
}

/** What happens of this name at a host, from the strike on. */
export function after({ events }: Observed, host: number, name: string): SeenEvent[] {
  return events.filter((event) => {
    return event.host === host && event.name === name && event.at >= STRUCK;
  });
}

/** Whether something happens while the fault lasts. */
export function lasting({ at }: { readonly at: number }): boolean {
  return at > STRUCK && at < OVER;
}

export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/**
 * How long a transaction takes at a host from one event to another, on average, in microseconds.
 *
 * @param isIn which of the first events count
 */
export function meanMicros(
  { events }: Observed,
  host: number,
  [from, to]: readonly [string, string],
  isIn: (event: SeenEvent) => boolean,
): number {
  const own = events.filter((event) => event.host === host);
  const ends = own.filter(({ name }) => name === to);
  const begins = own.filter((event) => event.name === from && isIn(event));
  return mean(
    begins.flatMap((begin) => {
      const end = ends.find(({ at, value }) => at >= begin.at && value >= begin.value);
      return end === undefined ? [] : [end.at - begin.at];
    }),
  );
}

/** How long each message from one host to another is under way, while the fault lasts. */
export function transits(seen: Observed, from: number, to: number, port: string): number[] {
  const isOnIt = (one: { from: number; to: number; port: string }): boolean => {
    return one.from === from && one.to === to && one.port === port;
  };
  const received = seen.received.filter(isOnIt);
  return seen.sent.filter(isOnIt).flatMap((message, index) => {
    const arrival = received[index];
    return arrival === undefined || !lasting(message) ? [] : [arrival.at - message.at];
  });
}
