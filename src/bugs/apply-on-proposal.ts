import type { Bug } from './bug.ts';

/**
 * A learner applies what is proposed to it without waiting for COMMIT. Its clients see what is not
 * committed, and may never be.
 */
export const applyOnProposal: Bug = {
  id: 'apply-on-proposal',
  summary: 'a learner applies a proposal before it is committed',
  breaks: ['agreement', 'prefix-consistency'],
  rules: (correct) => ({ ...correct, applies: 'when-proposed' }),
};
