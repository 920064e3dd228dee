import type { Bug } from './bug.ts';

/** Every server votes for itself whatever it hears: no quorum ever agrees. */
export const keepOwnVote: Bug = {
  id: 'keep-own-vote',
  summary: 'a better vote is not adopted',
  breaks: ['leader', 'convergence', 'answers'],
  rules: (correct) => ({ ...correct, isBetter: () => false }),
};
