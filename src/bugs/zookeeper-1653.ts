import type { Bug } from './bug.ts';

/**
 * A crash between the history of an epoch and the file that says so leaves a server that never
 * starts again. ZOOKEEPER-1653, ZOOKEEPER-2354.
 */
export const zookeeper1653: Bug = {
  id: 'zookeeper-1653',
  summary: 'a server refuses to start when its history is of a later epoch than its epoch file',
  breaks: ['leader', 'convergence'],
  rules: (correct) => ({
    ...correct,
    recoverCurrentEpoch: (current, lastEpoch) => (lastEpoch <= current ? current : null),
  }),
};
