import { follows } from '../../zab/zxid.ts';
import { hex, type Invariant } from './invariant.ts';

export const primaryOrder: Invariant = {
  id: 'primary-order',
  source: 'Junqueira et al. (DSN 2011), section III; ZooKeeper numbers without a gap',
  watch: (ghost) => ({
    proposed({ sid }, { zxid }) {
      if (ghost.indexOf(zxid) === ghost.proposalsOf(zxid)) return true;
      if (ghost.proposal(zxid) !== undefined) return false;
      return `server ${sid} proposed ${hex(zxid)} and left a gap`;
    },

    extending({ zxid, parent }) {
      const last = parent?.zxid ?? 0;
      // The one rule of the servers that is looked at with their own eyes: how zxids count.
      if (parent !== null && follows(parent.zxid, zxid, ghost.counterStart)) return true;
      return `${hex(zxid)} was committed behind ${hex(last)}`;
    },
  }),
};
