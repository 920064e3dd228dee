import { HistoryPath } from '../ghost/history-path.ts';
import type { HistoryNode } from '../history-tree.ts';
import { hex, type Invariant, type Judgement, parting } from './invariant.ts';

/** What anybody delivered, whether it was committed or not. */
export const prefixConsistency: Invariant = {
  id: 'prefix-consistency',
  source: 'Zab.tla, PrefixConsistency',
  watch: () => {
    let delivered: HistoryPath | null = null;

    function compare(sid: number, history: HistoryNode): Judgement {
      delivered ??= new HistoryPath(history);
      if (delivered.holds(history)) return true;
      const { tip } = delivered;
      if (delivered.merge(history)) return false;
      const lasts = `${hex(history.zxid)}, others up to ${hex(tip.zxid)}`;
      return `server ${sid} has delivered up to ${lasts}; ${parting(history, tip)}`;
    }

    return {
      delivered: ({ sid }, node) => compare(sid, node),
      serves: ({ sid, history }) => compare(sid, history),
    };
  },
};
