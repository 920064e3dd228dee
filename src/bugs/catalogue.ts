import { ackBeforeSync } from './ack-before-sync.ts';
import type { Bug } from './bug.ts';
import { electById } from './elect-by-id.ts';
import { epochNotAdvanced } from './epoch-not-advanced.ts';
import { quorumOfHalf } from './quorum-of-half.ts';
import { skipTrunc } from './skip-trunc.ts';
import { zookeeper4646 } from './zookeeper-4646.ts';

/** Every bug that a run can be given. */
export const BUGS: readonly Bug[] = [
  ackBeforeSync,
  electById,
  epochNotAdvanced,
  quorumOfHalf,
  skipTrunc,
  zookeeper4646,
];

export function bugIds(): string[] {
  return BUGS.map(({ id }) => id);
}

export function findBug(id: string): Bug | undefined {
  return BUGS.find((bug) => bug.id === id);
}
