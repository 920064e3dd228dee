import type { Invariant } from './invariant.ts';

/** Else clients would be shown what may be taken back, or what has long been overtaken. */
export const answersInBroadcast: Invariant = {
  id: 'answers-in-broadcast',
  source: 'Junqueira et al. (DSN 2011), section IV; QuorumPeer.setZooKeeperServer',
  watch: () => ({
    answers({ sid, servedEpoch }, client) {
      return servedEpoch > 0 || `server ${sid} answered client ${client} and serves in no epoch`;
    },
  }),
};
