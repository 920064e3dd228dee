import { size } from '../kernel/bit-set.ts';
import type { Bug } from './bug.ts';

/** Half of the servers decide, so that two halves can decide differently. */
export const quorumOfHalf: Bug = {
  id: 'quorum-of-half',
  summary: 'half of the servers, rounded down, make a quorum',
  breaks: [
    'recoverability',
    'live-leadership',
    'leadership',
    'committed-never-lost',
    'total-order',
  ],
  rules: (correct) => ({
    ...correct,
    isQuorum: (acks, voters) => size(acks & voters) >= Math.floor(size(voters) / 2),
  }),
};
