import { formatSessionId } from '../../keeper/session-id.ts';
import type { Invariant } from './invariant.ts';

/** Only the leader hears of a session wherever its client is connected. */
export const sessionExpiry: Invariant = {
  id: 'session-expiry',
  source: 'LearnerSessionTracker',
  watch: (ghost) => ({
    sessionExpired({ sid }, session) {
      if (ghost.views.server(sid).role === 'leader') return true;
      return `server ${sid} has ended session ${formatSessionId(session)}, and is no leader`;
    },
  }),
};
