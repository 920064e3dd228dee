import type { Bug } from './bug.ts';

/**
 * A learner logs what it had missed and serves without having applied it, as when that is left to
 * another thread: ZOOKEEPER-3023.
 */
export const historyNotApplied: Bug = {
  id: 'history-not-applied',
  summary: 'a learner serves before the history of its epoch is applied',
  breaks: ['serve-complete', 'agreement', 'prefix-consistency'],
  rules: (correct) => ({ ...correct, newLeaderSteps: ['S', 'L', 'F', 'E', 'A'] }),
};
