import { describe, expect, it } from 'vitest';
import { CODE, OP } from '../../src/keeper/codes.ts';
import { FactsWorld, lines, SECOND, wayOf } from '../support/facts-world.ts';
import { CLOSE, create, sync } from '../support/questions.ts';

const SEEDS = ['facts', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight'];
const WRONG_VERSION = { type: OP.setData, body: { path: '/x', data: null, version: 9 } } as const;

/** The place of a line in a recording. */
function placeOf(recording: readonly string[], text: string): number {
  const place = recording.indexOf(text);
  expect(place, text).toBeGreaterThanOrEqual(0);
  return place;
}

describe('the requests of a client of a follower, as recorded', () => {
  const recording = lines(`
    1 -> 2 REQUEST  0xffffffffffffffff createSession cxid=0
    2 -> 3 PROPOSAL 0x100000001        createSession cxid=0
    2 -> 1 PROPOSAL 0x100000001        createSession cxid=0
    3 -> 2 ACK      0x100000001
    1 -> 2 ACK      0x100000001
    2 -> 3 COMMIT   0x100000001
    2 -> 1 COMMIT   0x100000001
    1 -> 2 REQUEST  0xffffffffffffffff create cxid=1
    2 -> 3 PROPOSAL 0x100000002        create cxid=1
    2 -> 1 PROPOSAL 0x100000002        create cxid=1
    1 -> 2 ACK      0x100000002
    2 -> 3 COMMIT   0x100000002
    2 -> 1 COMMIT   0x100000002
    3 -> 2 ACK      0x100000002
    1 -> 2 REQUEST  0xffffffffffffffff sync cxid=2
    2 -> 1 SYNC     0x0
    1 -> 2 REQUEST  0xffffffffffffffff setData cxid=3
    2 -> 3 PROPOSAL 0x100000003        error cxid=3
    2 -> 1 PROPOSAL 0x100000003        error cxid=3
    3 -> 2 ACK      0x100000003
    1 -> 2 ACK      0x100000003
    2 -> 3 COMMIT   0x100000003
    2 -> 1 COMMIT   0x100000003
    1 -> 2 REQUEST  0xffffffffffffffff closeSession cxid=4
    2 -> 1 PROPOSAL 0x100000004        closeSession cxid=4
    2 -> 3 PROPOSAL 0x100000004        closeSession cxid=4
    1 -> 2 ACK      0x100000004
    2 -> 1 COMMIT   0x100000004
    2 -> 3 COMMIT   0x100000004
    3 -> 2 ACK      0x100000004
  `);

  it.each(SEEDS)('go to the leader, which has everybody agree on all but sync (%s)', (seed) => {
    const world = new FactsWorld({ seed });
    world.start([1, 2, 3], 2500);
    world.rewind();
    const client = world.connect(1);
    expect(client.ask(create('/x'))?.err).toBe(CODE.OK);
    expect(client.ask(sync('/x'))?.err).toBe(CODE.OK);
    expect(client.ask(WRONG_VERSION)?.err).toBe(CODE.BADVERSION);
    expect(client.ask(CLOSE)?.err).toBe(CODE.OK);
    world.runFor(SECOND / 10);
    for (const [from, to] of [[1, 2] as const, [2, 1] as const, [2, 3] as const, [3, 2] as const]) {
      expect(world.way(from, to)).toEqual(wayOf(recording, from, to));
    }
    // Nobody acknowledges what was not proposed to it, and a quorum comes before the commit.
    for (const counter of [1, 2, 3, 4]) {
      const zxid = `0x10000000${counter}`;
      const acks = [1, 3].map((follower) => {
        const talk = world.talk(2, follower);
        const proposal = talk.findIndex((line) => line.includes(` PROPOSAL ${zxid} `));
        const ack = placeOf(talk, `${follower} -> 2 ACK ${zxid}`);
        expect(proposal).toBeLessThan(ack);
        return ack < placeOf(talk, `2 -> ${follower} COMMIT ${zxid}`);
      });
      expect(acks).toContain(true);
    }
  });
});

describe('a sync', () => {
  it('that finds a proposal undecided is answered behind its commit', () => {
    const world = new FactsWorld();
    world.start([1, 2, 3], 2500);
    const writer = world.connect(3);
    const reader = world.connect(1);
    for (const sid of world.serverIds) world.world.host(sid).disk.slowdown.add(100);
    world.rewind();
    writer.send(create('/slow'));
    world.runFor(5000);
    reader.ask(sync('/slow'));
    expect(world.way(2, 1)).toEqual(
      lines(`
        2 -> 1 PROPOSAL 0x100000003 create cxid=1
        2 -> 1 COMMIT   0x100000003
        2 -> 1 SYNC     0x0
      `),
    );
  });
});

describe('the leader tells an observer', () => {
  it('the history as it tells a follower, and what is committed in one packet each', () => {
    const world = new FactsWorld({ observers: 1 });
    world.start([1, 2, 3, 4], 2500);
    const client = world.connect(4);
    client.ask(create('/x'));
    client.ask(sync('/x'));
    client.ask(CLOSE);
    world.runFor(SECOND / 10);
    expect(world.talk(2, 4)).toEqual(
      lines(`
        4 -> 2 OBSERVERINFO 0x0                sid=4 acceptedEpoch=0
        2 -> 4 LEADERINFO   0x100000000
        4 -> 2 ACKEPOCH     0x0                currentEpoch=0
        2 -> 4 SNAP         0x100000000
        2 -> 4 (snapshot stream)
        2 -> 4 NEWLEADER    0x100000000
        4 -> 2 ACK          0x100000000
        2 -> 4 UPTODATE     0xffffffffffffffff
        4 -> 2 ACK          0x100000000
        4 -> 2 REQUEST      0xffffffffffffffff createSession cxid=0
        2 -> 4 INFORM       0x100000001        createSession cxid=0
        4 -> 2 REQUEST      0xffffffffffffffff create cxid=1
        2 -> 4 INFORM       0x100000002        create cxid=1
        4 -> 2 REQUEST      0xffffffffffffffff sync cxid=2
        2 -> 4 SYNC         0x0
        4 -> 2 REQUEST      0xffffffffffffffff closeSession cxid=3
        2 -> 4 INFORM       0x100000003        closeSession cxid=3
      `),
    );
    expect(world.show(4)).toBe('4:observer 0x100000003 e1');
  });

  it('what it has missed as proposals with their commits, and nothing that is undecided', () => {
    const world = new FactsWorld({ observers: 1 });
    world.start([1, 2, 3, 4], 2500);
    const client = world.connect(2);
    client.ask(create('/x'));
    world.runFor(SECOND);
    world.kill(4);
    client.ask(create('/y'));
    for (const sid of [1, 2, 3]) world.world.host(sid).disk.slowdown.add(1000);
    client.send(create('/slow'));
    world.rewind();
    world.restart(4);
    world.runFor(SECOND);
    expect(world.way(2, 4)).toEqual(
      lines(`
        2 -> 4 LEADERINFO 0x100000000
        2 -> 4 DIFF       0x100000003
        2 -> 4 PROPOSAL   0x100000003 create cxid=2
        2 -> 4 COMMIT     0x100000003
        2 -> 4 NEWLEADER  0x100000000
        2 -> 4 UPTODATE   0xffffffffffffffff
        2 -> 4 INFORM     0x100000004 create cxid=3
      `),
    );
    expect(world.way(4, 2)).toEqual(
      lines(`
        4 -> 2 OBSERVERINFO 0x100000000 sid=4 acceptedEpoch=1
        4 -> 2 ACKEPOCH     0x100000002 currentEpoch=-1
        4 -> 2 ACK          0x100000000
        4 -> 2 ACK          0x100000000
      `),
    );
  });
});

describe('an observer', () => {
  it('counts neither for an election nor for a commit', () => {
    const world = new FactsWorld({ observers: 2 });
    world.start([4, 5, 1], 2500);
    world.runFor(10 * SECOND);
    expect([1, 4, 5].map((sid) => world.show(sid))).toEqual([
      '1:looking - e0',
      '4:looking - e0',
      '5:looking - e0',
    ]);
    world.start([2], 2500);
    expect(world.show(2)).toBe('2:leader 0x100000000 e1');
  });

  it('goes with the new leader, though nobody tells it of the election unasked', () => {
    const world = new FactsWorld({ observers: 1 });
    world.start([1, 2, 3, 4], 2500);
    world.connect(4).ask(create('/x'));
    world.kill(2);
    world.rewind();
    world.awaitService();
    expect(world.show(4)).toBe('4:observer 0x100000002 e2');
    expect(world.talk(3, 4, 'election')[0]).toMatch(/^4 -> 3 /);
    expect(world.syncsOf(3, 4)).toEqual(['DIFF 0x100000002']);
  });
});
