import type { Bug } from './bug.ts';

/**
 * TRUNC cuts behind the first record that is not below the cut. When the cut is the last zxid of a
 * snapshot and has no record, one transaction beyond it stays.
 */
export const truncatesTooLittle: Bug = {
  id: 'truncates-too-little',
  summary: 'TRUNC to a zxid that has no record leaves the record behind it',
  breaks: ['agreement', 'serve-complete'],
  rules: (correct) => ({
    ...correct,
    recordsKept: (records, cut) => {
      const first = records.findIndex(({ zxid }) => zxid >= cut);
      return first < 0 ? records.length : first + 1;
    },
  }),
};
