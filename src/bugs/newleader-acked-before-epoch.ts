import type { Bug } from './bug.ts';

/**
 * NEWLEADER is acknowledged before `currentEpoch` is written. A crash in between leaves a server that
 * has the history of an epoch that it is not in, and loses elections that it must win.
 */
export const newleaderAckedBeforeEpoch: Bug = {
  id: 'newleader-acked-before-epoch',
  summary: 'NEWLEADER is acknowledged before the epoch is on disk',
  breaks: ['history-in-epoch'],
  rules: (correct) => ({ ...correct, newLeaderSteps: ['S', 'L', 'F', 'T', 'A', 'E'] }),
};
