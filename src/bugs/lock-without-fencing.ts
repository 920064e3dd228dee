import type { Bug } from './bug.ts';

/**
 * Holders of a lock change a resource that takes every change. One that was paused until its
 * session was over does not know that another has the lock by now.
 */
export const lockWithoutFencing: Bug = {
  id: 'lock-without-fencing',
  summary: 'a resource trusts whoever believes to hold the lock',
  breaks: ['recipes'],
  recipe: 'unfenced-lock',
};
