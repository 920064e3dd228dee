import { describe, expect, it } from 'vitest';
import { FactsWorld, lines, SECOND, wayOf } from '../support/facts-world.ts';
import { create } from '../support/questions.ts';
import type { RawClient } from '../support/service-world.ts';

/** Server 2 leads, 1 and 3 follow; a client of the leader has its session and one node. */
function ledByTwo(bug: string | null = null): { world: FactsWorld; client: RawClient } {
  const world = new FactsWorld({ bug });
  world.start([1, 2, 3], 2500);
  const client = world.connect(2);
  client.ask(create('/n'));
  world.runFor(SECOND);
  return { world, client };
}

function write(client: RawClient, count: number, name = 'x'): void {
  for (let n = 0; n < count; n++) client.ask(create(`/${name}${n}`));
}

/** Server 1 misses five writes, comes back, and then hears of a sixth. */
function rejoinAfterFive(bug: string | null = null): FactsWorld {
  const { world, client } = ledByTwo(bug);
  world.kill(1);
  write(client, 5);
  world.rewind();
  world.restart(1);
  world.runFor(SECOND / 10);
  write(client, 1, 'y');
  world.runFor(SECOND / 10);
  return world;
}

/** Server 3 leads and has two transactions that it could send to nobody; then it is gone. */
function lonelyLeader(): FactsWorld {
  const world = new FactsWorld();
  world.startAll();
  const client = world.connect(3);
  write(client, 2);
  world.runFor(SECOND);
  world.kill(1);
  world.kill(2);
  client.send(create('/lost'));
  client.send(create('/lost too'));
  world.runFor(SECOND / 10);
  expect(world.show(3)).toBe('3:leader 0x100000003 e1');
  world.kill(3);
  world.start([1, 2]);
  world.awaitService();
  world.rewind();
  return world;
}

describe('a server that joins, as recorded', () => {
  it('when nothing has happened yet agrees with the first leader by an empty DIFF', () => {
    const world = new FactsWorld();
    world.start([1, 2], 2500);
    expect(world.talk(1, 2)).toEqual(
      lines(`
        1 -> 2 FOLLOWERINFO 0x0                sid=1 acceptedEpoch=0
        2 -> 1 LEADERINFO   0x100000000
        1 -> 2 ACKEPOCH     0x0                currentEpoch=0
        2 -> 1 DIFF         0x0
        2 -> 1 NEWLEADER    0x100000000
        1 -> 2 ACK          0x100000000
        2 -> 1 UPTODATE     0xffffffffffffffff
        1 -> 2 ACK          0x100000000
      `),
    );
  });

  it('an ensemble that serves gets a snapshot, if it is empty', () => {
    const world = new FactsWorld();
    world.start([1, 2, 3], 2500);
    expect(world.talk(3, 2)).toEqual(
      lines(`
        3 -> 2 FOLLOWERINFO 0x0                sid=3 acceptedEpoch=0
        2 -> 3 LEADERINFO   0x100000000
        3 -> 2 ACKEPOCH     0x0                currentEpoch=0
        2 -> 3 SNAP         0x100000000
        2 -> 3 (snapshot stream)
        2 -> 3 NEWLEADER    0x100000000
        3 -> 2 ACK          0x100000000
        2 -> 3 UPTODATE     0xffffffffffffffff
        3 -> 2 ACK          0x100000000
      `),
    );
  });
});

describe('a server that comes back, as recorded', () => {
  it('gets an empty DIFF if it has missed nothing', () => {
    const { world } = ledByTwo();
    world.kill(1);
    world.rewind();
    world.restart(1);
    expect(world.syncsOf(2, 1)).toEqual(['DIFF 0x100000002']);
    expect(world.talk(1, 2)).toHaveLength(8);
  });

  it('gets what it missed by DIFF, which does not count as a vote for an epoch it knows', () => {
    const world = rejoinAfterFive();
    const recording = lines(`
      1 -> 2 FOLLOWERINFO 0x100000000        sid=1 acceptedEpoch=1
      2 -> 1 LEADERINFO   0x100000000
      1 -> 2 ACKEPOCH     0x100000002        currentEpoch=-1
      2 -> 1 DIFF         0x100000007
      2 -> 1 PROPOSAL     0x100000003        create cxid=2
      2 -> 1 COMMIT       0x100000003
      2 -> 1 PROPOSAL     0x100000004        create cxid=3
      2 -> 1 COMMIT       0x100000004
      2 -> 1 PROPOSAL     0x100000005        create cxid=4
      2 -> 1 COMMIT       0x100000005
      2 -> 1 PROPOSAL     0x100000006        create cxid=5
      2 -> 1 COMMIT       0x100000006
      2 -> 1 PROPOSAL     0x100000007        create cxid=6
      2 -> 1 COMMIT       0x100000007
      2 -> 1 NEWLEADER    0x100000000
      1 -> 2 ACK          0x100000000
      2 -> 1 UPTODATE     0xffffffffffffffff
      1 -> 2 ACK          0x100000000
      2 -> 1 PROPOSAL     0x100000008        create cxid=7
      1 -> 2 ACK          0x100000008
      2 -> 1 COMMIT       0x100000008
    `);
    // The other follower's answer may be the one that commits it.
    for (const [from, to] of [[1, 2] as const, [2, 1] as const]) {
      expect(world.way(from, to)).toEqual(wayOf(recording, from, to));
    }
    expect(world.talk(1, 2).slice(0, -3)).toEqual(recording.slice(0, -3));
  });

  it('and acknowledges each transaction of it to a leader that takes the first for the whole', () => {
    const world = rejoinAfterFive('zookeeper-4685');
    const recording = lines(`
      1 -> 2 FOLLOWERINFO 0x100000000        sid=1 acceptedEpoch=1
      2 -> 1 LEADERINFO   0x100000000
      1 -> 2 ACKEPOCH     0x100000002        currentEpoch=-1
      2 -> 1 DIFF         0x100000007
      2 -> 1 PROPOSAL     0x100000003        create cxid=2
      2 -> 1 COMMIT       0x100000003
      2 -> 1 PROPOSAL     0x100000004        create cxid=3
      2 -> 1 COMMIT       0x100000004
      2 -> 1 PROPOSAL     0x100000005        create cxid=4
      2 -> 1 COMMIT       0x100000005
      2 -> 1 PROPOSAL     0x100000006        create cxid=5
      2 -> 1 COMMIT       0x100000006
      2 -> 1 PROPOSAL     0x100000007        create cxid=6
      2 -> 1 COMMIT       0x100000007
      2 -> 1 NEWLEADER    0x100000000
      1 -> 2 ACK          0x100000003
      2 -> 1 UPTODATE     0xffffffffffffffff
      1 -> 2 ACK          0x100000000
      1 -> 2 ACK          0x100000000
      1 -> 2 ACK          0x100000004
      1 -> 2 ACK          0x100000005
      1 -> 2 ACK          0x100000006
      1 -> 2 ACK          0x100000007
      2 -> 1 PROPOSAL     0x100000008        create cxid=7
      1 -> 2 ACK          0x100000008
      2 -> 1 COMMIT       0x100000008
    `);
    expect(world.way(2, 1)).toEqual(wayOf(recording, 2, 1));
    // How soon the others come behind the first is a matter of the disk.
    const [own, theirs] = [world.way(1, 2), wayOf(recording, 1, 2)];
    expect(own.slice(0, 3)).toEqual(theirs.slice(0, 3));
    expect([...own].sort()).toEqual([...theirs].sort());
    const talk = world.talk(1, 2);
    expect(talk.indexOf('1 -> 2 ACK 0x100000003')).toBeLessThan(
      talk.indexOf('2 -> 1 UPTODATE 0xffffffffffffffff'),
    );
  });

  it.each([
    { missed: 500, sync: 'DIFF' },
    { missed: 501, sync: 'SNAP' },
    { missed: 700, sync: 'SNAP' },
  ])('gets $sync if it has missed $missed transactions', ({ missed, sync }) => {
    const { world, client } = ledByTwo();
    world.kill(1);
    write(client, missed);
    world.rewind();
    world.restart(1);
    expect(world.syncsOf(2, 1)).toEqual([`${sync} 0x${(0x100000002 + missed).toString(16)}`]);
    const [one, two] = [world.show(1), world.show(2)].map((shown) => shown.split(' ')[1]);
    expect(one).toBe(two);
  });

  it('to a leader of a later epoch hears of the epoch, and counts', () => {
    const { world } = ledByTwo();
    world.kill(2);
    world.awaitService();
    world.rewind();
    world.restart(2);
    expect(world.talk(2, 3)).toEqual(
      lines(`
        2 -> 3 FOLLOWERINFO 0x100000000        sid=2 acceptedEpoch=1
        3 -> 2 LEADERINFO   0x200000000
        2 -> 3 ACKEPOCH     0x100000002        currentEpoch=1
        3 -> 2 DIFF         0x100000002
        3 -> 2 NEWLEADER    0x200000000
        2 -> 3 ACK          0x200000000
        3 -> 2 UPTODATE     0xffffffffffffffff
        2 -> 3 ACK          0x200000000
      `),
    );
  });

  it('with transactions of its own has them cut off, as long as the new epoch has none', () => {
    const world = lonelyLeader();
    world.restart(3);
    expect(world.talk(2, 3)).toEqual(
      lines(`
        3 -> 2 FOLLOWERINFO 0x100000000        sid=3 acceptedEpoch=1
        2 -> 3 LEADERINFO   0x200000000
        3 -> 2 ACKEPOCH     0x100000005        currentEpoch=1
        2 -> 3 TRUNC        0x100000003
        2 -> 3 NEWLEADER    0x200000000
        3 -> 2 ACK          0x200000000
        2 -> 3 UPTODATE     0xffffffffffffffff
        3 -> 2 ACK          0x200000000
      `),
    );
    expect(world.show(3)).toBe('3:follower 0x100000003 e2');
    world.kill(3);
    world.restart(3);
    expect(world.show(3)).toBe('3:follower 0x100000003 e2');
  });

  it('with transactions of its own gets a snapshot, once the new epoch has one', () => {
    const world = lonelyLeader();
    world.connect(2);
    world.restart(3);
    expect(world.syncsOf(2, 3)).toEqual(['SNAP 0x200000001']);
    expect(world.show(3)).toBe('3:follower 0x200000001 e2');
    expect(world.server(3).tree.find('/lost')).toBeUndefined();
  });

  it.each([
    { restarts: 1, sync: 'DIFF 0x100000005' },
    { restarts: 2, sync: 'SNAP 0x300000000' },
  ])('gets $sync from a leader that was restarted $restarts times', ({ restarts, sync }) => {
    const { world, client } = ledByTwo();
    world.kill(1);
    write(client, 3);
    // A leader saves its state when it takes office; what it remembers is what it replays on top.
    for (let n = 0; n < restarts; n++) {
      world.kill(2);
      world.kill(3);
      world.restart(2, 3);
    }
    world.rewind();
    world.restart(1);
    expect(world.syncsOf(3, 1)).toEqual([sync]);
  });
});

describe('a learner that hears of a proposal', () => {
  it('before NEWLEADER and has its commit later, waits for it', () => {
    const { world, client } = ledByTwo();
    world.kill(1);
    // The disks of the others are slow, so that the write is undecided for a while.
    for (const sid of [2, 3]) world.world.host(sid).disk.slowdown.add(1000);
    client.send(create('/slow'));
    world.rewind();
    world.restart(1);
    world.runFor(SECOND);
    expect(world.way(2, 1)).toEqual(
      lines(`
        2 -> 1 LEADERINFO 0x100000000
        2 -> 1 DIFF       0x100000002
        2 -> 1 PROPOSAL   0x100000003 create cxid=2
        2 -> 1 NEWLEADER  0x100000000
        2 -> 1 UPTODATE   0xffffffffffffffff
        2 -> 1 COMMIT     0x100000003
      `),
    );
    expect(world.way(1, 2).slice(2)).toEqual(
      lines(`
        1 -> 2 ACK 0x100000000
        1 -> 2 ACK 0x100000000
        1 -> 2 ACK 0x100000003
      `),
    );
  });
});
