import { describe, expect, it } from 'vitest';
import { WORLD_EVENTS } from '../../../src/world/events.ts';
import type { World } from '../../../src/world/world.ts';
import {
  advance,
  Pair,
  REFUSED_PORT,
  Station,
  settle,
  steadyWorld,
  upTo,
} from '../../support/stations.ts';

const MS = 1000;
const SECOND = 1_000_000;

function jitteryPair(seed = 'jitter'): Pair {
  const latency = { minMicros: 100, maxMicros: 5000, tailRatePpm: 100_000, tailMicros: 50_000 };
  return new Pair(steadyWorld(seed, { latency }));
}

/** Neither way lets anything through. */
function cutBoth({ world }: Pair): void {
  world.cutLink(1, 2);
  world.cutLink(2, 1);
}

function healBoth({ world }: Pair): void {
  world.healLink(1, 2);
  world.healLink(2, 1);
}

/** Of 50 messages that were on their way, those that arrived, for several seeds. */
function arrivals(breakIt: (pair: Pair) => void): number[][] {
  return upTo(20).map((n) => {
    const pair = jitteryPair(`break ${n}`);
    pair.near.send(...upTo(50));
    breakIt(pair);
    settle(pair.world);
    return pair.far.messages as number[];
  });
}

function expectPrefixes(lists: readonly number[][]): void {
  for (const list of lists) expect(list).toEqual(upTo(list.length));
  const lengths = lists.map((list) => list.length);
  expect(lengths.some((length) => length > 0 && length < 50)).toBe(true);
  expect(new Set(lengths).size).toBeGreaterThan(5);
}

describe('a stream connection', () => {
  it('delivers in the order of sending, both ways, whatever each packet takes', () => {
    const { world, near, far } = jitteryPair();
    for (const n of upTo(300)) {
      near.send(n);
      far.send(-n);
      advance(world, 137);
    }
    settle(world);
    expect(far.messages).toEqual(upTo(300));
    expect(near.messages).toEqual(upTo(300).map((n) => -n));
  });

  it('takes the time of its link', () => {
    const { world, near, far } = new Pair(steadyWorld());
    const sentAt = world.timeline.now;
    near.send('hello');
    settle(world);
    expect(far.times).toEqual([sentAt + MS]);
  });

  it('opens for the dialler after a round trip, before the first message', () => {
    const world = steadyWorld();
    const [one, two] = [new Station(world, 1), new Station(world, 2)];
    const near = one.dial(two);
    advance(world, MS);
    two.accepted[0]?.send('welcome');
    expect(near.story).toEqual([]);
    settle(world);
    expect(near.story).toEqual(['connected', 'received']);
    expect(near.times).toEqual([2 * MS]);
  });

  it('that is closed delivers what was sent before, then the end, and nothing after', () => {
    const { world, near, far } = jitteryPair();
    near.send(1, 2, 3);
    near.close();
    near.send(4);
    settle(world);
    expect(far.messages).toEqual([1, 2, 3]);
    expect(far.story.at(-1)).toBe('closed');
    expect(near.story).toEqual(['connected']);
  });

  it('that is closed hears nothing more of the other side', () => {
    const { world, near, far } = new Pair(steadyWorld());
    far.send('too late');
    near.close();
    settle(world);
    expect(near.messages).toEqual([]);
  });

  it('does not mix with another one between the same hosts', () => {
    const { world, one, two, near, far } = new Pair(steadyWorld());
    const other = one.dial(two);
    settle(world);
    other.send('other');
    near.send('first');
    settle(world);
    expect(far.messages).toEqual(['first']);
    expect(two.accepted[1]?.messages).toEqual(['other']);
  });
});

describe('a cut link', () => {
  it('is silence: nothing arrives, and nobody is told', () => {
    const pair = new Pair(steadyWorld());
    cutBoth(pair);
    pair.near.send('a', 'b');
    pair.far.send('c');
    advance(pair.world, 3600 * SECOND);
    expect(pair.far.story).toEqual([]);
    expect(pair.near.story).toEqual(['connected']);
    expect(pair.world.packets.blackholed).toBeGreaterThanOrEqual(2);
  });

  it('swallows what is on its way when it is cut', () => {
    const pair = new Pair(steadyWorld());
    pair.near.send('on its way');
    advance(pair.world, MS / 2);
    cutBoth(pair);
    advance(pair.world, SECOND);
    expect(pair.far.messages).toEqual([]);
  });

  it('gives everything back in order once it has healed, within the longest retransmission', () => {
    const pair = jitteryPair();
    pair.near.send(...upTo(10));
    cutBoth(pair);
    advance(pair.world, 20 * SECOND);
    pair.near.send(...upTo(20).slice(10));
    advance(pair.world, SECOND);
    healBoth(pair);
    const healedAt = pair.world.timeline.now;
    pair.near.send(20);
    settle(pair.world);
    expect(pair.far.messages).toEqual(upTo(21));
    expect(pair.far.times[0]).toBeGreaterThan(healedAt);
    expect(pair.far.times.at(-1)).toBeLessThanOrEqual(healedAt + 2.1 * SECOND);
    expect(pair.world.packets.retransmitted).toBe(1);
  });

  it('lets nothing pass before what has waited, though TCP takes its time', () => {
    const pair = new Pair(steadyWorld());
    cutBoth(pair);
    pair.near.send('waited');
    advance(pair.world, 10 * SECOND);
    healBoth(pair);
    const healedAt = pair.world.timeline.now;
    pair.near.send('new');
    settle(pair.world);
    expect(pair.far.messages).toEqual(['waited', 'new']);
    expect(pair.far.times[0]).toBeGreaterThan(healedAt + MS);
    expect(pair.far.times[1]).toBe(pair.far.times[0]);
  });

  it('that is cut again before TCP has tried again stays silent', () => {
    const pair = new Pair(steadyWorld());
    cutBoth(pair);
    pair.near.send('a');
    advance(pair.world, 10 * SECOND);
    healBoth(pair);
    cutBoth(pair);
    advance(pair.world, 10 * SECOND);
    expect(pair.far.messages).toEqual([]);
    healBoth(pair);
    settle(pair.world);
    expect(pair.far.messages).toEqual(['a']);
  });

  it('heals when the last of those who cut it has let go', () => {
    const pair = new Pair(steadyWorld());
    pair.world.cutLink(1, 2);
    pair.world.cutLink(1, 2);
    pair.near.send('a');
    advance(pair.world, SECOND);
    pair.world.healLink(1, 2);
    advance(pair.world, 10 * SECOND);
    expect(pair.far.messages).toEqual([]);
    expect(pair.world.packets.retransmitted).toBe(0);
    pair.world.healLink(1, 2);
    settle(pair.world);
    expect(pair.far.messages).toEqual(['a']);
  });

  it('lets the other direction through', () => {
    const pair = new Pair(steadyWorld());
    pair.world.cutLink(1, 2);
    pair.near.send('lost');
    pair.far.send('heard');
    advance(pair.world, 60 * SECOND);
    expect(pair.near.messages).toEqual(['heard']);
    expect(pair.far.messages).toEqual([]);
  });

  it('keeps a connection that is dialled from opening until it heals', () => {
    const world = steadyWorld();
    const [one, two] = [new Station(world, 1), new Station(world, 2)];
    world.cutLink(1, 2);
    const near = one.dial(two);
    advance(world, 30 * SECOND);
    expect(two.accepted).toEqual([]);
    world.healLink(1, 2);
    const healedAt = world.timeline.now;
    settle(world);
    expect(near.story).toEqual(['connected']);
    expect(world.timeline.now).toBeLessThanOrEqual(healedAt + 1.1 * SECOND);
  });

  it('on the way back lets the other side accept, and the dialler not know', () => {
    const world = steadyWorld();
    const [one, two] = [new Station(world, 1), new Station(world, 2)];
    world.cutLink(2, 1);
    const near = one.dial(two);
    advance(world, 30 * SECOND);
    expect(two.accepted).toHaveLength(1);
    expect(near.story).toEqual([]);
    world.healLink(2, 1);
    settle(world);
    expect(near.story).toEqual(['connected']);
  });
});

describe('a connection that is refused', () => {
  it('by the program is closed after a round trip', () => {
    const world = steadyWorld();
    const [one, two] = [new Station(world, 1), new Station(world, 2)];
    const near = one.dial(two, REFUSED_PORT);
    settle(world);
    expect(near.story).toEqual(['closed']);
    expect(world.timeline.now).toBe(2 * MS);
    expect(two.process.endpoints.size).toBe(0);
  });

  it('by a host without a process is closed too', () => {
    const world = steadyWorld();
    const [one, two] = [new Station(world, 1), new Station(world, 2)];
    two.host.kill();
    const near = one.dial(two);
    settle(world);
    expect(near.story).toEqual(['closed']);
  });

  it('stays silent as long as the answer cannot get through', () => {
    const world = steadyWorld();
    const [one, two] = [new Station(world, 1), new Station(world, 2)];
    world.cutLink(2, 1);
    const near = one.dial(two, REFUSED_PORT);
    advance(world, 30 * SECOND);
    expect(near.story).toEqual([]);
    world.healLink(2, 1);
    settle(world);
    expect(near.story).toEqual(['closed']);
  });

  it('is none when the host is off: the dialler hears nothing until it is on', () => {
    const world = steadyWorld();
    const [one, two] = [new Station(world, 1), new Station(world, 2)];
    two.host.losePower();
    const near = one.dial(two);
    advance(world, 30 * SECOND);
    expect(near.story).toEqual([]);
    two.host.start();
    settle(world);
    expect(near.story).toEqual(['connected']);
  });

  it('is forgotten when the dialler has given up', () => {
    const world = steadyWorld();
    const [one, two] = [new Station(world, 1), new Station(world, 2)];
    const near = one.dial(two);
    near.close();
    settle(world);
    expect(near.story).toEqual([]);
    expect(two.accepted).toEqual([]);
  });
});

describe('a reset', () => {
  it('lets a prefix of what was under way arrive', () => {
    expectPrefixes(arrivals(({ world }) => world.resetConnections(1, null)));
  });

  it('is heard by both sides, and is the last that they hear', () => {
    const { world, near, far } = jitteryPair();
    near.send(...upTo(5));
    far.send(...upTo(5));
    world.resetConnections(1, 2);
    near.send('after');
    far.send('after');
    settle(world);
    for (const side of [near, far]) {
      expect(side.story.filter((word) => word === 'closed')).toHaveLength(1);
      expect(side.story.at(-1)).toBe('closed');
      expect(side.messages).not.toContain('after');
    }
  });

  it('strikes only the connections with the host that is named', () => {
    const { world, one, near } = new Pair(steadyWorld());
    const third = new Station(world, 3);
    const other = one.dial(third);
    settle(world);
    world.resetConnections(1, 3);
    settle(world);
    expect(near.story).toEqual(['connected']);
    expect(other.story).toEqual(['connected', 'closed']);
    world.resetConnections(2, null);
    settle(world);
    expect(near.story).toEqual(['connected', 'closed']);
  });

  it('is not heard across a cut link before it heals', () => {
    const pair = new Pair(steadyWorld());
    cutBoth(pair);
    pair.world.resetConnections(1, 2);
    advance(pair.world, 60 * SECOND);
    expect(pair.near.story).toEqual(['connected']);
    expect(pair.far.story).toEqual([]);
    healBoth(pair);
    settle(pair.world);
    expect(pair.near.story).toEqual(['connected', 'closed']);
    expect(pair.far.story).toEqual(['closed']);
  });

  it('is told to the observers, once for each connection', () => {
    const { world } = new Pair(steadyWorld());
    const seen = eventsOf(world);
    world.resetConnections(2, null);
    settle(world);
    expect(seen).toEqual([[2, WORLD_EVENTS.connectionReset, 0, 1]]);
  });
});

/** What observers are told from now on: host, kind, value, peer. */
function eventsOf(world: World): number[][] {
  const seen: number[][] = [];
  world.timeline.addObserver({ observe: (...what) => seen.push(what.slice(0, 4) as number[]) });
  return seen;
}

describe('the end of a process', () => {
  it('lets a prefix of what was under way arrive', () => {
    expectPrefixes(arrivals(({ one }) => one.host.kill()));
    expectPrefixes(arrivals(({ one }) => one.host.losePower()));
  });

  it('closes its connections when it was killed', () => {
    const { world, one, far } = new Pair(steadyWorld());
    one.host.kill();
    settle(world);
    expect(far.story).toEqual(['closed']);
  });

  it('closes its connections when it was its own decision', () => {
    const { world, one, far } = new Pair(steadyWorld());
    one.process.exit();
    settle(world);
    expect(far.story).toEqual(['closed']);
  });

  it('by a loss of power is not heard by the others, even if they send', () => {
    const { world, one, far } = new Pair(steadyWorld());
    one.host.losePower();
    far.send('are you there?');
    advance(world, 3600 * SECOND);
    expect(far.story).toEqual([]);
  });

  it('by a loss of power is heard by whoever sends when the host is on again', () => {
    const { world, one, near, far } = new Pair(steadyWorld());
    one.host.losePower();
    advance(world, SECOND);
    one.host.start();
    advance(world, SECOND);
    expect(far.story).toEqual([]);
    far.send('are you there?');
    settle(world);
    expect(far.story).toEqual(['closed']);
    expect(near.story).toEqual(['connected']);
  });

  it('while its connection opens is heard by the other side', () => {
    const world = steadyWorld();
    const [one, two] = [new Station(world, 1), new Station(world, 2)];
    one.dial(two);
    advance(world, 1.5 * MS);
    one.host.kill();
    settle(world);
    expect(two.accepted[0]?.story).toEqual(['closed']);
  });

  it('is the end of what it can do', () => {
    const { world, one, near, far } = new Pair(steadyWorld());
    const { process } = one;
    one.host.kill();
    one.host.start();
    const seen = eventsOf(world);
    near.send('from the dead');
    process.setTimer(MS, one, 1);
    process.dial(2, 'any', near);
    process.emit(1, 0, 0, null);
    process.exit();
    settle(world);
    expect(far.messages).toEqual([]);
    expect(one.fired).toEqual([]);
    expect(near.story).toEqual(['connected']);
    expect(seen).toEqual([]);
  });
});
