import type { Bug } from './bug.ts';

/**
 * The leader does not count the sessions that its learners hear from, and ends those of all clients
 * that are not its own when their time-out is over.
 */
export const touchTableIgnored: Bug = {
  id: 'touch-table-ignored',
  summary: 'the leader ends sessions that followers have just heard from',
  breaks: ['session-expiry'],
  rules: (correct) => ({ ...correct, countsTouchTables: false }),
};
