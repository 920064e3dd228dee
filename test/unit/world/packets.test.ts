import { describe, expect, it } from 'vitest';
import { NO_PACKET_FAULTS, noPackets, type PacketFaults } from '../../../src/world/link.ts';
import { advance, Pair, settle, steadyWorld, upTo } from '../../support/stations.ts';

const MS = 1000;
const SECOND = 1_000_000;
const COUNT = 1000;

function disturbed(transport: 'stream' | 'datagram', faults: Partial<PacketFaults>): Pair {
  const pair = new Pair(steadyWorld('packets', { transport }));
  Object.assign(pair.world.packets, noPackets());
  pair.world.link(1, 2).addFaults({ ...NO_PACKET_FAULTS, ...faults });
  return pair;
}

/** Sends messages a few microseconds apart, all of them before the first arrives. */
function sendMany(pair: Pair): number[] {
  for (const n of upTo(COUNT)) {
    pair.near.send(n);
    advance(pair.world, 1);
  }
  settle(pair.world);
  return pair.far.messages as number[];
}

const share = (ppm: number): number => (COUNT * ppm) / 1_000_000;

/** Within five standard deviations of what chance should give. */
function expectAbout(count: number, ppm: number): void {
  const deviation = Math.sqrt(share(ppm) * (1 - ppm / 1_000_000));
  expect(Math.abs(count - share(ppm))).toBeLessThan(5 * deviation);
}

describe('datagrams', () => {
  it('arrive once and in order when nothing is wrong and all packets take the same time', () => {
    expect(sendMany(disturbed('datagram', {}))).toEqual(upTo(COUNT));
  });

  it.each(['lossPpm', 'corruptPpm'] as const)('with %s are lost for good', (kind) => {
    const pair = disturbed('datagram', { [kind]: 200_000 });
    const messages = sendMany(pair);
    const { lost, corrupted, retransmitted } = pair.world.packets;
    expect(messages).toEqual([...new Set(messages)]);
    expect(lost + corrupted).toBe(COUNT - messages.length);
    expect(kind === 'lossPpm' ? corrupted : lost).toBe(0);
    expectAbout(lost + corrupted, 200_000);
    expect(retransmitted).toBe(0);
  });

  it('that are duplicated arrive twice', () => {
    const pair = disturbed('datagram', { duplicatePpm: 200_000 });
    const messages = sendMany(pair);
    expect(new Set(messages).size).toBe(COUNT);
    expect(pair.world.packets.duplicated).toBe(messages.length - COUNT);
    expectAbout(pair.world.packets.duplicated, 200_000);
  });

  it('that are reordered overtake one another, and none is missing', () => {
    const pair = disturbed('datagram', { reorderPpm: 200_000, delayMicros: 50 * MS });
    const messages = sendMany(pair);
    expect(messages).not.toEqual(upTo(COUNT));
    expect(messages.toSorted((a, b) => a - b)).toEqual(upTo(COUNT));
    expectAbout(pair.world.packets.reordered, 200_000);
  });

  it('are swallowed by a cut link and never come back', () => {
    const pair = disturbed('datagram', {});
    pair.world.cutLink(1, 2);
    pair.near.send('a');
    advance(pair.world, SECOND);
    pair.world.healLink(1, 2);
    pair.near.send('b');
    settle(pair.world);
    expect(pair.far.messages).toEqual(['b']);
    expect(pair.world.packets.blackholed).toBe(1);
  });

  it('of the other direction are not concerned', () => {
    const pair = disturbed('datagram', { lossPpm: 900_000, duplicatePpm: 900_000 });
    pair.far.send(...upTo(COUNT));
    settle(pair.world);
    expect(pair.near.messages).toEqual(upTo(COUNT));
  });
});

describe('a stream over bad packets', () => {
  const everything: Partial<PacketFaults> = {
    lossPpm: 100_000,
    corruptPpm: 100_000,
    duplicatePpm: 200_000,
    reorderPpm: 200_000,
    delayPpm: 200_000,
    delayMicros: 50 * MS,
  };

  it('still delivers every message once and in order', () => {
    expect(sendMany(disturbed('stream', everything))).toEqual(upTo(COUNT));
  });

  it('shows in its counts that they were bad', () => {
    const pair = disturbed('stream', everything);
    sendMany(pair);
    const { sent, lost, corrupted, retransmitted, duplicated, reordered, delayed } =
      pair.world.packets;
    expect(sent).toBe(COUNT + lost + corrupted);
    expect(retransmitted).toBe(lost + corrupted);
    expect(Math.min(lost, corrupted)).toBeGreaterThan(share(50_000));
    expectAbout(duplicated, 200_000);
    expectAbout(reordered, 200_000);
    expectAbout(delayed, 200_000);
  });

  it('counts nothing but what it sends when nothing is wrong', () => {
    const pair = disturbed('stream', {});
    sendMany(pair);
    expect(pair.world.packets).toEqual({ ...noPackets(), sent: COUNT });
  });

  it('waits longer for each packet that is lost once more, up to two seconds', () => {
    const pair = disturbed('stream', { lossPpm: 700_000 });
    const { packets, timeline } = pair.world;
    const waits = [0, 0.2, 0.6, 1.4, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25];
    const seen = new Set<number>();
    for (let n = 0; n < 100; n++) {
      const [before, sentAt] = [packets.retransmitted, timeline.now];
      pair.near.send(n);
      settle(pair.world);
      const tries = packets.retransmitted - before;
      const wait = waits[Math.min(tries, waits.length - 1)] ?? 0;
      if (tries < waits.length) expect(timeline.now - sentAt).toBe(MS + Math.round(wait * SECOND));
      seen.add(tries);
    }
    expect(seen.size).toBeGreaterThan(5);
  });

  it('holds up everything behind a lost packet', () => {
    const pair = disturbed('stream', { lossPpm: 20_000 });
    sendMany(pair);
    const { times } = pair.far;
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    const late = times.filter((at) => at - (times[0] ?? 0) > 100 * MS);
    expect(late.length).toBeGreaterThan(5 * pair.world.packets.lost);
  });

  it('takes the tail of the latency as often as it should', () => {
    const latency = { minMicros: MS, maxMicros: MS, tailRatePpm: 200_000, tailMicros: 70 * MS };
    const pair = new Pair(steadyWorld('tail', { latency }));
    const delays = upTo(COUNT).map(() => {
      const sentAt = pair.world.timeline.now;
      pair.near.send('x');
      settle(pair.world);
      return pair.world.timeline.now - sentAt;
    });
    expect(new Set(delays)).toEqual(new Set([MS, 71 * MS]));
    expectAbout(delays.filter((delay) => delay > MS).length, 200_000);
  });

  it('is delayed by the delay of a packet, at most by the bound', () => {
    const pair = disturbed('stream', { delayPpm: 1_000_000, delayMicros: 50 * MS });
    const delays = upTo(200).map(() => {
      const sentAt = pair.world.timeline.now;
      pair.near.send('late');
      settle(pair.world);
      return pair.world.timeline.now - sentAt - MS;
    });
    expect(Math.min(...delays)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...delays)).toBeLessThan(50 * MS);
    expect(Math.max(...delays)).toBeGreaterThan(40 * MS);
  });
});

describe('faults of packets', () => {
  it('hold, where they overlap, with the worse of each kind, until the last has ended', () => {
    const pair = disturbed('datagram', {});
    const link = pair.world.link(1, 2);
    const loss = { ...NO_PACKET_FAULTS, lossPpm: 1_000_000 };
    const echo = { ...NO_PACKET_FAULTS, duplicatePpm: 1_000_000, lossPpm: 10 };
    const heardOf = (): number => {
      pair.far.messages.length = 0;
      pair.near.send('x');
      settle(pair.world);
      return pair.far.messages.length;
    };
    link.addFaults(loss);
    link.addFaults(echo);
    expect(heardOf()).toBe(0);
    link.removeFaults(loss);
    expect(heardOf()).toBe(2);
    link.removeFaults(echo);
    expect(heardOf()).toBe(1);
  });

  it('leave the fate of every other packet as it was', () => {
    const fates = (faults: Partial<PacketFaults>): Set<unknown> =>
      new Set(sendMany(disturbed('datagram', { lossPpm: 100_000, ...faults })));
    const plain = fates({});
    expect(fates({ duplicatePpm: 300_000, reorderPpm: 300_000, delayMicros: 9 * MS })).toEqual(
      plain,
    );
    const fewer = fates({ corruptPpm: 50_000 });
    expect(fewer.size).toBeLessThan(plain.size);
    expect([...fewer].filter((n) => !plain.has(n))).toEqual([]);
  });
});
