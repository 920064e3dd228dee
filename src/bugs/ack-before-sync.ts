import type { Bug } from './bug.ts';

/**
 * A proposal is acknowledged when it arrives. A quorum that loses its power loses a transaction
 * that it has let the leader commit.
 */
export const ackBeforeSync: Bug = {
  id: 'ack-before-sync',
  summary: 'a server acknowledges a proposal before its log is synced',
  breaks: ['recoverability', 'committed-never-lost', 'acknowledged-is-durable'],
  rules: (correct) => ({ ...correct, acknowledges: 'when-received' }),
};
