import type { Ghost } from '../ghost/ghost.ts';
import type { HistoryNode } from '../history-tree.ts';
import { hex, type Invariant } from './invariant.ts';

/**
 * A leader may learn of its office so late that another has been established since; then that
 * one's history holds its own.
 */
export const committedNeverLost: Invariant = {
  id: 'committed-never-lost',
  source: 'Junqueira et al. (DSN 2011), section III; against a ghost outside the servers',
  watch: (ghost) => ({
    established({ name, history }, epoch) {
      const isWhole =
        epoch < ghost.lastEpoch ? history.isCommitted : ghost.committed.isPrefixOf(history);
      if (isWhole) return ghost.committed.length > 0;
      return (
        `${name} leads epoch ${epoch} with a history up to ${hex(history.zxid)} ` +
        `that lacks ${hex(firstLost(ghost, history).zxid)}, which was committed`
      );
    },
  }),
};

function firstLost(ghost: Ghost, history: HistoryNode): HistoryNode {
  let node = history;
  while (!node.isCommitted && node.parent !== null) node = node.parent;
  return ghost.committedAt(node.length + 1);
}
