import type { Bug } from './bug.ts';

/**
 * Every server ends the sessions that it has not heard from, though their clients may long be
 * connected to another.
 */
export const followerExpiresSessions: Bug = {
  id: 'follower-expires-sessions',
  summary: 'followers end sessions that have moved away from them',
  breaks: ['session-expiry'],
  rules: (correct) => ({ ...correct, expiresSessions: 'every server' }),
};
