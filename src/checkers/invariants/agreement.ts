import { hex, type Invariant } from './invariant.ts';

export const agreement: Invariant = {
  id: 'agreement',
  source: 'Zab.tla, Agreement; Junqueira et al. (DSN 2011), section III',
  watch: (ghost) => ({
    delivered({ sid }, { isCommitted, length, zxid }) {
      if (isCommitted) return true;
      const why =
        length > ghost.committed.length
          ? 'nobody has committed it'
          : `${hex(ghost.committedAt(length).zxid)} belongs there`;
      return `server ${sid} delivered ${hex(zxid)}, but ${why}`;
    },

    serves({ sid, history }) {
      if (history.isCommitted) return history.length > 0;
      return `server ${sid} serves with ${hex(history.zxid)}, which is not committed`;
    },
  }),
};
