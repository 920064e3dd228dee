import type { Bug } from './bug.ts';

/** A multi that fails keeps what its first parts have changed. */
export const multiInPart: Bug = {
  id: 'multi-in-part',
  summary: 'a failed multi keeps the changes of the parts before the one that failed',
  breaks: ['zxid-order', 'linearizability'],
  rules: (correct) => ({ ...correct, undoesFailedMulti: false }),
};
