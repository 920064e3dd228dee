import type { HistoryModel } from '../model.ts';
import { showValue } from '../phrases.ts';
import { isSame, pairOf, textOf } from '../values.ts';

export interface ZnodeState {
  readonly value: unknown;
  readonly version: number;
}

/**
 * A znode that exists from the start, with no data and version 0. `get`; `set` whatever the version
 * is; `cas` with `[expectedVersion, value]`. Each write raises the version by one.
 */
export const ZNODE: HistoryModel<ZnodeState> = {
  name: 'znode',
  init: { value: null, version: 0 },
  operations: { get: { isRead: true }, set: {}, cas: { tellsWhenRefused: true } },
  step(state, { f, input, output, outcome, version }) {
    if (f === 'get') {
      if (outcome === 'info') return state;
      const isVersion = version === undefined || version === state.version;
      return isVersion && isSame(output, state.value) ? state : null;
    }
    const [expected, value] = f === 'cas' ? pairOf(input) : [state.version, input];
    const succeeds = expected === state.version;
    if (outcome !== 'info' && succeeds !== (outcome === 'ok')) return null;
    if (!succeeds) return state;
    const raised = state.version + 1;
    const isAsAnswered = outcome === 'info' || version === undefined || version === raised;
    return isAsAnswered ? { value, version: raised } : null;
  },
  hash: ({ value, version }) => `${version} ${textOf(value)}`,
  describeState: ({ value, version }) => `the version is ${version}, with ${showValue(value)}`,
  shape: 'versions',
};
