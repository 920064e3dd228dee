import type { Bug } from './bug.ts';

/**
 * Observers apply what they are told and log none of it: what they have shown is gone when they
 * restart, until a leader sends it again. ZooKeeper can be set up like that.
 */
export const observerWithoutLog: Bug = {
  id: 'observer-without-log',
  summary: 'observers do not log what they apply',
  breaks: ['legal-commits'],
  rules: (correct) => ({ ...correct, observersLog: false }),
};
