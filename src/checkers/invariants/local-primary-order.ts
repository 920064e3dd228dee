import { counterOf, epochOf } from '../../zab/zxid.ts';
import { hex, type Invariant } from './invariant.ts';

/**
 * In the specifications this one is vacuous: it asks for two transactions that are equal or in
 * order, and any is equal to itself. Here it is about all pairs.
 */
export const localPrimaryOrder: Invariant = {
  id: 'local-primary-order',
  source: 'Zab.tla, LocalPrimaryOrder; Junqueira et al. (DSN 2011), section III',
  watch: ({ counterStart }) => ({
    delivered({ sid }, { zxid, parent }) {
      const last = parent?.zxid ?? 0;
      const isFirst = parent === null || epochOf(parent.zxid) < epochOf(zxid);
      const before = isFirst ? counterStart : counterOf(parent.zxid);
      if (counterOf(zxid) === before + 1) return true;
      return `server ${sid} delivered ${hex(zxid)} right behind ${hex(last)}`;
    },
  }),
};
