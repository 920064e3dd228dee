import { describe, expect, it } from 'vitest';
import { CODE } from '../../src/keeper/codes.ts';
import { KEEPER_EVENTS } from '../../src/keeper/events.ts';
import { CREATE_MODE } from '../../src/keeper/requests.ts';
import { NO_SESSION } from '../../src/keeper/session-id.ts';
import { formatZxid, ZXID_ZERO, type Zxid } from '../../src/zab/zxid.ts';
import { FactsWorld, lines, MS, SECOND } from '../support/facts-world.ts';
import { create, exists, PING } from '../support/questions.ts';
import type { RawClient } from '../support/service-world.ts';

const TIMEOUT = { timeoutMs: 6000 };
const TICK = 500 * MS;

function comeBack(world: FactsWorld, client: RawClient, sid: number): RawClient {
  const ticket = { ...TIMEOUT, ...client.ticket, lastZxidSeen: client.lastZxid };
  return world.connect(sid, ticket);
}

describe('a session, as recorded', () => {
  it('outlives the leader that it was connected to, with its ephemeral nodes', () => {
    const world = new FactsWorld();
    world.start([1, 2, 3], 2500);
    const client = world.connect(2, TIMEOUT);
    client.ask(create('/e', CREATE_MODE.EPHEMERAL));
    world.kill(2);
    world.awaitService();
    const resumed = comeBack(world, client, 1);
    expect(resumed.session).toBe(client.session);
    expect(resumed.ask(exists('/e'))?.body?.stat.ephemeralOwner).toBe(client.session);
  });

  it('ends within a tick or so of its time-out, and is then answered with session id 0', () => {
    const world = new FactsWorld();
    world.start([1, 2, 3], 2500);
    const client = world.connect(1, TIMEOUT);
    client.ask(create('/e', CREATE_MODE.EPHEMERAL));
    client.close();
    const closedAt = world.now;
    world.runUntil(() => world.server(1).tree.find('/e') === undefined);
    // A follower tells the leader twice a tick whom it has heard; sessions end at full ticks.
    expect(world.now - closedAt).toBeGreaterThan(6000 * MS - TICK / 2);
    expect(world.now - closedAt).toBeLessThan(6000 * MS + 2 * TICK);
    for (const sid of world.serverIds) {
      const { welcome } = comeBack(world, client, sid);
      expect([welcome?.session, welcome?.timeoutMs]).toEqual([NO_SESSION, 0]);
    }
  });

  it('does not end while there is no quorum, and has its full time-out when there is one', () => {
    const world = new FactsWorld();
    world.startAll();
    const client = world.connect(1, TIMEOUT);
    client.ask(create('/e', CREATE_MODE.EPHEMERAL));
    world.kill(2);
    world.kill(3);
    world.runFor(60 * SECOND);
    world.restart(2);
    const servedAt = world.now;
    world.runFor(5 * SECOND);
    expect(world.times(KEEPER_EVENTS.sessionExpired)).toEqual([]);
    world.runUntil(() => world.times(KEEPER_EVENTS.sessionExpired).length > 0);
    expect(world.now - servedAt).toBeGreaterThan(6000 * MS - 5 * MS);
    expect(world.now - servedAt).toBeLessThan(6000 * MS + 2 * TICK);
  });

  it('gets the time-out that it asks for, but not below two ticks or above twenty', () => {
    const world = new FactsWorld();
    world.startAll();
    const granted = [1, 6000, 1_000_000].map((timeoutMs) => {
      return world.connect(1, { timeoutMs }).welcome?.timeoutMs;
    });
    expect(granted).toEqual([1000, 6000, 10_000]);
  });
});

/** A client that has read from a new leader, and asks a follower to go on with its session. */
function readAndMove(bug: string | null): { world: FactsWorld; read: Zxid; moved: RawClient } {
  const world = new FactsWorld({ bug });
  world.start([1, 2, 3], 2500);
  const client = world.connect(1, TIMEOUT);
  client.ask(create('/x'));
  world.runFor(SECOND);
  world.kill(2);
  world.awaitService();
  const reader = comeBack(world, client, 3);
  const read = reader.ask(exists('/x'))?.zxid ?? ZXID_ZERO;
  return { world, read, moved: comeBack(world, reader, 1) };
}

describe('a client that has read from a leader whose epoch has no transaction yet', () => {
  it('may go on at a follower', () => {
    const { world, read, moved } = readAndMove(null);
    expect([world.show(1), world.show(3)]).toEqual([
      '1:follower 0x100000002 e2',
      '3:leader 0x200000000 e2',
    ]);
    expect([formatZxid(read), moved.welcome?.timeoutMs]).toEqual(['0x100000002', 6000]);
  });

  it("is turned away by ZooKeeper's followers until there is one, since it knows of the epoch", () => {
    const { world, read, moved } = readAndMove('epoch-locks-out-clients');
    expect([formatZxid(read), moved.welcome, moved.isClosed]).toEqual(['0x200000000', null, true]);
    world.connect(3);
    world.runFor(SECOND / 10);
    expect(comeBack(world, moved, 1).welcome).not.toBeNull();
  });
});

describe('a client', () => {
  it('of a server that looks for a leader is heard, and turned away when it says who it is', () => {
    const world = new FactsWorld();
    world.start([1], 1000);
    const client = world.dial(1);
    const dialledAt = world.now;
    world.runUntil(() => client.isClosed);
    expect(client.welcome).toBeNull();
    // The way there and back is gone twice: the connection stands before it is closed.
    expect(world.now - dialledAt).toBeGreaterThan(4 * 300);
  });

  it('that comes back makes the leader take its session to the new server', () => {
    const world = new FactsWorld();
    world.start([1, 2, 3], 2500);
    const client = world.connect(1, TIMEOUT);
    client.ask(create('/x'));
    client.close();
    world.rewind();
    const resumed = comeBack(world, client, 3);
    const id = `0x1${(client.session % 2 ** 45).toString(16).padStart(14, '0')}`;
    expect(world.talk(2, 3)).toEqual(
      lines(`
        3 -> 2 REVALIDATE 0xffffffffffffffff session=${id}
        2 -> 3 REVALIDATE 0xffffffffffffffff session=${id} isAlive=true
      `),
    );
    expect(resumed.ask(create('/y'))?.err).toBe(CODE.OK);
  });

  it('of a leader that stands still is served elsewhere when it moves, and its session lives', () => {
    const world = new FactsWorld();
    world.startAll();
    const client = world.connect(3, TIMEOUT);
    client.ask(create('/e', CREATE_MODE.EPHEMERAL));
    world.world.host(3).pause();
    world.runFor(4 * SECOND);
    const moved = comeBack(world, client, 1);
    expect(moved.session).toBe(client.session);
    expect(moved.ask(create('/x'))?.err).toBe(CODE.OK);
    world.runFor(2 * SECOND);
    world.world.host(3).resume();
    world.runFor(SECOND);
    expect(moved.ask(PING)?.err).toBe(CODE.OK);
    expect(client.isClosed).toBe(true);
    expect(world.server(3).tree.find('/e')).toBeDefined();
  });
});
