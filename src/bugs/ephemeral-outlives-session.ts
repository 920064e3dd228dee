import type { Bug } from './bug.ts';

/**
 * A create that arrives while its session is being ended is carried out behind the end, and the
 * node stays for ever. ZOOKEEPER-1208.
 */
export const ephemeralOutlivesSession: Bug = {
  id: 'ephemeral-outlives-session',
  summary: 'requests of a session that is being closed are still carried out',
  breaks: ['ephemerals'],
  rules: (correct) => ({ ...correct, refusesClosingSessions: false }),
};
