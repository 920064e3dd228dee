import { hex, type Invariant } from './invariant.ts';

/** Of what begins an epoch a client has seen nothing that was written. */
export const turnedAway: Invariant = {
  id: 'turned-away',
  source: 'ZooKeeperServer.processConnectRequest',
  watch: (ghost) => ({
    turnedAway({ sid, history }, seen) {
      if (!ghost.committed.upTo(seen).isPrefixOf(history)) return true;
      return `server ${sid} has turned away a client that was told ${hex(seen)}, and has all that it saw`;
    },
  }),
};
