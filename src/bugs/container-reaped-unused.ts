import type { Bug } from './bug.ts';

/** A container that nothing has been in yet is removed, before its maker can use it. */
export const containerReapedUnused: Bug = {
  id: 'container-reaped-unused',
  summary: 'containers are removed before anything was in them',
  breaks: ['reaping'],
  rules: (correct) => ({ ...correct, sparesUnusedContainers: false }),
};
