import type { HistoryModel } from '../model.ts';
import { showValue } from '../phrases.ts';

/** `get`, `put` and `append` of a string for each key, which is empty at first. */
export const KV: HistoryModel<string> = {
  name: 'kv',
  init: '',
  operations: { get: { isRead: true }, put: {}, append: {} },
  step(state, { f, input, output, outcome }) {
    if (f === 'get') return outcome === 'info' || (output ?? '') === state ? state : null;
    return f === 'put' ? String(input) : `${state}${input}`;
  },
  describeState: (text) => `the text is ${showValue(text)}`,
  shape: 'strings',
};
