import { epochOf } from '../../zab/zxid.ts';
import { hex, type Invariant } from './invariant.ts';

export const globalPrimaryOrder: Invariant = {
  id: 'global-primary-order',
  source: 'Zab.tla, GlobalPrimaryOrder; Junqueira et al. (DSN 2011), section III',
  watch: () => ({
    delivered({ sid }, { zxid, parent }) {
      if (parent === null) return false;
      // Within an epoch nothing is said of epochs.
      if (parent.zxid < zxid)
        return epochOf(parent.zxid) > 0 && epochOf(parent.zxid) < epochOf(zxid);
      return `server ${sid} delivered ${hex(zxid)} behind ${hex(parent.zxid)}`;
    },
  }),
};
