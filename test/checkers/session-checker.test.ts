import { describe, expect, it } from 'vitest';
import type { ServerView } from '../../src/checkers/protocol-checker.ts';
import { SessionChecker } from '../../src/checkers/session-checker.ts';
import { KEEPER_EVENTS } from '../../src/keeper/events.ts';

function expiredBy(role: ServerView['role']): SessionChecker {
  const view: ServerView = { digest: 0, acceptedEpoch: 1, currentEpoch: 1, role };
  const checker = new SessionChecker({ now: 5, eventCount: 6, server: () => view });
  checker.observe(2, KEEPER_EVENTS.sessionAttached, 1);
  checker.observe(2, KEEPER_EVENTS.sessionExpired, 1);
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
