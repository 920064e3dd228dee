import { hex, type Invariant } from './invariant.ts';

/**
 * What is committed while TRUNC or SNAP is on its way may go, and come again behind it: the leader
 * knows then that this server does not have it.
 */
export const committedLogDurability: Invariant = {
  id: 'committed-log-durability',
  source: 'zookeeper-tla-spec, committedLogDurability',
  watch: (ghost) => ({
    logReplaced({ sid, log, committedAtChoice }, before) {
      const { length } = committedAtChoice ?? ghost.committed;
      let kept = before;
      while (kept.parent !== null && (!kept.isCommitted || kept.length > length)) {
        kept = kept.parent;
      }
      if (log.holds(kept)) return kept.length > 0;
      return `server ${sid} had ${hex(kept.zxid)}, which is committed, in its log, and now has ${hex(log.tip.zxid)}`;
    },
  }),
};
