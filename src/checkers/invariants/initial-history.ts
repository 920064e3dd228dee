import type { Epoch } from '../../zab/zxid.ts';
import type { Ghost } from '../ghost/ghost.ts';
import type { HistoryNode } from '../history-tree.ts';
import { hex, type Invariant } from './invariant.ts';

export const initialHistory: Invariant = {
  id: 'initial-history',
  source: 'Remix (EuroSys 2025), I-8',
  watch: (ghost) => ({
    established({ history }, epoch) {
      const before = initialNear(ghost, epoch, -1);
      const after = initialNear(ghost, epoch, 1);
      if (before !== null && !before.isPrefixOf(history)) return describe(epoch, history, before);
      if (after !== null && !history.isPrefixOf(after)) return describe(epoch, history, after);
      return before !== null || after !== null;
    },
  }),
};

/** The initial history of the next established epoch in one direction. */
function initialNear(ghost: Ghost, epoch: Epoch, step: 1 | -1): HistoryNode | null {
  const epochs = [...ghost.established.keys()].filter((one) => (one - epoch) * step > 0);
  const nearest = step < 0 ? Math.max(...epochs) : Math.min(...epochs);
  return ghost.established.get(nearest)?.initial ?? null;
}

function describe(epoch: Epoch, history: HistoryNode, other: HistoryNode): string {
  return (
    `epoch ${epoch} begins with a history up to ${hex(history.zxid)}, another with one ` +
    `up to ${hex(other.zxid)}, and the earlier is no beginning of the later`
  );
}
