import { epochOf } from '../../zab/zxid.ts';
import { hex, type Invariant } from './invariant.ts';

export const legalProposals: Invariant = {
  id: 'legal-proposals',
  source: 'Remix (EuroSys 2025), I-13',
  watch: (ghost) => ({
    proposed({ sid, ledTo, ledEpoch }, { zxid }) {
      if (ledTo !== null && ledEpoch === epochOf(zxid)) return true;
      return `server ${sid} proposed ${hex(zxid)}, and does not lead that epoch`;
    },

    appended({ sid, servedEpoch }, { zxid, txn }) {
      // Before it serves it is brought to the history of earlier epochs.
      if (servedEpoch === 0) return false;
      if (ghost.proposal(zxid) !== txn) {
        return `server ${sid} logged ${hex(zxid)}, which nobody has proposed like that`;
      }
      if (epochOf(zxid) === servedEpoch) return true;
      return `server ${sid} serves in epoch ${servedEpoch} and logged ${hex(zxid)} as proposed`;
    },
  }),
};
