import { describe, expect, it } from 'vitest';
import { CODE, OP } from '../../src/keeper/codes.ts';
import { KEEPER_EVENTS } from '../../src/keeper/events.ts';
import { CREATE_MODE } from '../../src/keeper/requests.ts';
import { ZAB_EVENTS } from '../../src/zab/events.ts';
import { PACKET, type QuorumPacket } from '../../src/zab/messages.ts';
import { observe, quietPlan, SECOND, story } from '../support/plans.ts';
import { CLOSE, create, exists, getData, PING, setData, text } from '../support/questions.ts';
import { type RawClient, ServiceWorld } from '../support/service-world.ts';

const TICK = 200_000;
const TIMEOUT = 20 * TICK;

/** A client of the leader, and one of a follower. */
const SIDES = ['leader', 'follower'] as const;

function serverOf(ensemble: ServiceWorld, side: (typeof SIDES)[number]): number {
  return side === 'leader' ? ensemble.leader : (ensemble.followers[0] as number);
}

/** Comes back with its session, and with what it has seen. */
function comeBack(ensemble: ServiceWorld, client: RawClient, sid: number): RawClient {
  return ensemble.connect(sid, { ...client.ticket, lastZxidSeen: client.lastZxid });
}

function dataOf(client: RawClient, path: string): string | null {
  return text(client.ask(getData(path))?.body?.data);
}

/** When a learner's news of a session last came to a server. */
function trackNews(ensemble: ServiceWorld, session: number): () => number {
  let last = -1;
  ensemble.world.timeline.addPacketObserver({
    sent: () => {},
    received: (_from, to, port, message) => {
      if (to !== ensemble.leader || port !== 'quorum') return;
      const { type, data } = message as QuorumPacket;
      if (type === PACKET.PING && data instanceof Map && data.has(session)) last = ensemble.now;
    },
  });
  return () => last;
}

describe('the session of a client', () => {
  it('that is connected never expires in a quiet run, however little it asks for', () => {
    const plan = quietPlan({ clients: 4 });
    const workload = {
      ...plan.workload,
      sessionTimeoutMs: 1000,
      thinkMinMicros: 3 * SECOND,
      thinkMaxMicros: 9 * SECOND,
    };
    const { result, events } = observe({ ...plan, workload });
    expect(result.verdict, story(result)).toBe('pass');
    expect(events.filter(({ name }) => name === 'sessionAttached')).toHaveLength(4);
    expect(events.filter(({ name }) => name === 'sessionExpired')).toEqual([]);
  });

  it.each(SIDES)('of a %s that is cut off expires within a tick of its time-out', (side) => {
    const ensemble = new ServiceWorld();
    const client = ensemble.connect(serverOf(ensemble, side));
    const news = trackNews(ensemble, client.session);
    client.ask(create('/e', CREATE_MODE.EPHEMERAL));
    const lastAnswerAt = ensemble.now;
    client.close();
    ensemble.runUntil(() => ensemble.times(KEEPER_EVENTS.sessionExpired).length > 0);
    const [expiredAt = 0] = ensemble.times(KEEPER_EVENTS.sessionExpired);
    const lastSignAt = side === 'leader' ? lastAnswerAt : news();
    // The leader heard of the request up to a millisecond or two before it was answered.
    expect(expiredAt).toBeGreaterThanOrEqual(lastSignAt + TIMEOUT - (side === 'leader' ? 3000 : 0));
    expect(expiredAt).toBeLessThanOrEqual(lastSignAt + TIMEOUT + TICK);
  });

  it('takes its ephemerals with it, on all servers at one zxid', () => {
    const ensemble = new ServiceWorld();
    const client = ensemble.connect(serverOf(ensemble, 'follower'));
    for (const path of ['/e', '/f', '/g']) client.ask(create(path, CREATE_MODE.EPHEMERAL));
    client.ask(create('/stays'));
    client.close();
    ensemble.runUntil(() => ensemble.times(KEEPER_EVENTS.sessionExpired).length > 0);
    ensemble.runFor(50_000);
    const ends = ensemble.serverIds.map((sid) => {
      const txn = ensemble.delivered(sid).findLast(({ type }) => type === OP.closeSession);
      const { tree } = ensemble.server(sid);
      const { children, pzxid } = tree.find('/') ?? {};
      expect(pzxid).toBe(txn?.zxid);
      return { zxid: txn?.zxid, children: [...(children ?? [])], left: tree.ephemeralCount };
    });
    expect(ends[0]?.children).toEqual(['zookeeper', 'stays']);
    expect(ends[0]?.left).toBe(0);
    expect(ends).toEqual([ends[0], ends[0], ends[0]]);
  });

  it('that has expired is refused at every server', () => {
    const ensemble = new ServiceWorld();
    const client = ensemble.connect(1);
    client.close();
    ensemble.runUntil(() => ensemble.times(KEEPER_EVENTS.sessionExpired).length > 0);
    ensemble.runFor(50_000);
    for (const sid of ensemble.serverIds) {
      const late = comeBack(ensemble, client, sid);
      expect(late.welcome?.timeoutMs).toBe(0);
      ensemble.runUntil(() => late.isClosed);
      expect(late.isClosed).toBe(true);
    }
  });

  it.each(SIDES)('of a %s outlives its server, with its ephemerals', (side) => {
    const ensemble = new ServiceWorld();
    const sid = serverOf(ensemble, side);
    const client = ensemble.connect(sid);
    client.ask(create('/e', CREATE_MODE.EPHEMERAL));
    ensemble.kill(sid);
    ensemble.runFor(20_000);
    ensemble.awaitService();
    const other = comeBack(ensemble, client, ensemble.leader);
    expect(other.session).toBe(client.session);
    expect(other.ask(exists('/e'))?.body?.stat.ephemeralOwner).toBe(client.session);
  });

  it('gets its full time-out from a new leader', () => {
    const ensemble = new ServiceWorld();
    const old = ensemble.leader;
    const client = ensemble.connect(old);
    const lastSignAt = ensemble.now;
    client.close();
    ensemble.runFor(TIMEOUT - TICK);
    ensemble.kill(old);
    ensemble.runUntil(() => ensemble.times(KEEPER_EVENTS.sessionExpired).length > 0);
    const establishedAt = ensemble.times(ZAB_EVENTS.established).at(-1) ?? 0;
    const [expiredAt = 0] = ensemble.times(KEEPER_EVENTS.sessionExpired);
    expect(establishedAt).toBeGreaterThan(lastSignAt + TIMEOUT - TICK);
    expect(expiredAt).toBeGreaterThanOrEqual(establishedAt + TIMEOUT);
    expect(expiredAt).toBeLessThanOrEqual(establishedAt + TIMEOUT + TICK);
  });
});

describe('a session that moves', () => {
  it('is refused at its old server for writes, while reads there still work', () => {
    const ensemble = new ServiceWorld();
    const [here, there] = ensemble.followers as [number, number];
    const old = ensemble.connect(here);
    old.ask(create('/x', CREATE_MODE.PERSISTENT, 'before'));
    const now = comeBack(ensemble, old, there);
    expect(now.session).toBe(old.session);
    expect(dataOf(old, '/x')).toBe('before');
    expect(old.ask(PING)?.err).toBe(CODE.OK);
    expect(old.ask(setData('/x', 'refused'))).toBeNull();
    expect(old.isClosed).toBe(true);
    expect(now.ask(setData('/x', 'after'))?.err).toBe(CODE.OK);
    expect(dataOf(now, '/x')).toBe('after');
    expect(ensemble.times(KEEPER_EVENTS.sessionMoved)).toHaveLength(1);
    expect(ensemble.times(KEEPER_EVENTS.requestMoved)).toHaveLength(1);
  });

  it('and comes back does not meet a write that was on its way there all the time', () => {
    const ensemble = new ServiceWorld();
    const [here, there] = ensemble.followers as [number, number];
    const { leader, world } = ensemble;
    const first = ensemble.connect(here);
    first.ask(create('/x'));
    world.cutLink(here, leader);
    first.send(setData('/x', 'first'));
    ensemble.runFor(20_000);
    first.close();
    const second = comeBack(ensemble, first, there);
    expect(second.ask(setData('/x', 'second'))?.err).toBe(CODE.OK);
    second.close();
    ensemble.runFor(20_000);
    const third = ensemble.dial(here, { ...second.ticket, lastZxidSeen: second.lastZxid });
    ensemble.runFor(100_000);
    // The write and the question about the session reach the leader together.
    world.healLink(here, leader);
    ensemble.runUntil(() => third.welcome !== null);
    expect(third.session).toBe(first.session);
    expect(dataOf(third, '/x')).toBe('second');
    expect(third.ask(setData('/x', 'third'))?.err).toBe(CODE.OK);
  });

  it.each(SIDES)('has one connection at a %s, the one that came last', (side) => {
    const ensemble = new ServiceWorld();
    const client = ensemble.connect(2);
    client.close();
    const sid = serverOf(ensemble, side);
    const both = [ensemble.dial(sid, client.ticket), ensemble.dial(sid, client.ticket)];
    ensemble.runFor(50_000);
    expect(both.map(({ isClosed }) => isClosed).sort()).toEqual([false, true]);
    const [last] = both.filter(({ isClosed }) => !isClosed);
    expect(last?.ask(CLOSE)?.err).toBe(CODE.OK);
    ensemble.runFor(50_000);
    expect(both.every(({ isClosed }) => isClosed)).toBe(true);
  });
});

describe('a server turns away', () => {
  it.each(SIDES)('at the %s whoever has a wrong password, and the session lives', (side) => {
    const ensemble = new ServiceWorld();
    const sid = serverOf(ensemble, side);
    const client = ensemble.connect(sid);
    const password = new Uint8Array(16).fill(7);
    const thief = ensemble.connect(sid, { session: client.session, password });
    expect(thief.welcome?.timeoutMs).toBe(0);
    ensemble.runUntil(() => thief.isClosed && client.isClosed);
    // The rightful client is cut off all the same, and comes back.
    expect([thief.isClosed, client.isClosed]).toEqual([true, true]);
    expect(comeBack(ensemble, client, sid).session).toBe(client.session);
  });

  it('a client that has seen a newer zxid, without a word', () => {
    const ensemble = new ServiceWorld();
    const [behind, ahead] = ensemble.followers as [number, number];
    const client = ensemble.connect(ahead);
    ensemble.cut(behind, ensemble.leader);
    client.ask(create('/x'));
    const early = comeBack(ensemble, client, behind);
    expect([early.welcome, early.isClosed]).toEqual([null, true]);
    expect(ensemble.times(KEEPER_EVENTS.clientAheadRefused)).toHaveLength(1);
    ensemble.heal(behind, ensemble.leader);
    ensemble.runFor(2_000_000);
    ensemble.awaitService();
    expect(comeBack(ensemble, client, behind).session).toBe(client.session);
  });
});
