import type { Bug } from './bug.ts';

/**
 * Reads are answered at once, whatever their session has asked for before: they do not show it, and
 * their answers come before it is their turn.
 */
export const readsOvertakeWrites: Bug = {
  id: 'reads-overtake-writes',
  summary: 'reads are answered before the writes that their session asked for first',
  breaks: ['fifo-client-order'],
  rules: (correct) => ({ ...correct, readsWaitForWrites: false }),
};
