import type { Bug } from './bug.ts';

/**
 * Learners serve in an epoch and do not write it to their disk, which ZooKeeper once put off until
 * UPTODATE: ZOOKEEPER-1282.
 */
export const currentEpochNotWritten: Bug = {
  id: 'current-epoch-not-written',
  summary: 'learners serve in an epoch that they have not written to their disk',
  breaks: ['legal-states', 'history-in-epoch', 'epochs-rise'],
  rules: (correct) => ({ ...correct, newLeaderSteps: ['S', 'L', 'F', 'T', 'A'] }),
};
