import type { Bug } from './bug.ts';

/**
 * A create that arrives when its session is over is carried out all the same, and the node stays
 * for ever. ZOOKEEPER-1208.
 */
export const ephemeralOutlivesSession: Bug = {
  id: 'ephemeral-outlives-session',
  summary: 'requests of a session that is over are still carried out',
  breaks: ['ephemerals'],
  rules: (correct) => ({ ...correct, refusesEndedSessions: false }),
};
