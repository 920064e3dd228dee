import { hex, type Invariant } from './invariant.ts';

export const legalStates: Invariant = {
  id: 'legal-states',
  source: 'Remix (EuroSys 2025), I-11; ZOOKEEPER-1282, 3023',
  watch: () => ({
    serves({ sid, servedEpoch, acceptedEpoch, currentEpoch, history, log }) {
      if (acceptedEpoch !== servedEpoch || currentEpoch !== servedEpoch) {
        return `server ${sid} serves in epoch ${servedEpoch}, has accepted ${acceptedEpoch} and is in ${currentEpoch}`;
      }
      if (log.holds(history)) return true;
      return `server ${sid} serves with ${hex(history.zxid)} applied, and its log ends with ${hex(log.tip.zxid)}`;
    },

    delivered({ sid, servedEpoch }, { zxid }) {
      return servedEpoch > 0 || `server ${sid} delivered ${hex(zxid)} and does not serve`;
    },
  }),
};
