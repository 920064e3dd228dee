import type { Ghost } from '../ghost/ghost.ts';
import type { ServerGhost } from '../ghost/server-ghost.ts';
import type { HistoryNode } from '../history-tree.ts';
import { hex, type Invariant, type Judgement } from './invariant.ts';

export const equalDigests: Invariant = {
  id: 'equal-digests',
  source: 'Junqueira et al. (DSN 2011), section II; DataTree.compareDigest',
  watch: (ghost) => ({
    delivered: (server, node) => compare(ghost, server, node),
    serves: (server) => compare(ghost, server, server.history),
  }),
};

/** The first server that has a history says which tree belongs to it. */
function compare({ views }: Ghost, { sid }: ServerGhost, node: HistoryNode): Judgement {
  const { digest } = views.server(sid);
  if (node.digest === null) {
    node.digest = digest;
    return false;
  }
  if (node.digest === digest) return true;
  return `at ${hex(node.zxid)} server ${sid} has tree digest ${digest}, another had ${node.digest}`;
}
