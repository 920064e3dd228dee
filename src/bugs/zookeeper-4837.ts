import type { Bug } from './bug.ts';

/**
 * TRUNC cuts the log and leaves the snapshots. One that a server has saved when it took office, with
 * proposals that nobody else has, brings them back. ZOOKEEPER-4837.
 */
export const zookeeper4837: Bug = {
  id: 'zookeeper-4837',
  summary: 'snapshots above the cut survive TRUNC and are loaded again',
  breaks: ['agreement', 'serve-complete'],
  rules: (correct) => ({ ...correct, cutsSnapshots: false }),
};
