import type { Epoch } from '../../zab/zxid.ts';
import { HistoryPath } from '../ghost/history-path.ts';
import type { ServerGhost } from '../ghost/server-ghost.ts';
import type { HistoryNode } from '../history-tree.ts';
import { hex, type Invariant, type Judgement, parting } from './invariant.ts';

/** The committed parts of the servers of one epoch, as they have delivered them. */
export const commitConsistency: Invariant = {
  id: 'commit-consistency',
  source: 'Remix (EuroSys 2025), I-9',
  watch: () => {
    const byEpoch = new Map<Epoch, HistoryPath>();

    function compare({ sid, servedEpoch }: ServerGhost, history: HistoryNode): Judgement {
      const path = byEpoch.get(servedEpoch);
      if (path === undefined) {
        byEpoch.set(servedEpoch, new HistoryPath(history));
        return false;
      }
      if (path.holds(history)) return true;
      const { tip } = path;
      if (path.merge(history)) return false;
      const lasts = `${hex(history.zxid)}, another up to ${hex(tip.zxid)}`;
      return `in epoch ${servedEpoch} server ${sid} has delivered up to ${lasts}; ${parting(history, tip)}`;
    }

    return {
      delivered: (server, node) => compare(server, node),
      serves: (server) => compare(server, server.history),
    };
  },
};
