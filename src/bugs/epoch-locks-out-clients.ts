import type { Bug } from './bug.ts';

/**
 * Clients of a new leader are told that they have seen `e:0`, and its followers, which do not know
 * of the epoch before its first transaction, turn them away.
 */
export const epochLocksOutClients: Bug = {
  id: 'epoch-locks-out-clients',
  summary: 'followers turn away who has read from a new leader',
  breaks: ['turned-away', 'linearizability'],
  rules: (correct) => ({ ...correct, answersNameTxns: false }),
};
