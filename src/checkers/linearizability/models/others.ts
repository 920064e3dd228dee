import type { HistoryModel } from '../model.ts';
import { textOf } from '../values.ts';

/** Whether one element is in the set. */
export type SetState = 'in' | 'out';

/**
 * `add`, `remove` and `contains` of elements, which see nothing of each other: each is a part of
 * its own.
 */
export const SET: HistoryModel<SetState> = {
  name: 'set',
  init: 'out',
  operations: { add: {}, remove: {}, contains: { isRead: true } },
  step(state, { f, output, outcome }) {
    if (f === 'add') return 'in';
    if (f === 'remove') return 'out';
    return outcome === 'info' || output === (state === 'in') ? state : null;
  },
  partition({ key, input }) {
    // The usual ones need no text; no number equals one.
    return key === null && typeof input === 'number' ? input : textOf([key, input]);
  },
  describeState: (state) => (state === 'in' ? 'it is in the set' : 'it is not in the set'),
  shape: 'set',
};

/** `add` of a number, `inc` by one, and `read`; 0 at first. */
export const COUNTER: HistoryModel<number> = {
  name: 'counter',
  init: 0,
  operations: { add: {}, inc: {}, read: { isRead: true } },
  step(state, { f, input, output, outcome }) {
    if (f === 'add') return state + Number(input);
    if (f === 'inc') return state + 1;
    return outcome === 'info' || output === state ? state : null;
  },
  describeState: (count) => `the count is ${count}`,
  shape: 'counter',
};

/** The process that holds the lock. */
export type LockState = number | 'free';

/** `acquire` and `release`: who has it alone may give it back. */
export const LOCK: HistoryModel<LockState> = {
  name: 'lock',
  init: 'free',
  operations: { acquire: {}, release: {} },
  byProcess: true,
  step(state, { f, process }) {
    if (f === 'acquire') return state === 'free' ? process : null;
    return state === process ? 'free' : null;
  },
  mentions: ({ process }) => [process],
  describeState: (holder) => (holder === 'free' ? 'it is free' : `process ${holder} has it`),
  shape: 'lock',
};
