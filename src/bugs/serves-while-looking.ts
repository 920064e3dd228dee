import type { Bug } from './bug.ts';

/** What is read there may have been overtaken by any number of leaders. */
export const servesWhileLooking: Bug = {
  id: 'serves-while-looking',
  summary: 'a follower without a leader goes on to answer reads',
  breaks: ['answers-in-broadcast'],
  rules: (correct) => ({ ...correct, leavesClients: false }),
};
