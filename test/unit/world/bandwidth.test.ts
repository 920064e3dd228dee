import { describe, expect, it } from 'vitest';
import { NO_PACKET_FAULTS } from '../../../src/world/link.ts';
import type { WorldOptions } from '../../../src/world/world.ts';
import { advance, type Channel, Pair, settle, steadyWorld, upTo } from '../../support/stations.ts';

const MS = 1000;
const SECOND = 1_000_000;
const RATE = 1000;

/** A message is a text, and has as many bytes as letters: a hundred here, a tenth of a second. */
const LETTER = 'x'.repeat(100);

function limitedPair(bytesPerSecond: number, options: Partial<WorldOptions> = {}): Pair {
  const bytesOf = (_port: string, message: unknown): number => String(message).length;
  const world = steadyWorld('bandwidth', { bandwidth: { bytesPerSecond, bytesOf }, ...options });
  return new Pair(world);
}

/** When each message has come, in tenths of a second after now and the latency. */
function tenths({ times }: Channel, sentAt: number): number[] {
  return times.map((at) => (at - sentAt - MS) / (SECOND / 10));
}

describe('a link of limited bandwidth', () => {
  it('lets one message after the other through, each as long as it is', () => {
    const { world, near, far } = limitedPair(RATE);
    const sentAt = world.timeline.now;
    near.send(LETTER, LETTER.repeat(3), LETTER);
    settle(world);
    expect(tenths(far, sentAt)).toEqual([1, 4, 5]);
  });

  it('does not make up for the time in which nobody sent', () => {
    const { world, near, far } = limitedPair(RATE);
    advance(world, 10 * SECOND);
    const sentAt = world.timeline.now;
    near.send(LETTER, LETTER);
    settle(world);
    expect(tenths(far, sentAt)).toEqual([1, 2]);
  });

  it('is shared by all connections that use it, and leaves the other direction alone', () => {
    const { world, one, two, near, far } = limitedPair(RATE);
    const second = one.dial(two);
    settle(world);
    const sentAt = world.timeline.now;
    near.send(LETTER);
    second.send(LETTER);
    near.send(LETTER);
    far.send(LETTER.repeat(50));
    settle(world);
    expect(tenths(far, sentAt)).toEqual([1, 3]);
    expect(two.accepted[1] === undefined ? [] : tenths(two.accepted[1], sentAt)).toEqual([2]);
    expect(tenths(near, sentAt)).toEqual([50]);
  });

  it('that is limited by several holds with the lowest limit, until the last is lifted', () => {
    const { world, near, far } = limitedPair(0);
    const link = world.link(1, 2);
    const duration = (): number => {
      far.times.length = 0;
      const sentAt = world.timeline.now;
      near.send(LETTER);
      settle(world);
      return tenths(far, sentAt)[0] ?? -1;
    };
    expect(duration()).toBe(0);
    link.limit(RATE);
    link.limit(RATE / 2);
    expect(duration()).toBe(2);
    link.limit(RATE * 10);
    expect(duration()).toBe(2);
    link.unlimit(RATE / 2);
    expect(duration()).toBe(1);
    link.unlimit(RATE);
    expect(duration()).toBe(0.1);
    link.unlimit(RATE * 10);
    expect(duration()).toBe(0);
  });

  it('by its nature never gets better by a limit', () => {
    const { world, near, far } = limitedPair(RATE);
    world.link(1, 2).limit(10 * RATE);
    const sentAt = world.timeline.now;
    near.send(LETTER);
    settle(world);
    expect(tenths(far, sentAt)).toEqual([1]);
    world.link(1, 2).unlimit(10 * RATE);
    near.send(LETTER);
    settle(world);
    expect(far.times).toHaveLength(2);
  });

  it('has all that waited under way at once, in order, when the limit is lifted', () => {
    const { world, near, far } = limitedPair(0);
    world.link(1, 2).limit(1);
    near.send(...upTo(20));
    advance(world, 3 * SECOND);
    expect(far.messages.length).toBeLessThan(4);
    world.link(1, 2).unlimit(1);
    const liftedAt = world.timeline.now;
    near.send(20);
    settle(world);
    expect(far.messages).toEqual(upTo(21));
    expect(world.timeline.now).toBe(liftedAt + MS);
  });

  it('closes a connection behind what was sent before', () => {
    const { world, near, far } = limitedPair(RATE);
    near.send(LETTER, LETTER);
    near.close();
    settle(world);
    expect(far.story).toEqual(['received', 'received', 'closed']);
  });

  it('does not carry what nobody will read: both ends have closed', () => {
    const { world, one, two, near, far } = limitedPair(1);
    const second = one.dial(two);
    settle(world);
    const sentAt = world.timeline.now;
    near.send(LETTER, LETTER);
    second.send('yz');
    far.close();
    settle(world);
    expect(near.story).toEqual(['connected', 'closed']);
    expect(far.messages).toEqual([]);
    expect(world.timeline.now).toBeLessThan(sentAt + 3 * SECOND);
    expect(two.accepted[1]?.messages).toEqual(['yz']);
  });

  it.each(['kill', 'losePower'] as const)(
    'gives up a prefix of what waits when the sender ends (%s)',
    (end) => {
      const lengths = upTo(40).map((n) => {
        const bandwidth = { bytesPerSecond: RATE, bytesOf: () => 100 };
        const { world, one, near, far } = new Pair(steadyWorld(`end ${n}`, { bandwidth }));
        near.send(...upTo(10));
        one.host[end]();
        settle(world);
        expect(far.messages).toEqual(upTo(far.messages.length));
        expect(far.story.includes('closed')).toBe(end === 'kill');
        return far.messages.length;
      });
      expect(new Set(lengths).size).toBeGreaterThan(5);
    },
  );

  it('holds for datagrams too', () => {
    const { world, near, far } = limitedPair(RATE, { transport: 'datagram' });
    const sentAt = world.timeline.now;
    near.send(LETTER, LETTER);
    settle(world);
    expect(tenths(far, sentAt)).toEqual([1, 2]);
  });
});

describe('a slow link', () => {
  it('adds the same to every packet, and of several delays the longest', () => {
    const { world, near, far } = limitedPair(0);
    const link = world.link(1, 2);
    const slow = { ...NO_PACKET_FAULTS, slowMicros: 30 * MS };
    const slower = { ...NO_PACKET_FAULTS, slowMicros: 70 * MS };
    const duration = (): number => {
      far.times.length = 0;
      const sentAt = world.timeline.now;
      near.send('x');
      settle(world);
      return ((far.times[0] ?? 0) - sentAt) / MS;
    };
    link.addFaults(slow);
    link.addFaults(slower);
    expect([duration(), duration(), duration()]).toEqual([71, 71, 71]);
    link.removeFaults(slower);
    expect(duration()).toBe(31);
    link.removeFaults(slow);
    expect(duration()).toBe(1);
  });

  it('is slow to open a connection too', () => {
    const { world, one, two } = limitedPair(0);
    world.link(1, 2).addFaults({ ...NO_PACKET_FAULTS, slowMicros: SECOND });
    const begunAt = world.timeline.now;
    const second = one.dial(two);
    settle(world);
    expect(second.story).toEqual(['connected']);
    expect(world.timeline.now - begunAt).toBe(SECOND + 2 * MS);
  });
});
