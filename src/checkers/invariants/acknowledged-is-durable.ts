import { hex, type Invariant } from './invariant.ts';

export const acknowledgedIsDurable: Invariant = {
  id: 'acknowledged-is-durable',
  source: 'Junqueira et al. (DSN 2011), section IV; SyncRequestProcessor',
  watch: () => ({
    recovered({ sid, acknowledged }, lastZxid) {
      if (lastZxid >= acknowledged) return acknowledged > 0;
      return `server ${sid} had acknowledged ${hex(acknowledged)} and came back with ${hex(lastZxid)}`;
    },
  }),
};
