import type { Invariant } from './invariant.ts';

export const liveLeadership: Invariant = {
  id: 'live-leadership',
  source: 'ZkV3_7_0.tla, Leadership1, by the accepted epoch',
  watch: (ghost) => ({
    epochAgreed({ sid, name }, epoch) {
      const others = ghost.allServers().filter((one) => one.sid !== sid && one.claimedEpoch > 0);
      const rival = others.find(({ claimedEpoch }) => claimedEpoch === epoch);
      if (rival === undefined) return others.length > 0;
      return `${name} leads in epoch ${epoch}, while ${rival.name} does`;
    },
  }),
};
