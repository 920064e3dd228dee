import type { Epoch } from '../../zab/zxid.ts';
import { HistoryPath } from '../ghost/history-path.ts';
import type { ServerGhost } from '../ghost/server-ghost.ts';
import { hex, type Invariant, type Judgement, parting } from './invariant.ts';

/**
 * The logs of servers that are synchronised in one epoch, from the leader's claim and the
 * followers' ACK of NEWLEADER on. Sees two histories long before anybody delivers them.
 */
export const logConsistency: Invariant = {
  id: 'log-consistency',
  source: 'Remix (EuroSys 2025), I-10',
  watch: () => {
    const byEpoch = new Map<Epoch, HistoryPath>();

    function compare({ sid, log }: ServerGhost, epoch: Epoch): Judgement {
      const path = byEpoch.get(epoch);
      if (path === undefined) {
        byEpoch.set(epoch, new HistoryPath(log.tip));
        return false;
      }
      if (path.holds(log.tip)) return true;
      const { tip } = path;
      if (path.merge(log.tip)) return false;
      const lasts = `${hex(log.tip.zxid)}, that of another with ${hex(tip.zxid)}`;
      return `in epoch ${epoch} the log of server ${sid} ends with ${lasts}; ${parting(log.tip, tip)}`;
    }

    return {
      epochAgreed: compare,
      newLeaderAcked: compare,
      appended(server) {
        const epoch = server.claimedEpoch || server.synchronisedEpoch;
        return epoch > 0 && compare(server, epoch);
      },
    };
  },
};
