import type { Bug } from './bug.ts';

/**
 * NEWLEADER is acknowledged while the history it stands for is still on its way to the disk. A
 * quorum of such acknowledgements commits what a loss of power then takes. ZOOKEEPER-4646.
 */
export const zookeeper4646: Bug = {
  id: 'zookeeper-4646',
  summary: 'NEWLEADER is acknowledged before the synchronised history is durable',
  breaks: ['committed-never-lost', 'acknowledged-is-durable'],
  rules: (correct) => ({ ...correct, newLeaderSteps: ['S', 'L', 'T', 'E', 'A'] }),
};
