import { type Epoch, epochOf } from '../../zab/zxid.ts';
import { hex, type Invariant } from './invariant.ts';

/**
 * A primary broadcasts when it has delivered all of earlier epochs that anybody ever will. Stronger
 * than in the specifications, which look at connected pairs in BROADCAST alone.
 */
export const primaryIntegrity: Invariant = {
  id: 'primary-integrity',
  source: 'Junqueira et al. (DSN 2011), section III; Zab.tla, PrimaryIntegrity',
  watch: (ghost) => {
    /** The latest epoch in which anything was proposed. */
    let epoch: Epoch = 0;

    return {
      proposed({ sid, history }, { zxid }) {
        if (epochOf(zxid) <= epoch) return false;
        epoch = epochOf(zxid);
        const initial = ghost.established.get(epoch)?.initial;
        if (initial?.isPrefixOf(history) === true) return initial.length > 0;
        return `server ${sid} broadcasts in epoch ${epoch} and has not delivered what the epoch begins with`;
      },

      delivered({ sid }, node) {
        const initial = ghost.established.get(epoch)?.initial;
        if (initial === undefined || epochOf(node.zxid) >= epoch) return false;
        if (node.isPrefixOf(initial)) return true;
        return `server ${sid} delivered ${hex(node.zxid)}, which epoch ${epoch} has begun to broadcast without`;
      },
    };
  },
};
