import { describe, expect, it } from 'vitest';
import { WORLD_EVENTS } from '../../../src/world/events.ts';
import { advance, Pair, Station, settle, steadyWorld } from '../../support/stations.ts';

const MS = 1000;
const SECOND = 1_000_000;

describe('a process that does not read', () => {
  it('hears nothing of its connections, and the rest goes on', () => {
    const { world, two, near, far } = new Pair(steadyWorld());
    two.host.stopReading();
    two.process.setTimer(5 * MS, two, 1);
    two.disk.sync(two, 7);
    near.send('a');
    far.send('still speaking');
    advance(world, SECOND);
    expect(far.messages).toEqual([]);
    expect(two.fired).toHaveLength(1);
    expect(two.stores).toHaveLength(1);
    expect(near.messages).toEqual(['still speaking']);
  });

  it('reads afterwards all that has come, in order, before what comes then', () => {
    const { world, two, near, far } = new Pair(steadyWorld());
    near.send('before');
    settle(world);
    two.host.stopReading();
    near.send('a', 'b');
    advance(world, SECOND);
    near.send('c');
    two.host.readAgain();
    expect(far.messages).toEqual(['before', 'a', 'b']);
    settle(world);
    expect(far.messages).toEqual(['before', 'a', 'b', 'c']);
  });

  it('does not see that the other side has closed until it reads again', () => {
    const { world, two, near, far } = new Pair(steadyWorld());
    two.host.stopReading();
    near.send('last words');
    near.close();
    advance(world, SECOND);
    expect(far.story).toEqual([]);
    two.host.readAgain();
    expect(far.story).toEqual(['received', 'closed']);
  });

  it('can be dialled and can dial, and hears no more than that', () => {
    const world = steadyWorld();
    const [one, two] = [new Station(world, 1), new Station(world, 2)];
    one.host.stopReading();
    const near = one.dial(two);
    const back = two.dial(one);
    settle(world);
    expect(near.story).toEqual(['connected']);
    expect(back.story).toEqual(['connected']);
    two.accepted[0]?.send('hello');
    back.send('hello');
    settle(world);
    expect(near.story).toEqual(['connected']);
    expect(one.accepted[0]?.story).toEqual([]);
  });

  it('reads again when everybody who has stopped it lets it', () => {
    const { world, two, near, far } = new Pair(steadyWorld());
    const seen: number[][] = [];
    world.timeline.addObserver({ observe: (host, kind) => seen.push([host, kind]) });
    two.host.stopReading();
    two.host.stopReading();
    near.send('a');
    settle(world);
    two.host.readAgain();
    expect(far.messages).toEqual([]);
    two.host.readAgain();
    expect(far.messages).toEqual(['a']);
    two.host.readAgain();
    expect(seen).toEqual([
      [2, WORLD_EVENTS.readingStopped],
      [2, WORLD_EVENTS.readingResumed],
    ]);
  });

  it('that stops again while it reads keeps the rest, in order', () => {
    const { world, two, near, far } = new Pair(steadyWorld());
    const heard: unknown[] = [];
    far.received = (message) => {
      heard.push(message);
      if (message === 'b') two.host.stopReading();
    };
    two.host.stopReading();
    near.send('a', 'b', 'c', 'd');
    settle(world);
    two.host.readAgain();
    expect(heard).toEqual(['a', 'b']);
    near.send('e');
    settle(world);
    two.host.readAgain();
    expect(heard).toEqual(['a', 'b', 'c', 'd', 'e']);
  });

  it.each([
    { what: 'reads again before it is resumed', readsFirst: true },
    { what: 'is resumed before it reads again', readsFirst: false },
  ])('and is paused, and $what, hears all in order', ({ readsFirst }) => {
    const { world, two, near, far } = new Pair(steadyWorld());
    two.host.stopReading();
    near.send('a', 'b');
    settle(world);
    two.host.pause();
    near.send('c');
    advance(world, SECOND);
    const [first, second] = readsFirst
      ? [() => two.host.readAgain(), () => two.host.resume()]
      : [() => two.host.resume(), () => two.host.readAgain()];
    first?.();
    expect(far.messages).toEqual([]);
    second?.();
    expect(far.messages).toEqual(['a', 'b', 'c']);
  });

  it('that is paused while it reads keeps the rest, in order', () => {
    const { world, two, near, far } = new Pair(steadyWorld());
    world.timeline.addPacketObserver({
      sent: () => {},
      received: (_from, _to, _port, message) => {
        if (message === 'b') two.host.pause();
      },
    });
    two.host.stopReading();
    near.send('a', 'b', 'c');
    settle(world);
    two.host.readAgain();
    expect(far.messages).toEqual(['a']);
    near.send('d');
    advance(world, SECOND);
    two.host.resume();
    expect(far.messages).toEqual(['a', 'b', 'c', 'd']);
  });

  it('and is killed has a successor that reads, and never hears what was for the other', () => {
    const { world, one, two, near, far } = new Pair(steadyWorld());
    two.host.stopReading();
    near.send('unread');
    settle(world);
    two.host.kill();
    two.host.start();
    two.host.readAgain();
    const second = one.dial(two);
    settle(world);
    second.send('hello');
    settle(world);
    expect(far.messages).toEqual([]);
    expect(two.accepted[1]?.messages).toEqual(['hello']);
    expect(near.story).toEqual(['connected', 'closed']);
  });

  it('leaves datagrams unread too', () => {
    const { world, two, near, far } = new Pair(steadyWorld('raw', { transport: 'datagram' }));
    two.host.stopReading();
    near.send('a', 'b');
    settle(world);
    expect(far.messages).toEqual([]);
    two.host.readAgain();
    expect(far.messages).toEqual(['a', 'b']);
  });
});
