import { ZAB_EVENTS } from '../../zab/events.ts';
import type { ServerGhost } from '../ghost/server-ghost.ts';
import { hex, type Invariant } from './invariant.ts';

/** The branches of the servers' own code that a correct run does not take. */
export const channelOrder: Invariant = {
  id: 'channel-order',
  source: 'Zab.tla, ShouldNotBeTriggered; ZkV3_7_0.tla, CheckDuringAction',
  watch: () => ({
    flagged({ sid }, kind, zxid) {
      switch (kind) {
        case ZAB_EVENTS.commitUnmatched:
          return `server ${sid} got a COMMIT of ${hex(zxid)}, which is not its oldest proposal`;
        case ZAB_EVENTS.historyGap:
          return `server ${sid} got ${hex(zxid)}, which leaves a gap`;
        default:
          return `leader ${sid} got an ACK of ${hex(zxid)} for its NEWLEADER`;
      }
    },

    // A COMMIT, or an answer to NEWLEADER, has passed.
    delivered: (server) => !leads(server),
    newLeaderAcked: () => true,
  }),
};

function leads({ ledTo }: ServerGhost): boolean {
  return ledTo !== null;
}
