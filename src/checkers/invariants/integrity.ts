import { hex, type Invariant } from './invariant.ts';

export const integrity: Invariant = {
  id: 'integrity',
  source: 'Zab.tla, Integrity; Junqueira et al. (DSN 2011), section III',
  watch: (ghost) => ({
    proposed({ sid }, { zxid }) {
      if (ghost.proposal(zxid) === undefined) return true;
      return `server ${sid} proposed ${hex(zxid)}, which names another already`;
    },

    extending({ zxid, txn }) {
      if (ghost.proposal(zxid) === txn) return true;
      return `${hex(zxid)} was committed, but nobody proposed it like that`;
    },
  }),
};
