import type { Bug } from './bug.ts';

/**
 * The leader checks writes against the tree that it has applied, and not against what it has
 * proposed since: of two that exclude each other both succeed.
 */
export const prepareIgnoresOutstanding: Bug = {
  id: 'prepare-ignores-outstanding',
  summary: 'writes are checked without those that are proposed and not applied yet',
  breaks: ['zxid-order', 'linearizability', 'sequential-consistency'],
  rules: (correct) => ({ ...correct, checksBehindProposed: false }),
};
