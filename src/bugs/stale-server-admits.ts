import type { Bug } from './bug.ts';

/**
 * Every server takes up every client, also one that has seen elsewhere what this server has not yet:
 * the client goes back in time.
 */
export const staleServerAdmits: Bug = {
  id: 'stale-server-admits',
  summary: 'servers take up clients that have seen more than they have',
  breaks: ['monotonic-reads'],
  rules: (correct) => ({ ...correct, refusesClientsAhead: false }),
};
