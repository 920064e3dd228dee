import { hex, type Invariant } from './invariant.ts';

/** The log, and not only the state in memory: a restart would find nothing else. */
export const leaderLogComplete: Invariant = {
  id: 'leader-log-complete',
  source: 'zookeeper-tla-spec, leaderLogCompleteness',
  watch: (ghost) => ({
    established({ name, log }, epoch) {
      if (epoch < ghost.lastEpoch) return false;
      if (log.holds(ghost.committed)) return ghost.committed.length > 0;
      return `${name} leads epoch ${epoch} with a log up to ${hex(log.tip.zxid)}, and ${hex(ghost.committed.zxid)} is committed`;
    },
  }),
};
