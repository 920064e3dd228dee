import type { Bug } from './bug.ts';

/**
 * A server that starts again has forgotten its promise if that epoch has not begun for it: it can
 * promise the same epoch to another leader.
 */
export const acceptedEpochVolatile: Bug = {
  id: 'accepted-epoch-volatile',
  summary: 'a server forgets which epoch it has promised when it restarts',
  breaks: ['epochs-rise'],
  rules: (correct) => ({ ...correct, recoverAcceptedEpoch: (_accepted, current) => current }),
};
