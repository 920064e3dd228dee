import { hex, type Invariant } from './invariant.ts';

export const serveComplete: Invariant = {
  id: 'serve-complete',
  source: 'Junqueira et al. (DSN 2011), section III, primary integrity; ZOOKEEPER-3023',
  watch: (ghost) => ({
    upToDate({ sid, history }, epoch) {
      const initial = ghost.established.get(epoch)?.initial;
      if (initial?.isPrefixOf(history) === true) return true;
      return (
        `server ${sid} serves in epoch ${epoch} up to ${hex(history.zxid)}, ` +
        `the epoch begins at ${hex(initial?.zxid ?? 0)}`
      );
    },
  }),
};
