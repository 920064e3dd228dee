import { expect } from 'vitest';
import type { Transaction } from '../../../../src/keeper/transaction.ts';
import { type Observed, SECOND, type SeenEvent } from '../../../support/plans.ts';
import { type Effect, LASTS, OVER, STRUCK } from './effect.ts';

/** How far the clock of whoever proposes is ahead of simulated time, in milliseconds. */
function leads({ events }: Observed, isIn: (event: SeenEvent) => boolean): number[] {
  const proposed = events.filter((event) => event.name === 'proposed' && isIn(event));
  // Whatever is proposed is a transaction of the service.
  return proposed.map(({ at, subject }) => (subject as Transaction).time - at / 1000);
}

type Kind = 'clockJump' | 'clockDrift';

export const CLOCKS: Readonly<Record<Kind, Effect>> = {
  clockJump: {
    claim: 'sets the wall clock of a server forward or back, once and for all',
    fault: { kind: 'clockJump', server: 3, byMicros: -3600 * SECOND },
    shows: (seen) => {
      const before = leads(seen, ({ at }) => at < STRUCK);
      const later = leads(seen, ({ at }) => at > STRUCK);
      expect(before.length).toBeGreaterThan(10);
      expect(later.length).toBeGreaterThan(10);
      for (const ms of before) expect(Math.abs(ms)).toBeLessThan(1);
      for (const ms of later) expect(Math.abs(ms + 3_600_000)).toBeLessThan(1);
    },
  },
  clockDrift: {
    claim: 'makes the clocks of a server run faster or slower as long as it lasts',
    fault: { kind: 'clockDrift', server: 3, driftPpm: 500_000, ...LASTS },
    shows: (seen) => {
      const gained = (OVER - STRUCK) / 2000;
      const during = leads(seen, ({ at }) => at > OVER - SECOND && at < OVER);
      const later = leads(seen, ({ at }) => at > OVER);
      expect(during.length).toBeGreaterThan(10);
      expect(later.length).toBeGreaterThan(10);
      for (const ms of during) expect(ms).toBeGreaterThan(gained - 501);
      for (const ms of later) expect(Math.abs(ms - gained)).toBeLessThan(1);
    },
  },
};
