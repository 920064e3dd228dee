import { describe, expect, it } from 'vitest';
import type { ServerView } from '../../src/checkers/ghost/views.ts';
import { ProtocolChecker } from '../../src/checkers/protocol-checker.ts';
import { KEEPER_EVENTS } from '../../src/keeper/events.ts';
import { ZAB_EVENTS } from '../../src/zab/events.ts';
import { PACKET } from '../../src/zab/messages.ts';

const SESSION = 1;
const TIMEOUT_MS = 2000;

/** A server that ends sessions, with the role that it has and the time. */
class Ending {
  readonly checker: ProtocolChecker;
  private readonly views = {
    now: 5,
    voters: [1, 2, 3],
    isServer: () => true,
    eventCount: 6,
    server: () => this.view,
  };
  private readonly view: ServerView;

  constructor(role: ServerView['role']) {
    this.view = { digest: 0, acceptedEpoch: 1, currentEpoch: 1, role };
    this.checker = new ProtocolChecker(this.views, 0);
    this.checker.observe(2, KEEPER_EVENTS.sessionAttached, SESSION, 0, null);
  }

  /** A learner answers a PING, and has heard from these sessions since the last. */
  hearOf(...sessions: number[]): this {
    const data = new Map(sessions.map((session) => [session, TIMEOUT_MS]));
    this.checker.received(1, 2, 'quorum', { type: PACKET.PING, zxid: 0, data });
    return this;
  }

  passMs(ms: number): this {
    this.views.now += ms * 1000;
    return this;
  }

  expire(): ProtocolChecker['violation'] {
    this.checker.observe(2, KEEPER_EVENTS.sessionExpired, SESSION, 0, null);
    return this.checker.violation;
  }
}

describe('a session that has been silent for too long', () => {
  it('is ended by the leader', () => {
    expect(new Ending('leader').expire()).toBeNull();
  });

  it.each(['learner', 'none'] as const)(
    'must not be ended by a server with the role %s',
    (role) => {
      expect(new Ending(role).expire()).toMatchObject({
        property: 'session-expiry',
        at: 5,
        seq: 6,
      });
    },
  );
});

describe('a session that a learner has heard from', () => {
  it('must not be ended as long as no clock can say that it has been silent for its time-out', () => {
    const ending = new Ending('leader').hearOf(7, SESSION).passMs(999);
    expect(ending.expire()).toMatchObject({
      property: 'session-expiry',
      message:
        'server 2 has ended session 0x1 with a time-out of 2000 ms, 999 ms after a learner had heard from it',
    });
  });

  it('may be ended when it has been silent, by a clock that is fast', () => {
    expect(new Ending('leader').hearOf(SESSION).passMs(1400).expire()).toBeNull();
  });

  it('counts from the last word of it', () => {
    const ending = new Ending('leader').hearOf(SESSION).passMs(1900).hearOf(SESSION).passMs(100);
    expect(ending.expire()).not.toBeNull();
  });

  it('is not known by what the leader was told of others, or asked them', () => {
    const ending = new Ending('leader').hearOf(7);
    ending.checker.received(1, 2, 'quorum', { type: PACKET.PING, zxid: 0, data: null });
    ending.checker.received(1, 2, 'client', { xid: 1, data: new Map([[SESSION, TIMEOUT_MS]]) });
    expect(ending.expire()).toBeNull();
  });

  it('is not known any more to who has lost its role since', () => {
    const ending = new Ending('leader').hearOf(SESSION);
    ending.checker.observe(2, ZAB_EVENTS.leaving, 0, 0, 'quorum lost');
    expect(ending.expire()).toBeNull();
  });
});
