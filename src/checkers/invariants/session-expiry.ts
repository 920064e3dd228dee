import { formatSessionId } from '../../keeper/session-id.ts';
import type { Invariant } from './invariant.ts';

/** No clock runs so fast that half of a time-out is a whole one to it. */
const CERTAINLY_SILENT = 0.5;

/** Only the leader hears of a session wherever its client is connected, and by learners of most. */
export const sessionExpiry: Invariant = {
  id: 'session-expiry',
  source: 'LearnerSessionTracker, SessionTrackerImpl.touchSession',
  watch: ({ views }) => ({
    sessionExpired({ sid, heardOf }, session) {
      const ended = `server ${sid} has ended session ${formatSessionId(session)}`;
      if (views.server(sid).role !== 'leader') return `${ended}, and is no leader`;
      const sign = heardOf.get(session);
      if (sign === undefined) return true;
      const silentMs = (views.now - sign.at) / 1000;
      if (silentMs >= sign.timeoutMs * CERTAINLY_SILENT) return true;
      return `${ended} with a time-out of ${sign.timeoutMs} ms, ${silentMs} ms after a learner had heard from it`;
    },
  }),
};
