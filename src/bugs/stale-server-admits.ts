import type { Bug } from './bug.ts';

/**
 * Every server takes up every client, also one that has seen elsewhere what this server has not yet:
 * the client goes back in time. Mostly it does not, since the session is first asked for at the
 * leader, whose answer comes behind its commits: only a server whose own threads are late shows it.
 */
export const staleServerAdmits: Bug = {
  id: 'stale-server-admits',
  summary: 'servers take up clients that have seen more than they have',
  breaks: ['monotonic-reads'],
  rules: (correct) => ({ ...correct, refusesClientsAhead: false }),
};
