import type { Bug } from './bug.ts';

/**
 * Watch events wait for a thread of their own, and an answer that shows the change overtakes them:
 * a client acts on new data while it believes in the old.
 */
export const eventAfterData: Bug = {
  id: 'event-after-data',
  summary: 'watch events are sent after answers that show the change',
  breaks: ['watches'],
  rules: (correct) => ({ ...correct, sendsEventsFirst: false }),
};
