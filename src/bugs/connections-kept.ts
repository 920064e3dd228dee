import type { Bug } from './bug.ts';

/**
 * A server that has lost its leader keeps its clients' connections, and has forgotten what they wait
 * for: no answer ever comes, and nothing tells them so.
 */
export const connectionsKept: Bug = {
  id: 'connections-kept',
  summary: 'a server that serves no more keeps the connections of its clients',
  breaks: ['answers'],
  rules: (correct) => ({ ...correct, closesOnStop: false }),
};
