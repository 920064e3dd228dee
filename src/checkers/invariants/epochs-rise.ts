import { type Epoch, epochOf } from '../../zab/zxid.ts';
import type { ServerGhost } from '../ghost/server-ghost.ts';
import type { Invariant, Judgement } from './invariant.ts';

export const epochsRise: Invariant = {
  id: 'epochs-rise',
  source: 'Junqueira et al. (DSN 2011), section IV: f.p and f.a only grow; QuorumPeer',
  watch: (ghost) => ({
    acceptedEpochWritten(server, epoch) {
      return epoch >= server.acceptedEpoch || fell(server, 'acceptedEpoch', epoch);
    },

    currentEpochWritten(server, epoch) {
      if (epoch < server.currentEpoch) return fell(server, 'currentEpoch', epoch);
      return compare(server, epoch, server.acceptedEpoch);
    },

    recovered(server) {
      const { acceptedEpoch, currentEpoch } = ghost.views.server(server.sid);
      if (acceptedEpoch < server.acceptedEpoch) return fell(server, 'acceptedEpoch', acceptedEpoch);
      if (currentEpoch < server.currentEpoch) return fell(server, 'currentEpoch', currentEpoch);
      const broken = compare(server, currentEpoch, acceptedEpoch);
      return broken === true ? server.acceptedEpoch > 0 : broken;
    },

    serves({ sid, history, currentEpoch }) {
      if (epochOf(history.zxid) <= currentEpoch) return true;
      return `server ${sid} serves in epoch ${currentEpoch} with later txns`;
    },
  }),
};

function fell({ sid }: ServerGhost, file: string, epoch: Epoch): string {
  return `server ${sid} has ${file} ${epoch}, and has had a later one`;
}

function compare({ sid }: ServerGhost, current: Epoch, accepted: Epoch): Judgement {
  if (current <= accepted) return true;
  return `server ${sid} has currentEpoch ${current}, and acceptedEpoch ${accepted}`;
}
