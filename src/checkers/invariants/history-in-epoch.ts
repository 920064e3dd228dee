import { epochOf, type Zxid } from '../../zab/zxid.ts';
import type { ServerGhost } from '../ghost/server-ghost.ts';
import { hex, type Invariant, type Judgement } from './invariant.ts';

/** Else it would be told to be older than it is, and a server with less could win over it. */
export const historyInEpoch: Invariant = {
  id: 'history-in-epoch',
  source: 'QuorumPeer.loadDataBase; ZOOKEEPER-1653',
  watch: () => ({
    candidacy: (server) => compare(server, 'votes for itself'),
    newLeaderAcked: (server) => compare(server, 'acknowledges NEWLEADER'),
    established: (server) => compare(server, 'takes office'),
  }),
};

function compare({ sid, history, currentEpoch }: ServerGhost, what: string): Judgement {
  const zxid: Zxid = history.zxid;
  if (epochOf(zxid) <= currentEpoch) return zxid > 0;
  return `server ${sid} ${what} with ${hex(zxid)} in epoch ${currentEpoch}`;
}
