import type { Bug } from './bug.ts';

/**
 * A follower comes back to the leader that it has left, which cuts its log behind what it has
 * applied itself and sends the rest anew. What the follower had acknowledged before still counts,
 * though for a moment its disk has none of it.
 */
export const ackOutlivesCut: Bug = {
  id: 'ack-outlives-cut',
  summary: 'commits rest on acknowledgements of what was cut off since',
  breaks: ['recoverability', 'committed-log-durability', 'committed-never-lost'],
  rules: (correct) => ({ ...correct, forgetsAcksOfReturned: false }),
};
