import type { Bug } from './bug.ts';

/**
 * A transaction is committed as soon as a quorum has acknowledged it, though one before it is not
 * yet. TCP brings acknowledgements in order and hides this; datagrams do not.
 */
export const commitOutOfOrder: Bug = {
  id: 'commit-out-of-order',
  summary: 'a transaction is committed before the one that precedes it',
  breaks: ['primary-order', 'recoverability', 'local-primary-order'],
  rules: (correct) => ({ ...correct, commitsInOrder: false }),
};
