import { type Epoch, epochOf } from '../../zab/zxid.ts';
import type { ServerGhost } from '../ghost/server-ghost.ts';
import { hex, type Invariant, type Judgement } from './invariant.ts';

/** Else it would be taken for older than it is, and a server with less could win over it. */
export const historyInEpoch: Invariant = {
  id: 'history-in-epoch',
  source: 'QuorumPeer.loadDataBase; ZOOKEEPER-1653',
  watch: () => ({
    // What came without an acknowledgement is not counted on, and may be told to be older.
    candidacy(server) {
      const { isBetweenEpochs, acceptedEpoch, currentEpoch } = server;
      return compare(server, isBetweenEpochs ? acceptedEpoch : currentEpoch, 'votes for itself');
    },
    newLeaderAcked: (server) => compare(server, server.currentEpoch, 'acknowledges NEWLEADER'),
    established: (server) => compare(server, server.currentEpoch, 'takes office'),
  }),
};

function compare({ sid, history }: ServerGhost, epoch: Epoch, what: string): Judgement {
  const { zxid } = history;
  if (epochOf(zxid) <= epoch) return zxid > 0;
  return `server ${sid} ${what} with ${hex(zxid)} in epoch ${epoch}`;
}
