import type { Bug } from './bug.ts';

/**
 * Who waits for a lock makes another node when the answer to a create was lost. The first one may be
 * there: it lives as long as the session does, and everybody behind it waits for nothing.
 */
export const createRetriedBlindly: Bug = {
  id: 'create-retried-blindly',
  summary: 'a create whose answer was lost is asked for again without a look',
  breaks: ['recipes', 'recipe-progress', 'answers'],
  recipe: 'blind-lock',
};
