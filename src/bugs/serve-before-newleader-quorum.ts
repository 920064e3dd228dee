import type { Bug } from './bug.ts';

/**
 * A leader serves as soon as it has its epoch on disk. What it alone has it shows to clients, and
 * the next leader may never have heard of that.
 */
export const serveBeforeNewleaderQuorum: Bug = {
  id: 'serve-before-newleader-quorum',
  summary: 'a new leader serves before a quorum has its history',
  breaks: ['recoverability', 'committed-never-lost'],
  rules: (correct) => ({ ...correct, awaitsHistoryQuorum: false }),
};
