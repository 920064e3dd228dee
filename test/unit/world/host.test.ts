import { describe, expect, it } from 'vitest';
import { Defect } from '../../../src/kernel/assert.ts';
import { WORLD_EVENTS } from '../../../src/world/events.ts';
import type { Program } from '../../../src/world/listeners.ts';
import type { Process } from '../../../src/world/process.ts';
import type { World } from '../../../src/world/world.ts';
import { advance, Pair, Station, settle, steadyWorld, upTo } from '../../support/stations.ts';

const MS = 1000;
const SECOND = 1_000_000;

function timersOf(station: Station): number[] {
  return station.fired.map(({ timer }) => timer);
}

/** What observers are told from now on: host, kind and value. */
function eventsOf(world: World): number[][] {
  const seen: number[][] = [];
  world.timeline.addObserver({ observe: (host, kind, value) => seen.push([host, kind, value]) });
  return seen;
}

describe('a timer', () => {
  it('fires once, at its time, under its number', () => {
    const world = steadyWorld();
    const one = new Station(world, 1);
    one.process.setTimer(30, one, 3);
    one.process.setTimer(10, one, 1);
    settle(world);
    expect(one.fired).toEqual([
      { timer: 1, at: 10 },
      { timer: 3, at: 30 },
    ]);
  });

  it('that is cancelled does not fire', () => {
    const world = steadyWorld();
    const one = new Station(world, 1);
    const handle = one.process.setTimer(10, one, 1);
    one.process.setTimer(20, one, 2);
    one.process.cancelTimer(handle);
    settle(world);
    expect(timersOf(one)).toEqual([2]);
  });

  it('does not outlive its process', () => {
    const world = steadyWorld();
    const one = new Station(world, 1);
    one.process.setTimer(10 * MS, one, 1);
    one.host.kill();
    one.host.start();
    settle(world);
    expect(one.fired).toEqual([]);
  });
});

describe('a thread', () => {
  it('gets the processor after its delay, which a slow host multiplies', () => {
    const world = steadyWorld('threads', { threadDelay: { minMicros: 10, maxMicros: 20 } });
    const one = new Station(world, 1);
    const wait = (): number => {
      const before = world.timeline.now;
      let woken = 0;
      one.process.wake({
        awake: () => {
          woken++;
        },
      });
      settle(world);
      expect(woken).toBe(1);
      return world.timeline.now - before;
    };
    const usual = upTo(200).map(wait);
    expect(Math.min(...usual)).toBe(10);
    expect(Math.max(...usual)).toBe(20);
    one.host.slowdown.add(100);
    const slow = upTo(200).map(wait);
    expect(Math.min(...slow)).toBe(1000);
    expect(Math.max(...slow)).toBe(2000);
  });

  it('does not wake when its process has ended', () => {
    const world = steadyWorld();
    const one = new Station(world, 1);
    let woken = 0;
    one.process.wake({
      awake: () => {
        woken++;
      },
    });
    one.host.kill();
    settle(world);
    expect(woken).toBe(0);
  });
});

describe('a paused process', () => {
  it('hears nothing, and on resumption all of it in order', () => {
    const { world, two, near, far } = new Pair(steadyWorld());
    two.process.setTimer(5 * MS, two, 1);
    two.process.setTimer(2 * MS, two, 2);
    two.host.pause();
    near.send('a', 'b');
    advance(world, 3 * MS);
    near.send('c');
    advance(world, SECOND);
    expect(two.fired).toEqual([]);
    expect(far.messages).toEqual([]);
    two.host.resume();
    const { now } = world.timeline;
    expect(two.fired).toEqual([
      { timer: 2, at: now },
      { timer: 1, at: now },
    ]);
    expect(far.messages).toEqual(['a', 'b', 'c']);
  });

  it('gets different kinds of events in the order of their times', () => {
    const { world, two, near, far } = new Pair(steadyWorld());
    const order: string[] = [];
    const note = (what: string) => (): void => {
      order.push(what);
    };
    far.received = note('received');
    two.process.setTimer(2.5 * MS, { timerFired: note('timer') }, 0);
    two.disk.writeCellTmp('cell', 1, { stored: note('stored') }, 0);
    two.host.pause();
    advance(world, MS);
    near.send('x');
    advance(world, SECOND);
    expect(order).toEqual([]);
    two.host.resume();
    expect(order).toEqual(['stored', 'received', 'timer']);
  });

  it('is not told of a timer that it cancels on resumption', () => {
    const world = steadyWorld();
    const one = new Station(world, 1);
    const doomed = one.process.setTimer(20, one, 2);
    one.process.setTimer(10, { timerFired: () => one.process.cancelTimer(doomed) }, 1);
    one.process.setTimer(30, one, 3);
    one.host.pause();
    advance(world, MS);
    one.host.resume();
    settle(world);
    expect(timersOf(one)).toEqual([3]);
  });

  it('goes on only when everybody who has paused it has resumed it', () => {
    const world = steadyWorld();
    const one = new Station(world, 1);
    const seen = eventsOf(world);
    one.process.setTimer(10, one, 1);
    one.host.pause();
    one.host.pause();
    advance(world, MS);
    one.host.resume();
    expect(one.fired).toEqual([]);
    one.host.resume();
    expect(timersOf(one)).toEqual([1]);
    expect(seen).toEqual([
      [1, WORLD_EVENTS.paused, 0],
      [1, WORLD_EVENTS.resumed, 0],
    ]);
  });

  it('that is paused again while it catches up keeps the rest for later', () => {
    const world = steadyWorld();
    const one = new Station(world, 1);
    one.process.setTimer(10, { timerFired: () => one.host.pause() }, 1);
    one.process.setTimer(20, one, 2);
    one.host.pause();
    advance(world, MS);
    one.host.resume();
    expect(one.fired).toEqual([]);
    one.host.resume();
    expect(timersOf(one)).toEqual([2]);
  });

  it('still has written what its disk was writing', () => {
    const world = steadyWorld();
    const one = new Station(world, 1);
    one.disk.append('record');
    one.disk.sync(one, 7);
    one.host.pause();
    advance(world, SECOND);
    expect(one.disk.durableCount).toBe(1);
    expect(one.stores).toEqual([]);
    one.host.resume();
    expect(one.stores).toEqual([{ write: 7, succeeded: true, at: world.timeline.now }]);
  });

  it('keeps its connections, and those who dial it wait', () => {
    const { world, one, two, far } = new Pair(steadyWorld());
    two.host.pause();
    const second = one.dial(two);
    advance(world, 60 * SECOND);
    expect(far.story).toEqual([]);
    expect(second.story).toEqual([]);
    two.host.resume();
    settle(world);
    expect(second.story).toEqual(['connected']);
  });

  it('hears afterwards what had reached it before the link was cut', () => {
    const { world, two, near, far } = new Pair(steadyWorld());
    two.host.pause();
    near.send('before');
    advance(world, SECOND);
    world.cutLink(1, 2);
    near.send('behind');
    advance(world, SECOND);
    two.host.resume();
    expect(far.messages).toEqual(['before']);
    world.healLink(1, 2);
    settle(world);
    expect(far.messages).toEqual(['before', 'behind']);
  });

  it('that is killed has a successor that is not paused', () => {
    const world = steadyWorld();
    const one = new Station(world, 1);
    one.host.pause();
    one.host.kill();
    one.host.start();
    one.process.setTimer(10, one, 1);
    settle(world);
    expect(timersOf(one)).toEqual([1]);
  });

  it('and is gone refuses who dials it', () => {
    const world = steadyWorld();
    const [one, two] = [new Station(world, 1), new Station(world, 2)];
    two.host.pause();
    two.host.kill();
    const channel = one.dial(two);
    settle(world);
    expect(channel.story).toEqual(['closed']);
  });

  it('that is killed has heard none of it, and its connections close', () => {
    const { world, two, near, far } = new Pair(steadyWorld());
    two.process.setTimer(10, two, 1);
    near.send('unheard');
    two.host.pause();
    advance(world, SECOND);
    two.host.kill();
    two.host.resume();
    settle(world);
    expect(far.story).toEqual([]);
    expect(two.fired).toEqual([]);
    expect(near.story).toEqual(['connected', 'closed']);
  });

  it('that is killed before it heard that its connection opened leaves none behind', () => {
    const world = steadyWorld();
    const [one, two] = [new Station(world, 1), new Station(world, 2)];
    one.dial(two);
    advance(world, 1.5 * MS);
    one.host.pause();
    advance(world, SECOND);
    expect(two.accepted[0]?.story).toEqual([]);
    one.host.kill();
    settle(world);
    expect(two.accepted[0]?.story).toEqual(['closed']);
  });

  it('that is killed leaves nothing to its successor of what it has not heard', () => {
    const world = steadyWorld();
    const one = new Station(world, 1);
    one.process.setTimer(10, one, 1);
    one.disk.fail(false, 1);
    one.disk.writeCellTmp('cell', 1, one, 2);
    one.host.pause();
    advance(world, SECOND);
    const seen = eventsOf(world);
    one.host.kill();
    one.host.start();
    one.host.resume();
    settle(world);
    expect(one.fired).toEqual([]);
    expect(one.stores).toEqual([]);
    expect(seen.map(([, kind]) => kind)).not.toContain(WORLD_EVENTS.diskFailed);
  });
});

describe('a host', () => {
  it('runs one process at a time', () => {
    const one = new Station(steadyWorld(), 1);
    expect(() => one.host.start()).toThrow(Defect);
  });

  it('has an id of its own, from 1 to 255', () => {
    const world = steadyWorld();
    new Station(world, 1);
    for (const id of [0, 1, 256]) expect(() => new Station(world, id)).toThrow(Defect);
    expect(() => world.host(2)).toThrow(Defect);
  });

  it('counts its processes and tells the observers how each ended', () => {
    const world = steadyWorld();
    const seen = eventsOf(world);
    const one = new Station(world, 1);
    one.host.kill();
    one.host.start();
    one.host.losePower();
    one.host.start();
    one.process.exit();
    expect(one.host.isRunning).toBe(false);
    expect(seen).toEqual([
      [1, WORLD_EVENTS.processStarted, 1],
      [1, WORLD_EVENTS.processEnded, 0],
      [1, WORLD_EVENTS.processStarted, 2],
      [1, WORLD_EVENTS.processEnded, 1],
      [1, WORLD_EVENTS.processStarted, 3],
      [1, WORLD_EVENTS.processEnded, 2],
    ]);
  });

  it('does not boot what an observer of its start has killed', () => {
    const world = steadyWorld();
    let boots = 0;
    const program = { start: () => {}, accept: () => null };
    const boot = (): Program => {
      boots++;
      return program;
    };
    const host = world.addHost(1, { driftPpm: 0, offsetMicros: 0 }, { boot });
    world.timeline.addObserver({
      observe: (_host, kind) => {
        if (kind === WORLD_EVENTS.processStarted) host.kill();
      },
    });
    host.start();
    expect(host.isRunning).toBe(false);
    expect(boots).toBe(0);
  });

  it('does not start a program that has ended its process while it was made', () => {
    const world = steadyWorld();
    let starts = 0;
    const start = (): void => {
      starts++;
    };
    const boot = (process: Process): Program => {
      process.exit();
      return { start, accept: () => null };
    };
    const host = world.addHost(1, { driftPpm: 0, offsetMicros: 0 }, { boot });
    host.start();
    expect(starts).toBe(0);
    expect(host.program).toBeNull();
  });

  it('gives each of its processes chance of its own, the same in every run', () => {
    const draws = (seed: string, incarnations: number): number[] => {
      const one = new Station(steadyWorld(seed), 1);
      for (let n = 1; n < incarnations; n++) {
        one.host.kill();
        one.host.start();
      }
      return upTo(20).map(() => one.process.random(1000));
    };
    expect(draws('seed', 1)).toEqual(draws('seed', 1));
    expect(draws('seed', 1)).not.toEqual(draws('seed', 2));
    expect(draws('seed', 1)).not.toEqual(draws('other', 1));
  });
});

describe('the world', () => {
  it('does what is scheduled in the past at once', () => {
    const world = steadyWorld();
    advance(world, SECOND);
    let at = -1;
    world.schedule(MS, {
      perform: () => {
        at = world.timeline.now;
      },
    });
    settle(world);
    expect(at).toBe(SECOND);
  });

  it('has the same digest after the same events, watched or not, and another after others', () => {
    const digestOf = (messages: number, isWatched: boolean): string => {
      const pair = new Pair(steadyWorld());
      const seen: unknown[] = [];
      if (isWatched) {
        pair.world.timeline.addPacketObserver({
          sent: (...what) => seen.push(what),
          received: (...what) => seen.push(what),
        });
      }
      pair.near.send(...upTo(messages));
      settle(pair.world);
      expect(seen).toHaveLength(isWatched ? 2 * messages : 0);
      return pair.world.timeline.digest.toString();
    };
    expect(digestOf(5, true)).toBe(digestOf(5, false));
    expect(digestOf(6, false)).not.toBe(digestOf(5, false));
  });

  it('tells packet observers who sent what to whom', () => {
    const { world, far } = new Pair(steadyWorld());
    const seen: unknown[][] = [];
    world.timeline.addPacketObserver({
      sent: (...what) => seen.push(['sent', ...what]),
      received: (...what) => seen.push(['received', ...what]),
    });
    far.send('hello');
    settle(world);
    expect(seen).toEqual([
      ['sent', 2, 1, 'any', 'hello'],
      ['received', 2, 1, 'any', 'hello'],
    ]);
  });
});
