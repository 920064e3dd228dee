import { describe, expect, it } from 'vitest';
import { CODE } from '../../src/keeper/codes.ts';
import { ZAB_EVENTS } from '../../src/zab/events.ts';
import { formatZxid, ZXID_ZERO } from '../../src/zab/zxid.ts';
import { FactsWorld, lines, SECOND, wayOf } from '../support/facts-world.ts';
import { create, exists } from '../support/questions.ts';
import type { RawClient } from '../support/service-world.ts';

const SEEDS = ['facts', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight'];

/** Server 2 leads 1 and 3, and `count` transactions have been carried out, a session among them. */
function ledByTwo(count: number, seed = 'facts'): { world: FactsWorld; client: RawClient } {
  const world = new FactsWorld({ seed });
  world.start([1, 2, 3], 2500);
  const client = world.connect(1);
  for (let n = 1; n < count; n++) client.ask(create(`/n${n}`));
  world.runFor(SECOND);
  return { world, client };
}

function zxidOf(client: RawClient, path: string): string {
  return formatZxid(client.ask(create(path))?.zxid ?? ZXID_ZERO);
}

describe('after a cold start, as recorded', () => {
  it.each([
    {
      order: [1, 2, 3, 4, 5],
      gapMs: 3000,
      leader: 3,
      up: 3,
      zxids: ['0x0', '0x0', '0x100000000', '0x100000000', '0x100000000'],
    },
    {
      order: [1, 2, 3],
      gapMs: 3000,
      leader: 2,
      up: 2,
      zxids: ['0x0', '0x100000000', '0x100000000'],
    },
    {
      order: [5, 4, 3, 2, 1],
      gapMs: 3000,
      leader: 5,
      up: 3,
      zxids: ['0x100000000', '0x100000000', '0x0', '0x0', '0x100000000'],
    },
    { order: [1, 2, 3], gapMs: 0, leader: 3, up: 3, zxids: ['0x0', '0x0', '0x100000000'] },
  ])('in the order $order, $gapMs ms apart, $leader leads in epoch 1', (fact) => {
    const world = new FactsWorld({ servers: fact.order.length });
    const early = fact.order.slice(0, fact.up - 1);
    world.start(early, fact.gapMs);
    for (const sid of early) expect(world.show(sid)).toBe(`${sid}:looking - e0`);
    world.start(fact.order.slice(fact.up - 1), fact.gapMs);
    world.runFor(2 * SECOND);
    const shown = fact.zxids.map((zxid, index) => {
      const role = index + 1 === fact.leader ? 'leader' : 'follower';
      return `${index + 1}:${role} ${zxid} e1`;
    });
    expect(world.showAll()).toEqual(shown);
    expect(world.times(ZAB_EVENTS.established)).toHaveLength(1);
  });

  it('whoever got a snapshot is ahead of those who did not, whatever their ids', () => {
    const world = new FactsWorld({ servers: 5 });
    world.start([5, 4, 3, 2, 1], 3000);
    world.kill(5);
    world.awaitService();
    expect(world.show(2)).toBe('2:leader 0x200000000 e2');
  });
});

describe('the votes of a cold start with gaps, as recorded', () => {
  const recording = lines(`
    2 -> 1 LOOKING   0x0 leader=2 round=1 peerEpoch=0
    1 -> 2 LOOKING   0x0 leader=1 round=1 peerEpoch=0
    1 -> 2 LOOKING   0x0 leader=2 round=1 peerEpoch=0
    1 -> 3 LOOKING   0x0 leader=2 round=1 peerEpoch=0
    2 -> 3 LOOKING   0x0 leader=2 round=1 peerEpoch=0
    3 -> 2 LOOKING   0x0 leader=3 round=1 peerEpoch=0
    3 -> 1 LOOKING   0x0 leader=3 round=1 peerEpoch=0
    2 -> 3 LEADING   0x0 leader=2 round=1 peerEpoch=1
    1 -> 3 FOLLOWING 0x0 leader=2 round=1 peerEpoch=1
  `);

  it.each(SEEDS)('are what each server tells each other one (%s)', (seed) => {
    const world = new FactsWorld({ seed });
    world.start([1, 2, 3], 2500);
    for (const from of [1, 2, 3]) {
      for (const to of [1, 2, 3]) {
        expect(world.way(from, to, 'election')).toEqual(wayOf(recording, from, to));
      }
    }
  });
});

describe('when the leader is killed and all others are in sync', () => {
  it('the highest id leads in the next epoch, as recorded', () => {
    const { world } = ledByTwo(4);
    expect(world.show(2)).toBe('2:leader 0x100000004 e1');
    world.kill(2);
    world.awaitService();
    expect(world.showAll()).toEqual([
      '1:follower 0x100000004 e2',
      '2:down - e1',
      '3:leader 0x200000000 e2',
    ]);
    expect(zxidOf(world.connect(3), '/first')).toBe('0x200000002');
    world.runFor(SECOND);
    world.rewind();
    world.restart(2);
    expect(world.syncsOf(3, 2)).toEqual(['DIFF 0x200000002']);
    expect(world.showAll()).toEqual([
      '1:follower 0x200000002 e2',
      '2:follower 0x200000002 e2',
      '3:leader 0x200000002 e2',
    ]);
  });

  it('one of the next round asks the others to vote, and they agree in a few messages', () => {
    const { world } = ledByTwo(4);
    world.rewind();
    world.kill(2);
    world.awaitService();
    const [votesOfOne, votesOfThree] = [world.way(1, 3, 'election'), world.way(3, 1, 'election')];
    expect(votesOfOne.at(-1)).toBe('1 -> 3 LOOKING 0x100000004 leader=3 round=2 peerEpoch=1');
    expect(new Set(votesOfThree)).toEqual(
      new Set(['3 -> 1 LOOKING 0x100000004 leader=3 round=2 peerEpoch=1']),
    );
  });

  it('and comes back, it is told of the round and the epoch that it has missed', () => {
    const { world } = ledByTwo(4);
    world.kill(2);
    world.awaitService();
    world.rewind();
    world.restart(2);
    expect(world.way(1, 2, 'election').at(-1)).toBe(
      '1 -> 2 FOLLOWING 0x100000004 leader=3 round=2 peerEpoch=2',
    );
    expect(world.way(3, 2, 'election').at(-1)).toBe(
      '3 -> 2 LEADING 0x100000004 leader=3 round=2 peerEpoch=2',
    );
  });

  it('every election adds one to the epoch, of those who take part in it', () => {
    const { world } = ledByTwo(4);
    world.kill(1);
    for (const epoch of [2, 3, 4]) {
      world.kill(2);
      world.kill(3);
      world.restart(2, 3);
      expect(world.showAll()).toEqual([
        '1:down - e1',
        `2:follower 0x100000004 e${epoch}`,
        `3:leader 0x${epoch}00000000 e${epoch}`,
      ]);
    }
    world.restart(1);
    expect(world.show(1)).toMatch(/^1:follower 0x\w+ e4$/);
  });
});

describe('two of three servers killed', () => {
  /** Cut off, a client tries again as long as there is no quorum. */
  function comeBack(world: FactsWorld, client: RawClient): RawClient {
    return world.connect(client.sid, { ...client.ticket, lastZxidSeen: client.lastZxid });
  }

  it('and the leader left: it answers reads, cuts its clients, and keeps what it has logged', () => {
    const world = new FactsWorld();
    world.startAll();
    const client = world.connect(3, { timeoutMs: 6000 });
    client.ask(create('/x'));
    world.runFor(SECOND);
    const killedAt = world.now;
    world.kill(1);
    world.kill(2);
    expect(client.ask(exists('/x'))?.err).toBe(CODE.OK);
    expect(client.ask(create('/unanswered'))).toBeNull();
    expect(client.isClosed).toBe(true);
    // A quorum is looked for once a tick.
    expect(world.now - killedAt).toBeLessThanOrEqual(SECOND / 2 + 1000);
    expect(world.showAll()).toEqual(['1:down - e1', '2:down - e1', '3:looking - e1']);

    const refused = comeBack(world, client);
    expect([refused.isClosed, refused.welcome]).toEqual([true, null]);
    world.runFor(20 * SECOND);
    world.restart(1);
    const resumed = comeBack(world, client);
    expect(resumed.session).toBe(client.session);
    expect(resumed.ask(exists('/unanswered'))?.err).toBe(CODE.OK);
    expect(world.showAll()).toEqual([
      '1:follower 0x100000003 e2',
      '2:down - e1',
      '3:leader 0x200000000 e2',
    ]);
  });

  it('and a follower left: it cuts its clients at once, and what it had forwarded is lost', () => {
    const world = new FactsWorld();
    world.startAll();
    const client = world.connect(1, { timeoutMs: 6000 });
    client.ask(create('/x'));
    world.runFor(SECOND);
    const killedAt = world.now;
    world.kill(2);
    world.kill(3);
    client.send(create('/unanswered'));
    world.runUntil(() => client.isClosed);
    expect(world.now - killedAt).toBeLessThan(5000);
    expect(client.replies).toHaveLength(1);
    world.runFor(20 * SECOND);
    world.restart(2);
    const resumed = comeBack(world, client);
    expect(resumed.session).toBe(client.session);
    expect(resumed.ask(exists('/unanswered'))?.err).toBe(CODE.NONODE);
    expect(world.showAll()).toEqual([
      '1:follower 0x100000002 e2',
      '2:leader 0x200000000 e2',
      '3:down - e1',
    ]);
  });
});

describe('a leader that stands still for longer than syncLimit', () => {
  it('is succeeded, finds out within a tick of its return, and loses what only it has', () => {
    const world = new FactsWorld();
    world.startAll();
    const client = world.connect(3, { timeoutMs: 6000 });
    const other = world.connect(1, { timeoutMs: 6000 });
    client.ask(create('/x'));
    world.runFor(SECOND);
    const pausedAt = world.now;
    world.world.host(3).pause();
    client.send(exists('/x'));
    client.send(create('/late'));
    world.runUntil(() => other.isClosed);
    const silence = world.now - pausedAt;
    expect(silence).toBeGreaterThan(1.7 * SECOND);
    expect(silence).toBeLessThan(2.3 * SECOND);
    world.runFor(3 * SECOND);
    expect(world.showAll()).toEqual([
      '1:follower 0x100000003 e2',
      '2:leader 0x200000000 e2',
      '3:leader 0x100000003 e1',
    ]);
    expect([client.isClosed, client.replies]).toMatchObject([false, [{ err: CODE.OK }]]);

    world.rewind();
    world.world.host(3).resume();
    const resumedAt = world.now;
    world.runUntil(() => client.isClosed);
    expect(world.now - resumedAt).toBeLessThanOrEqual(SECOND / 2 + 2000);
    // It has read on where it stood still, and answered from what it had.
    expect(client.replies.map(({ zxid }) => formatZxid(zxid))).toEqual([
      '0x100000003',
      '0x100000003',
    ]);
    world.runFor(SECOND);
    expect(world.show(3)).toBe('3:follower 0x100000003 e2');
    expect(world.syncsOf(2, 3)).toEqual(['TRUNC 0x100000003']);
  });
});

describe('a leader that the others cannot reach any more', () => {
  it('answers reads for a while, gives up with the others, and learns of its successor later', () => {
    const world = new FactsWorld();
    world.startAll();
    const client = world.connect(3, { timeoutMs: 6000 });
    client.ask(create('/x'));
    world.runFor(SECOND);
    const cutAt = world.now;
    for (const sid of [1, 2]) world.cut(3, sid);
    world.runFor(SECOND);
    expect(client.ask(exists('/x'))?.err).toBe(CODE.OK);
    expect(client.ask(create('/alone'))).toBeNull();
    // syncLimit, which begins with the last packet, and up to a tick until it looks for its quorum.
    expect(world.now - cutAt).toBeGreaterThan(1.7 * SECOND);
    expect(world.now - cutAt).toBeLessThan(2.6 * SECOND);
    world.runFor(SECOND);
    expect(world.showAll()).toEqual([
      '1:follower 0x100000002 e2',
      '2:leader 0x200000000 e2',
      '3:looking - e1',
    ]);
    world.rewind();
    for (const sid of [1, 2]) world.heal(3, sid);
    world.awaitService();
    expect(world.syncsOf(2, 3)).toEqual(['TRUNC 0x100000002']);
    expect(world.show(3)).toBe('3:follower 0x100000002 e2');
  });
});

describe('a proposal of a leader that dies', () => {
  it('is committed by its successor if the best of the survivors has logged it', () => {
    const world = new FactsWorld({ servers: 5 });
    world.startAll();
    const client = world.connect(5);
    client.ask(create('/x'));
    world.runFor(SECOND);
    for (const sid of [1, 2, 3]) world.kill(sid);
    client.send(create('/unanswered'));
    world.runFor(SECOND / 10);
    world.kill(5);
    expect(client.replies).toHaveLength(1);
    world.rewind();
    world.start([1, 2, 3]);
    world.awaitService();
    expect(world.showAll()).toEqual([
      '1:follower 0x100000003 e2',
      '2:follower 0x100000003 e2',
      '3:follower 0x100000003 e2',
      '4:leader 0x200000000 e2',
      '5:down - e1',
    ]);
    expect(world.talk(1, 4)).toEqual(
      lines(`
        1 -> 4 FOLLOWERINFO 0x100000000        sid=1 acceptedEpoch=1
        4 -> 1 LEADERINFO   0x200000000
        1 -> 4 ACKEPOCH     0x100000002        currentEpoch=1
        4 -> 1 DIFF         0x100000003
        4 -> 1 PROPOSAL     0x100000003        create cxid=2
        4 -> 1 COMMIT       0x100000003
        4 -> 1 NEWLEADER    0x200000000
        1 -> 4 ACK          0x200000000
        4 -> 1 UPTODATE     0xffffffffffffffff
        1 -> 4 ACK          0x200000000
      `),
    );
  });
});

describe('the last zxid of an epoch, 0xfffffffe', () => {
  it('is followed by an election, and the write that would have been next is lost', () => {
    const world = new FactsWorld({ timing: { counterStart: 0xfffffff0 } });
    world.start([1, 2, 3], 2500);
    expect(world.show(2)).toBe('2:leader 0x100000000 e1');
    const client = world.connect(1);
    for (let n = 2; n < 14; n++) client.ask(create(`/n${n}`));
    expect(zxidOf(client, '/last')).toBe('0x1fffffffe');
    expect(client.ask(create('/over'))).toBeNull();
    world.awaitService();
    expect(world.showAll()).toEqual([
      '1:follower 0x1fffffffe e2',
      '2:follower 0x1fffffffe e2',
      '3:leader 0x200000000 e2',
    ]);
    const resumed = world.connect(1, { ...client.ticket, lastZxidSeen: client.lastZxid });
    expect(resumed.session).toBe(client.session);
    expect(resumed.ask(exists('/over'))?.err).toBe(CODE.NONODE);
    expect(zxidOf(resumed, '/next')).toBe('0x2fffffff1');
  });
});
