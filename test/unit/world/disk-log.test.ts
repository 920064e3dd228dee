import { describe, expect, it } from 'vitest';
import { WORLD_EVENTS } from '../../../src/world/events.ts';
import {
  appendAll,
  kinds,
  outcomes,
  type Site,
  saveSnapshot,
  site,
  writeCell,
  writesOf,
} from '../../support/disks.ts';
import { advance, Station, settle, steadyWorld, upTo } from '../../support/stations.ts';

const MS = 1000;
const SECOND = 1_000_000;

describe('a log', () => {
  it('holds what was appended, in order', () => {
    const { disk } = site();
    appendAll(disk, 'a', 'b', 'c');
    expect(disk.records).toEqual(['a', 'b', 'c']);
    expect(disk.durableCount).toBe(0);
  });

  it('is durable when a sync that began later has completed, as far as it went then', () => {
    const { world, one, disk } = site();
    appendAll(disk, 'a', 'b');
    disk.sync(one, 1);
    disk.append('c');
    advance(world, MS - 1);
    expect(disk.durableCount).toBe(0);
    settle(world);
    expect(disk.durableCount).toBe(2);
    expect(one.stores).toEqual([{ write: 1, succeeded: true, at: MS }]);
  });

  it('is synced in the order of asking, one sync after the other', () => {
    const { world, one, disk } = site();
    for (const n of upTo(5)) {
      disk.append(`${n}`);
      disk.sync(one, n);
    }
    settle(world);
    expect(one.stores).toEqual(
      upTo(5).map((n) => ({ write: n, succeeded: true, at: (n + 1) * MS })),
    );
    expect(disk.durableCount).toBe(5);
  });

  it('takes as long to sync as the disk is fast', () => {
    const diskSpeed = { syncMinMicros: 100, syncMaxMicros: 110 };
    const world = steadyWorld('speed', { diskSpeed });
    const one = new Station(world, 1);
    const durations = upTo(500).map((n) => {
      const before = world.timeline.now;
      one.disk.sync(one, n);
      settle(world);
      return world.timeline.now - before;
    });
    expect(Math.min(...durations)).toBe(100);
    expect(Math.max(...durations)).toBe(110);
  });

  it('that is cut keeps its first records', () => {
    const { world, one, disk } = site();
    appendAll(disk, 'a', 'b', 'c');
    disk.sync(one, 1);
    settle(world);
    disk.cutLog(1, one, 2);
    expect(disk.records).toHaveLength(3);
    settle(world);
    expect(disk.records).toEqual(['a']);
    expect(disk.durableCount).toBe(1);
  });

  it('is not durable where it was cut after the sync was asked for', () => {
    const { world, one, disk } = site();
    appendAll(disk, 'a', 'b', 'c');
    disk.cutLog(1, one, 1);
    disk.sync(one, 2);
    advance(world, MS);
    appendAll(disk, 'x', 'y');
    settle(world);
    expect(disk.records).toEqual(['a', 'x', 'y']);
    expect(disk.durableCount).toBe(1);
  });

  it('shows a rotted record until it is cut away', () => {
    const { world, one, disk } = site();
    appendAll(disk, 'a', 'b');
    disk.rotRecord(1);
    expect([disk.flawAt(0), disk.flawAt(1)]).toEqual([null, 'rotted']);
    disk.cutLog(1, one, 1);
    settle(world);
    disk.append('new');
    expect(disk.flawAt(1)).toBeNull();
  });
});

describe('a crash', () => {
  /** Three durable records, five that are not, the sync of some of them under way. */
  function crashed(end: 'kill' | 'losePower'): (site: Site) => Site & { events: number[][] } {
    return ({ world, one, disk }) => {
      appendAll(disk, '0', '1', '2');
      disk.sync(one, 1);
      settle(world);
      appendAll(disk, '3', '4', '5', '6', '7');
      disk.sync(one, 2);
      const events: number[][] = [];
      world.timeline.addObserver({ observe: (_host, kind, value) => events.push([kind, value]) });
      one.host[end]();
      settle(world);
      return { world, one, disk, events };
    };
  }

  it.each(['kill', 'losePower'] as const)(
    '(%s) keeps a prefix, never less than what is durable',
    (end) => {
      const left = outcomes(crashed(end), 100).map(({ disk }) => disk.records);
      for (const records of left) {
        expect(records).toEqual(upTo(records.length).map(String));
        expect(records.length).toBeGreaterThanOrEqual(3);
      }
      expect(kinds(left.map((records) => records.length))).toEqual(['3', '4', '5', '6', '7', '8']);
    },
  );

  it('tears the last record that is left, sometimes, and no other', () => {
    const sites = outcomes(crashed('losePower'), 100);
    const torn = sites.filter(({ disk }) => disk.flawAt(disk.records.length - 1) === 'torn');
    expect(torn.length).toBeGreaterThan(5);
    expect(torn.length).toBeLessThan(60);
    const untouched = sites.filter(({ disk }) => disk.records.length === 8);
    expect(untouched.length).toBeGreaterThan(
      torn.filter((site) => untouched.includes(site)).length,
    );
    for (const { disk } of sites) {
      const whole = disk.records.slice(0, -1).map((_, index) => disk.flawAt(index));
      expect(new Set(whole)).toEqual(new Set([null]));
      expect(disk.flawAt(2)).toBeNull();
    }
  });

  it('is told to the observers with what it took', () => {
    for (const { disk, events } of outcomes(crashed('kill'), 100)) {
      const hasTornTail = disk.flawAt(disk.records.length - 1) === 'torn';
      const lost = 8 - disk.records.length + (hasTornTail ? 1 : 0);
      expect(events.slice(1)).toEqual([
        ...(lost > 0 ? [[WORLD_EVENTS.unsyncedLost, lost]] : []),
        ...(hasTornTail ? [[WORLD_EVENTS.tornTail, 0]] : []),
      ]);
    }
  });

  it('leaves what it left for good', () => {
    for (const { world, one, disk } of outcomes(crashed('losePower'), 20)) {
      const left = [...disk.records];
      one.host.start();
      one.host.losePower();
      settle(world);
      expect(disk.records).toEqual(left);
      expect(disk.durableCount).toBe(left.length);
    }
  });

  it('ends the writes that were under way: nobody is told, and nothing comes later', () => {
    for (const { world, one, disk } of outcomes(crashed('kill'), 20)) {
      const left = disk.records.length;
      one.host.start();
      disk.append('new');
      settle(world);
      expect(writesOf(one)).toEqual([1]);
      expect(disk.durableCount).toBe(left);
      disk.sync(one, 3);
      advance(world, SECOND);
      expect(writesOf(one)).toEqual([1, 3]);
      expect(disk.durableCount).toBe(left + 1);
    }
  });

  it('does or does not cut a log that is being cut', () => {
    const left = outcomes(({ world, one, disk }) => {
      appendAll(disk, 'a', 'b', 'c');
      disk.sync(one, 1);
      settle(world);
      disk.cutLog(1, one, 2);
      one.host.kill();
      return disk.records;
    });
    expect(kinds(left)).toEqual(['["a","b","c"]', '["a"]']);
  });

  it('takes nothing when everything was synced', () => {
    const left = outcomes((place) => {
      const { one, disk } = place;
      appendAll(disk, 'a', 'b');
      disk.sync(one, 1);
      writeCell(place, 'cell', 5);
      saveSnapshot(place, 'tree', true);
      one.host.losePower();
      return [disk.records, disk.flawAt(1), disk.cell('cell'), disk.snapshots[0]?.flaw];
    });
    expect(kinds(left)).toEqual(['[["a","b"],null,5,null]']);
  });

  it('stops whoever is gone from writing', () => {
    const { world, one, disk } = site();
    one.host.kill();
    disk.append('a');
    disk.sync(one, 1);
    disk.writeCellTmp('cell', 1, one, 2);
    disk.renameCell('cell', one, 3);
    disk.beginSnapshot('tree', one, 4);
    settle(world);
    expect(disk.records).toEqual([]);
    expect(disk.cell('cell')).toBeNull();
    expect(disk.snapshots).toEqual([]);
    expect(one.stores).toEqual([]);
  });
});

describe('a crash that tears the tail', () => {
  it.each(['kill', 'losePower'] as const)(
    '(%s) leaves half a record for certain, behind some that survive',
    (end) => {
      const left = outcomes(({ world, one, disk }) => {
        appendAll(disk, '0', '1');
        disk.sync(one, 1);
        settle(world);
        appendAll(disk, '2', '3', '4');
        one.host[end]({ tearsTail: true });
        expect(disk.records).toEqual(upTo(disk.records.length).map(String));
        return disk.records.map((_, index) => disk.flawAt(index));
      });
      expect(kinds(left)).toEqual([
        '[null,null,"torn"]',
        '[null,null,null,"torn"]',
        '[null,null,null,null,"torn"]',
      ]);
    },
  );

  it('tears nothing that was synced', () => {
    const left = outcomes(({ world, one, disk }) => {
      appendAll(disk, 'a', 'b');
      disk.sync(one, 1);
      settle(world);
      one.host.losePower({ tearsTail: true });
      return [disk.records, disk.flawAt(1)];
    });
    expect(kinds(left)).toEqual(['[["a","b"],null]']);
  });
});

describe('a disk that rots', () => {
  it('is rotten as long as a durable record is', () => {
    const { world, one, disk } = site();
    appendAll(disk, 'a', 'b');
    disk.rotRecord(1);
    expect(disk.isRotten).toBe(false);
    disk.sync(one, 1);
    settle(world);
    expect(disk.isRotten).toBe(true);
    disk.cutLog(1, one, 2);
    settle(world);
    expect(disk.isRotten).toBe(false);
  });

  it('is rotten as long as a snapshot is', () => {
    const place = site();
    const { world, one, disk } = place;
    saveSnapshot(place, 'old', true);
    saveSnapshot(place, 'new', false);
    expect(disk.isRotten).toBe(false);
    disk.rotSnapshot(1);
    expect(disk.snapshots.map(({ flaw }) => flaw)).toEqual([null, 'rotted']);
    expect(disk.isRotten).toBe(true);
    disk.writeSnapshotTmp('all', one, 1);
    settle(world);
    expect(disk.isRotten).toBe(true);
    disk.installSnapshot(one, 2);
    settle(world);
    expect(disk.isRotten).toBe(false);
  });

  it('does so only where there is something', () => {
    const { disk } = site();
    disk.append('a');
    disk.rotRecord(1);
    disk.rotSnapshot(0);
    disk.append('b');
    expect(disk.flawAt(1)).toBeNull();
    expect(disk.snapshots).toEqual([]);
  });

  it('is not made rotten by what a crash does', () => {
    const rotten = outcomes((place) => {
      const { one, disk } = place;
      saveSnapshot(place, 'tree', false);
      appendAll(disk, 'a', 'b');
      disk.beginSnapshot('next', one, 1);
      one.host.losePower({ tearsTail: true });
      return disk.isRotten;
    });
    expect(kinds(rotten)).toEqual(['false']);
  });
});

describe('a disk that lies', () => {
  /** One record synced honestly, three that the disk says are synced. */
  function liedTo({ world, one, disk }: Site): void {
    disk.append('0');
    disk.sync(one, 1);
    settle(world);
    disk.lie(true);
    appendAll(disk, '1', '2', '3');
    disk.sync(one, 2);
    settle(world);
    disk.lie(false);
  }

  it('says that it has synced what it has not', () => {
    const place = site();
    liedTo(place);
    expect(place.one.stores.map(({ succeeded }) => succeeded)).toEqual([true, true]);
    expect(place.disk.durableCount).toBe(1);
  });

  it('loses that with the power of its host, also when a process was killed before', () => {
    const lost = (isKilledBefore: boolean): number[] =>
      outcomes((place) => {
        liedTo(place);
        if (isKilledBefore) {
          place.one.host.kill();
          place.one.host.start();
        }
        place.one.host.losePower();
        return place.disk.records.length;
      });
    for (const lengths of [lost(false), lost(true)]) {
      expect(kinds(lengths)).toEqual(['1', '2', '3', '4']);
    }
  });

  it('loses none of that when a process is killed: the operating system has it', () => {
    const left = outcomes((place) => {
      liedTo(place);
      place.disk.append('4');
      place.one.host.kill();
      return place.disk.records.length;
    });
    expect(kinds(left)).toEqual(['4', '5']);
  });

  it('has made it good when a later sync is honest', () => {
    const left = outcomes((place) => {
      liedTo(place);
      place.disk.sync(place.one, 3);
      settle(place.world);
      place.one.host.losePower();
      return place.disk.records.length;
    });
    expect(kinds(left)).toEqual(['4']);
  });

  it('is honest again when all its lies have ended, and always about small files and snapshots', () => {
    const place = site();
    const { world, one, disk } = place;
    disk.lie(true);
    disk.lie(true);
    disk.lie(false);
    disk.append('a');
    disk.sync(one, 1);
    writeCell(place, 'cell', 1);
    saveSnapshot(place, 'tree', true);
    expect(disk.durableCount).toBe(0);
    expect(disk.cell('cell')).toBe(1);
    expect(disk.snapshots).toEqual([{ snapshot: 'tree', flaw: null, isDurable: true }]);
    disk.lie(false);
    disk.sync(one, 4);
    settle(world);
    expect(disk.durableCount).toBe(1);
  });
});
