import type { Bug } from './bug.ts';

/**
 * A server starts in the epoch that it has promised last. It may have none of that epoch's history,
 * and wins over those that have more of the one before.
 */
export const currentEpochFromAccepted: Bug = {
  id: 'current-epoch-from-accepted',
  summary: 'a server starts in the epoch that it has promised, without its history',
  breaks: ['recoverability', 'committed-log-durability', 'committed-never-lost'],
  rules: (correct) => ({
    ...correct,
    recoverCurrentEpoch: (_current, _lastEpoch, accepted) => accepted,
  }),
};
