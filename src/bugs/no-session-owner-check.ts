import type { Bug } from './bug.ts';

/**
 * What a session has asked for through a server that it has left is carried out whenever it arrives,
 * behind what it has asked for since.
 */
export const noSessionOwnerCheck: Bug = {
  id: 'no-session-owner-check',
  summary: 'writes of a session that has moved are taken from its old server too',
  breaks: ['monotonic-writes'],
  rules: (correct) => ({ ...correct, refusesMovedSessions: false }),
};
