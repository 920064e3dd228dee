import type { Bug } from './bug.ts';

/**
 * A returning server keeps the proposals that only it has, and gets the rest appended: its history
 * holds what nobody committed. ZOOKEEPER-1154.
 */
export const skipTrunc: Bug = {
  id: 'skip-trunc',
  summary: "a returning leader's uncommitted proposals are not cut off",
  breaks: [
    'recoverability',
    'log-consistency',
    'process-consistency',
    'agreement',
    'serve-complete',
    'equal-digests',
    'channel-order',
  ],
  rules: (correct) => ({ ...correct, cutsUnknownTail: false }),
};
