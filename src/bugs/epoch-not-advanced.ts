import type { Bug } from './bug.ts';

/**
 * A new leader goes on with the epoch that its quorum has accepted last, and followers promise it
 * again: two leaders share an epoch, and then two transactions a zxid.
 */
export const epochNotAdvanced: Bug = {
  id: 'epoch-not-advanced',
  summary: 'a new leader does not advance the epoch, and its followers accept that',
  breaks: ['live-leadership', 'leadership', 'integrity'],
  rules: (correct) => ({
    ...correct,
    nextEpoch: (accepted) => Math.max(accepted, 1),
    answerEpoch: (proposed, accepted) => (proposed >= accepted ? 'promise' : 'refuse'),
  }),
};
