import type { Bug } from './bug.ts';

/**
 * A sync at the leader is answered like a read. What others have been told to be done may still wait
 * to be applied here. ZOOKEEPER-1675.
 */
export const zookeeper1675: Bug = {
  id: 'zookeeper-1675',
  summary: "a sync of the leader's own client does not wait for what is committed",
  breaks: ['fresh-sync'],
  rules: (correct) => ({ ...correct, syncWaitsAtLeader: false }),
};
