import { expect } from 'vitest';
import type { Observed } from '../../../support/plans.ts';
import { after, type Effect, LASTS, lasting, OVER, STRUCK } from './effect.ts';

/** The host of client 1. */
const CLIENT = 4;

function times(seen: Observed, name: string): number[] {
  return after(seen, CLIENT, name).map(({ at }) => at);
}

/** How many messages the client sends, and how many it handles, while the fault lasts. */
function traffic({ sent, received }: Observed): { sent: number; received: number } {
  return {
    sent: sent.filter((message) => message.from === CLIENT && lasting(message)).length,
    received: received.filter((message) => message.to === CLIENT && lasting(message)).length,
  };
}

/** The leader ends a session, since its client was not heard. */
function expirations(seen: Observed): number {
  return after(seen, 3, 'sessionExpired').length;
}

/** How many operations came to this. */
function outcomes({ result }: Observed, name: string): number {
  return result.stats.operations[name] ?? 0;
}

type Kind = 'crashClient' | 'pauseClient' | 'deafClient';

export const CLIENTS: Readonly<Record<Kind, Effect>> = {
  crashClient: {
    claim: 'kills a client, whose session expires, and starts another later',
    fault: { kind: 'crashClient', client: 1, ...LASTS },
    shows: (seen, without) => {
      expect(times(seen, 'processEnded')).toEqual([STRUCK]);
      expect(times(seen, 'processStarted')).toEqual([OVER]);
      expect(traffic(seen)).toEqual({ sent: 0, received: 0 });
      expect(expirations(seen)).toBe(1);
      expect(expirations(without())).toBe(0);
    },
  },
  pauseClient: {
    claim: 'makes a client stand still for longer than its session lives, and go on',
    fault: { kind: 'pauseClient', client: 1, ...LASTS },
    shows: (seen) => {
      expect(times(seen, 'paused')).toEqual([STRUCK]);
      expect(times(seen, 'resumed')).toEqual([OVER]);
      expect(traffic(seen)).toEqual({ sent: 0, received: 0 });
      expect(expirations(seen)).toBe(1);
      expect(outcomes(seen, 'SESSIONEXPIRED')).toBeGreaterThan(0);
    },
  },
  deafClient: {
    claim: 'makes a client send without reading, so that it takes its server for dead',
    fault: { kind: 'deafClient', client: 1, ...LASTS },
    shows: (seen) => {
      expect(times(seen, 'readingStopped')).toEqual([STRUCK]);
      expect(times(seen, 'readingResumed')).toEqual([OVER]);
      expect(traffic(seen).received).toBe(0);
      expect(traffic(seen).sent).toBeGreaterThan(0);
      expect(outcomes(seen, 'CONNECTIONLOSS')).toBeGreaterThan(0);
    },
  },
};
