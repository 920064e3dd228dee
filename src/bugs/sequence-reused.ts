import type { Bug } from './bug.ts';

/**
 * Sequence numbers count the children that there are, not those that there ever were: after a
 * deletion a number comes again.
 */
export const sequenceReused: Bug = {
  id: 'sequence-reused',
  summary: 'sequence numbers are taken from the number of children',
  breaks: ['zxid-order', 'linearizability'],
  rules: (correct) => ({ ...correct, sequenceNumber: ({ childCount }) => childCount }),
};
