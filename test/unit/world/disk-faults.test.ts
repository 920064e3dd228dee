import { describe, expect, it } from 'vitest';
import { WORLD_EVENTS } from '../../../src/world/events.ts';
import { site, writesOf } from '../../support/disks.ts';
import { advance, settle, upTo } from '../../support/stations.ts';

const MS = 1000;
const SECOND = 1_000_000;

describe('a disk that fails', () => {
  it('says so, and has not done it', () => {
    const { world, one, disk } = site();
    const events: number[][] = [];
    world.timeline.addObserver({
      observe: (host, kind, value) => events.push([host, kind, value]),
    });
    disk.append('a');
    disk.fail(false, 1);
    disk.sync(one, 1);
    disk.writeCellTmp('cell', 1, one, 2);
    disk.beginSnapshot('tree', one, 3);
    settle(world);
    expect(one.stores.map(({ succeeded }) => succeeded)).toEqual([false, false, false]);
    expect(disk.durableCount).toBe(0);
    expect(disk.snapshots).toEqual([]);
    expect(events).toEqual([1, 2, 3].map((write) => [1, WORLD_EVENTS.diskFailed, write]));
  });

  it('only for the log still writes the rest', () => {
    const { world, one, disk } = site();
    disk.fail(true, 1);
    disk.sync(one, 1);
    disk.writeCellTmp('cell', 1, one, 2);
    disk.beginSnapshot('tree', one, 3);
    settle(world);
    expect(one.stores.map(({ succeeded }) => succeeded)).toEqual([false, true, true]);
  });

  it('works again when all its failures have ended', () => {
    const { world, one, disk } = site();
    disk.append('a');
    disk.fail(false, 1);
    disk.fail(true, 1);
    disk.fail(false, -1);
    disk.sync(one, 1);
    settle(world);
    disk.fail(true, -1);
    disk.sync(one, 2);
    settle(world);
    expect(one.stores.map(({ succeeded }) => succeeded)).toEqual([false, true]);
    expect(disk.durableCount).toBe(1);
  });
});

describe('a slow disk', () => {
  it('takes many times as long, as long as it is slow', () => {
    const { world, one, disk } = site();
    disk.slowdown.add(50);
    disk.sync(one, 1);
    settle(world);
    disk.slowdown.remove(50);
    disk.sync(one, 2);
    settle(world);
    expect(one.stores.map(({ at }) => at)).toEqual([50 * MS, 51 * MS]);
  });
});

describe('a stalled disk', () => {
  it('completes nothing, and then all in order', () => {
    const { world, one, disk } = site();
    disk.append('a');
    disk.stall();
    for (const n of upTo(4)) disk.sync(one, n);
    advance(world, 60 * SECOND);
    expect(one.stores).toEqual([]);
    expect(disk.durableCount).toBe(0);
    disk.unstall();
    settle(world);
    expect(writesOf(one)).toEqual(upTo(4));
    expect(disk.durableCount).toBe(1);
  });

  it('goes on when the last stall has ended', () => {
    const { world, one, disk } = site();
    disk.stall();
    disk.stall();
    disk.sync(one, 1);
    advance(world, SECOND);
    disk.unstall();
    advance(world, SECOND);
    expect(one.stores).toEqual([]);
    disk.unstall();
    settle(world);
    expect(writesOf(one)).toEqual([1]);
  });

  it('keeps the order of what is due at the moment at which it goes on', () => {
    const { world, one, disk } = site();
    // Scheduled first, so that it comes before the third write, which is due at the same time.
    world.schedule(3 * MS, { perform: () => disk.unstall() });
    disk.stall();
    for (const n of upTo(6)) disk.sync(one, n);
    settle(world);
    expect(writesOf(one)).toEqual(upTo(6));
  });

  it('that stalls again and again loses nothing and keeps the order', () => {
    const { world, one, disk } = site();
    for (const n of upTo(30)) {
      disk.append(`${n}`);
      disk.sync(one, n);
    }
    for (const n of upTo(20)) {
      world.schedule(n * 1500, { perform: () => disk.stall() });
      world.schedule(n * 1500 + 1000, { perform: () => disk.unstall() });
    }
    settle(world);
    expect(writesOf(one)).toEqual(upTo(30));
    expect(disk.durableCount).toBe(30);
  });

  it('forgets in a crash what it held back', () => {
    const { world, one, disk } = site();
    disk.stall();
    disk.sync(one, 1);
    advance(world, SECOND);
    one.host.kill();
    one.host.start();
    disk.unstall();
    settle(world);
    expect(one.stores).toEqual([]);
  });
});
