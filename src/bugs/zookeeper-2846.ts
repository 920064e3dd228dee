import type { Bug } from './bug.ts';

/**
 * A learner keeps its log when it gets a snapshot: what follows is appended behind a gap, or behind
 * proposals that were never committed. When it leads it sends all that as history. ZOOKEEPER-2846,
 * ZOOKEEPER-2832.
 */
export const zookeeper2846: Bug = {
  id: 'zookeeper-2846',
  summary: 'history is sent from a log that a snapshot has reached over',
  breaks: ['recoverability', 'log-consistency', 'channel-order', 'agreement', 'serve-complete'],
  rules: (correct) => ({ ...correct, snapReplacesLog: false, checksLogForGaps: false }),
};
