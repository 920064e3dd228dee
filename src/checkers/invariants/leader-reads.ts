import type { HistoryNode } from '../history-tree.ts';
import { hex, type Invariant } from './invariant.ts';

/** What a leader in office has delivered it may have shown to a client. */
export const leaderReads: Invariant = {
  id: 'leader-reads',
  source: 'zookeeper-tla-spec, committedLogMonotonicity (monotonicRead)',
  watch: (ghost) => {
    /** The longest that a leader in office has delivered. */
    let shown: HistoryNode | null = null;

    return {
      established({ name, history }, epoch) {
        const before = shown;
        if (epoch < ghost.lastEpoch) return false;
        shown = history;
        if (before === null || before.isPrefixOf(history)) return before !== null;
        return `${name} takes office with ${hex(history.zxid)}, and a leader has shown ${hex(before.zxid)}`;
      },

      delivered(server, node) {
        if (server.ledTo === null || ghost.isSucceeded(server)) return false;
        const before = shown;
        shown = node;
        if (before === null || node.parent === before) return before !== null;
        return `server ${server.sid}, which leads, shows ${hex(node.zxid)} after ${hex(before.zxid)}`;
      },
    };
  },
};
