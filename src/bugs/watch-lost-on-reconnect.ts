import type { Bug } from './bug.ts';

/**
 * What a client watched is watched again when it is back, and what has changed meanwhile is not
 * told: the client believes in the old until the next change.
 */
export const watchLostOnReconnect: Bug = {
  id: 'watch-lost-on-reconnect',
  summary: 'clients that come back are not told of the changes that they watched for',
  breaks: ['watches'],
  rules: (correct) => ({ ...correct, tellsMissedChanges: false }),
};
