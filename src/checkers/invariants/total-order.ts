import { hex, type Invariant } from './invariant.ts';

/**
 * A leader that has been succeeded and does not know it may still count acknowledgements, and
 * decide what its successor has decided before: no more than that.
 */
export const totalOrder: Invariant = {
  id: 'total-order',
  source: 'Zab.tla, TotalOrder; Junqueira et al. (DSN 2011), section III',
  watch: (ghost) => ({
    decided(leader, txn) {
      const what = `server ${leader.sid} committed ${hex(txn.zxid)}`;
      const { ledTo: node } = leader;
      if (node === null) return `${what}, but leads no epoch`;
      if (node.isCommitted) return true;
      const isSucceeded = ghost.isSucceeded(leader);
      if (node.parent === ghost.committed && !isSucceeded) return true;
      const why = isSucceeded
        ? `epoch ${ghost.lastEpoch} has begun without it`
        : `${hex(ghost.committed.zxid)} is committed already`;
      return `${what} behind ${hex(node.parent?.zxid ?? 0)}, but ${why}`;
    },
  }),
};
