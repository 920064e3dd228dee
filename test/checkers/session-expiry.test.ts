import { describe, expect, it } from 'vitest';
import type { ServerView } from '../../src/checkers/ghost/views.ts';
import { ProtocolChecker } from '../../src/checkers/protocol-checker.ts';
import { KEEPER_EVENTS } from '../../src/keeper/events.ts';

function expiredBy(role: ServerView['role']): ProtocolChecker {
  const view: ServerView = { digest: 0, acceptedEpoch: 1, currentEpoch: 1, role };
  const checker = new ProtocolChecker(
    { now: 5, voters: [1, 2, 3], isServer: () => true, eventCount: 6, server: () => view },
    0,
  );
  checker.observe(2, KEEPER_EVENTS.sessionAttached, 1, 0, null);
  checker.observe(2, KEEPER_EVENTS.sessionExpired, 1, 0, null);
  return checker;
}

describe('a session that has been silent for too long', () => {
  it('is ended by the leader', () => {
    expect(expiredBy('leader').violation).toBeNull();
  });

  it.each(['learner', 'none'] as const)(
    'must not be ended by a server with the role %s',
    (role) => {
      expect(expiredBy(role).violation).toMatchObject({
        property: 'session-expiry',
        at: 5,
        seq: 6,
      });
    },
  );
});
