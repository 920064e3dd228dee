import type { Ghost } from '../ghost/ghost.ts';
import type { ServerGhost } from '../ghost/server-ghost.ts';
import { hex, type Invariant, type Judgement } from './invariant.ts';

/**
 * At every moment, for every quorum: if only its disks were left, the server among them that would
 * be elected has all that is committed. It is the election and the synchronisation played out on
 * what is durable, for all quorums at once, and needs no further fault to see a loss coming.
 */
export const recoverability: Invariant = {
  id: 'recoverability',
  source: "derived from ZAB's proof: Junqueira et al. (DSN 2011), section IV, claims 1 to 5",
  watch: (ghost) => ({
    durableChanged: () => judge(ghost),
    extended: () => judge(ghost),
  }),
};

/**
 * A quorum that would lose something elects a server that lacks it. If there is any such quorum
 * there is one that elects the highest server of those that lack something: it, and a majority
 * less one of those below.
 */
function judge(ghost: Ghost): Judgement {
  const { committed, views } = ghost;
  const { voters } = views;
  if (committed.length === 0) return false;
  let highest: ServerGhost | null = null;
  for (const sid of voters) {
    const server = ghost.server(sid);
    const lacks = !committed.isPrefixOf(server.durable);
    if (lacks && (highest === null || compare(server, highest) > 0)) highest = server;
  }
  if (highest === null) return true;
  let atMost = 0;
  for (const sid of voters) {
    if (compare(ghost.server(sid), highest) <= 0) atMost++;
  }
  if (atMost <= voters.length / 2) return true;
  const { sid, durable, recoverableEpoch } = highest;
  return (
    `if power were lost now, server ${sid} could be elected with epoch ${recoverableEpoch} and ` +
    `${hex(durable.zxid)} on its disk, and ${hex(committed.zxid)} is committed`
  );
}

/** In an election: by epoch, then by zxid. Equal ones can each be elected. */
function compare(a: ServerGhost, b: ServerGhost): number {
  return a.recoverableEpoch - b.recoverableEpoch || a.durable.zxid - b.durable.zxid;
}
