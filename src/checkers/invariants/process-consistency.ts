import { hex, type Invariant } from './invariant.ts';

export const processConsistency: Invariant = {
  id: 'process-consistency',
  source: 'zookeeper-tla-spec, processConsistency',
  watch: () => ({
    upToDate({ sid, log }, epoch, leader) {
      // It may have given up while UPTODATE was on its way.
      if (leader.claimedEpoch !== epoch) return false;
      if (leader.log.holds(log.tip)) return true;
      return `the log of server ${sid} ends with ${hex(log.tip.zxid)}, which its leader ${leader.sid} does not have like that`;
    },
  }),
};
