import type { Bug } from './bug.ts';

/**
 * The highest id wins whatever its history. A leader that lags is turned down by followers that
 * are ahead of it, again and again.
 */
export const electById: Bug = {
  id: 'elect-by-id',
  summary: 'votes are compared by server id alone',
  breaks: ['leader', 'convergence', 'answers'],
  rules: (correct) => ({ ...correct, isBetter: (a, b) => a.leader > b.leader }),
};
