import { hex, type Invariant } from './invariant.ts';

export const committedLogDurability: Invariant = {
  id: 'committed-log-durability',
  source: 'zookeeper-tla-spec, committedLogDurability',
  watch: () => ({
    logReplaced({ sid, log }, before) {
      let kept = before;
      while (!kept.isCommitted && kept.parent !== null) kept = kept.parent;
      if (log.holds(kept)) return kept.length > 0;
      return `server ${sid} had ${hex(kept.zxid)}, which is committed, in its log, and now has ${hex(log.tip.zxid)}`;
    },
  }),
};
