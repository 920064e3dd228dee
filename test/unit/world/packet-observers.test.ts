import { describe, expect, it } from 'vitest';
import type { World } from '../../../src/world/world.ts';
import { advance, Pair, settle, steadyWorld, upTo } from '../../support/stations.ts';

const MS = 1000;
const SECOND = 1_000_000;

/** Strikes when a message has been sent. */
function whenSent(world: World, message: unknown, strike: () => void): void {
  world.timeline.addPacketObserver({
    sent: (_from, _to, _port, what) => {
      if (what === message) strike();
    },
    received: () => {},
  });
}

/** Strikes when a message is about to be handled. */
function whenReceived(world: World, message: unknown, strike: () => void): void {
  world.timeline.addPacketObserver({
    sent: () => {},
    received: (_from, _to, _port, what) => {
      if (what === message) strike();
    },
  });
}

/** What arrives of three messages, for many seeds, when something happens as the second is sent. */
function arrivals(strike: (pair: Pair) => void): unknown[][] {
  return upTo(40).map((n) => {
    const pair = new Pair(steadyWorld(`sent ${n}`));
    whenSent(pair.world, 'b', () => strike(pair));
    pair.near.send('a', 'b', 'c');
    settle(pair.world);
    return pair.far.messages;
  });
}

function kinds(list: readonly unknown[]): string[] {
  return [...new Set(list.map((item) => JSON.stringify(item)))].toSorted();
}

describe('packet observers', () => {
  it('are all told, in the order in which they came', () => {
    const { world, near } = new Pair(steadyWorld());
    const told: string[] = [];
    for (const name of ['first', 'second']) {
      world.timeline.addPacketObserver({
        sent: () => told.push(`${name} sent`),
        received: () => told.push(`${name} received`),
      });
    }
    near.send('hello');
    expect(told).toEqual(['first sent', 'second sent']);
    settle(world);
    expect(told).toEqual(['first sent', 'second sent', 'first received', 'second received']);
  });
});

describe('a message that has been sent', () => {
  it.each(['kill', 'losePower'] as const)(
    'can arrive, or not, when its sender ends there and then (%s), and what follows cannot',
    (end) => {
      expect(kinds(arrivals(({ one }) => one.host[end]()))).toEqual(['["a","b"]', '["a"]', '[]']);
    },
  );

  it('and was the last of its sender is followed by the end', () => {
    const { world, one, near, far } = new Pair(steadyWorld());
    whenSent(world, 'b', () => one.host.kill());
    near.send('a', 'b', 'c');
    settle(world);
    expect(far.story.indexOf('closed')).toBe(far.story.length - 1);
  });

  it('can arrive, or not, when its connection is reset there and then', () => {
    const seen = kinds(arrivals(({ world }) => world.resetConnections(1, null)));
    expect(seen).toEqual(['["a","b"]', '["a"]', '[]']);
  });

  it('waits when its link is cut there and then', () => {
    const { world, near, far } = new Pair(steadyWorld());
    whenSent(world, 'b', () => world.cutLink(1, 2));
    near.send('a', 'b');
    advance(world, SECOND);
    expect(far.messages).toEqual([]);
    world.healLink(1, 2);
    settle(world);
    expect(far.messages).toEqual(['a', 'b']);
  });
});

describe('a message that is about to be handled', () => {
  it.each(['kill', 'losePower'] as const)(
    'is not, when its process ends there and then (%s)',
    (end) => {
      const { world, two, near, far } = new Pair(steadyWorld());
      whenReceived(world, 'b', () => two.host[end]());
      near.send('a', 'b', 'c');
      settle(world);
      expect(far.messages).toEqual(['a']);
    },
  );

  it('waits when its process is paused there and then, and comes before all else', () => {
    const { world, two, near, far } = new Pair(steadyWorld());
    const order: unknown[] = [];
    far.received = (message) => order.push(message);
    two.process.setTimer(2 * MS, { timerFired: () => order.push('timer') }, 0);
    whenReceived(world, 'b', () => two.host.pause());
    near.send('a', 'b', 'c');
    advance(world, SECOND);
    expect(order).toEqual(['a']);
    two.host.resume();
    expect(order).toEqual(['a', 'b', 'c', 'timer']);
  });

  it('is told of once, however often its process is paused', () => {
    const { world, two, near, far } = new Pair(steadyWorld());
    const told: unknown[] = [];
    world.timeline.addPacketObserver({
      sent: () => {},
      received: (_from, _to, _port, message) => {
        told.push(message);
        two.host.pause();
      },
    });
    near.send('a', 'b', 'c');
    for (const count of upTo(4)) {
      advance(world, SECOND);
      expect(far.messages).toEqual(['a', 'b', 'c'].slice(0, count));
      two.host.resume();
    }
    expect(told).toEqual(['a', 'b', 'c']);
  });

  it('is kept with those behind it that waited for the same link to heal', () => {
    const { world, two, near, far } = new Pair(steadyWorld());
    world.cutLink(1, 2);
    near.send('a', 'b', 'c');
    advance(world, SECOND);
    whenReceived(world, 'b', () => two.host.pause());
    world.healLink(1, 2);
    advance(world, 10 * SECOND);
    expect(far.messages).toEqual(['a']);
    near.send('d');
    advance(world, SECOND);
    two.host.resume();
    expect(far.messages).toEqual(['a', 'b', 'c', 'd']);
  });

  it('is forgotten when its process is killed while it is paused', () => {
    const { world, two, near, far } = new Pair(steadyWorld());
    whenReceived(world, 'a', () => two.host.pause());
    near.send('a');
    advance(world, SECOND);
    two.host.kill();
    settle(world);
    expect(far.story).toEqual([]);
    expect(near.story).toEqual(['connected', 'closed']);
  });

  it('waits on datagrams too', () => {
    const { world, two, near, far } = new Pair(steadyWorld('raw', { transport: 'datagram' }));
    whenReceived(world, 'a', () => two.host.pause());
    near.send('a', 'b');
    advance(world, SECOND);
    expect(far.messages).toEqual([]);
    two.host.resume();
    expect(far.messages).toEqual(['a', 'b']);
  });
});
