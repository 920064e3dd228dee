import { expect } from 'vitest';
import { type Observed, SECOND } from '../../../support/plans.ts';
import { after, type Effect, LASTS, lasting, meanMicros, OVER, STRUCK } from './effect.ts';

const KILLED = 0;
const LOST_POWER = 1;

/** When the processes of a host end and how, and when they are started again. */
function livesOf(
  seen: Observed,
  host: number,
): { ends: number[]; how: number[]; starts: number[] } {
  const ends = after(seen, host, 'processEnded');
  return {
    ends: ends.map(({ at }) => at),
    how: ends.map(({ value }) => value),
    starts: after(seen, host, 'processStarted').map(({ at }) => at),
  };
}

/** The followers look for another leader so long after the strike. */
function noticedAfter(seen: Observed): number {
  return Math.min(...[1, 2].map((host) => after(seen, host, 'looking')[0]?.at ?? 0)) - STRUCK;
}

/** How often messages of a host are sent, or are handled by it, while the fault lasts. */
function traffic({ sent, received }: Observed, host: number): { sent: number; received: number } {
  return {
    sent: sent.filter((message) => message.from === host && lasting(message)).length,
    received: received.filter((message) => message.to === host && lasting(message)).length,
  };
}

type Kind =
  | 'crash'
  | 'powerOff'
  | 'tornTail'
  | 'powerLoss'
  | 'allRestart'
  | 'rollingRestart'
  | 'pause'
  | 'slowThreads';

export const PROCESSES: Readonly<Record<Kind, Effect>> = {
  crash: {
    claim: 'kills the process, of which others hear at once, and starts another later',
    fault: { kind: 'crash', server: 3, ...LASTS },
    shows: (seen) => {
      expect(livesOf(seen, 3)).toEqual({ ends: [STRUCK], how: [KILLED], starts: [OVER] });
      expect(livesOf(seen, 2).ends).toEqual([]);
      expect(noticedAfter(seen)).toBeLessThan(100_000);
    },
  },
  powerOff: {
    claim: 'takes the power from the host, of which others hear only when they wait in vain',
    fault: { kind: 'powerOff', server: 3, ...LASTS },
    shows: (seen) => {
      expect(livesOf(seen, 3)).toEqual({ ends: [STRUCK], how: [LOST_POWER], starts: [OVER] });
      expect(livesOf(seen, 2).ends).toEqual([]);
      expect(noticedAfter(seen)).toBeGreaterThan(500_000);
    },
  },
  tornTail: {
    claim: 'leaves half a record at the end of the log, which the next process cuts off',
    fault: { kind: 'tornTail', server: 'itself', ...LASTS },
    when: { on: 'appended', server: 2, nth: 50 },
    shows: (seen) => {
      const names = ['appended', 'processEnded', 'tornTail', 'processStarted', 'tornTailCut'];
      const own = seen.events.filter(({ host, name }) => host === 2 && names.includes(name));
      const strike = own.findIndex(({ name }) => name === 'processEnded');
      expect(own.slice(strike - 1, strike + 4).map(({ name }) => name)).toEqual(names);
      expect(own[strike]?.value).toBe(LOST_POWER);
    },
  },
  powerLoss: {
    claim: 'takes the power from all servers at once',
    fault: { kind: 'powerLoss', ...LASTS },
    shows: (seen) => {
      for (const host of [1, 2, 3]) {
        expect(livesOf(seen, host)).toEqual({ ends: [STRUCK], how: [LOST_POWER], starts: [OVER] });
      }
      expect(livesOf(seen, 4).ends).toEqual([]);
    },
  },
  allRestart: {
    claim: 'kills the processes of all servers at once',
    fault: { kind: 'allRestart', ...LASTS },
    shows: (seen) => {
      for (const host of [1, 2, 3]) {
        expect(livesOf(seen, host)).toEqual({ ends: [STRUCK], how: [KILLED], starts: [OVER] });
      }
      expect(livesOf(seen, 4).ends).toEqual([]);
    },
  },
  rollingRestart: {
    claim: 'restarts one server after the other, with a gap between them',
    fault: { kind: 'rollingRestart', forMicros: SECOND / 2, gapMicros: SECOND },
    shows: (seen) => {
      for (const host of [1, 2, 3]) {
        const end = STRUCK + (host - 1) * 1.5 * SECOND;
        const lives = { ends: [end], how: [KILLED], starts: [end + SECOND / 2] };
        expect(livesOf(seen, host)).toEqual(lives);
      }
    },
  },
  pause: {
    claim: 'makes the process stand still, which sends and handles nothing, and go on',
    fault: { kind: 'pause', server: 2, ...LASTS },
    shows: (seen) => {
      expect(after(seen, 2, 'paused').map(({ at }) => at)).toEqual([STRUCK]);
      expect(after(seen, 2, 'resumed').map(({ at }) => at)).toEqual([OVER]);
      expect(traffic(seen, 2)).toEqual({ sent: 0, received: 0 });
      expect(traffic(seen, 1).sent).toBeGreaterThan(0);
      expect(livesOf(seen, 2).ends).toEqual([]);
    },
  },
  slowThreads: {
    claim:
      'makes threads wait for the processor: what is committed is applied a thousand times as late',
    fault: { kind: 'slowThreads', server: 3, factor: 1000, ...LASTS },
    shows: (seen, without) => {
      const apply = ['committed', 'delivered'] as const;
      const usual = meanMicros(without(), 3, apply, lasting);
      expect(meanMicros(seen, 3, apply, lasting)).toBeGreaterThan(500 * usual);
      expect(meanMicros(seen, 3, apply, ({ at }) => at > OVER + SECOND)).toBeLessThan(2 * usual);
    },
  },
};
