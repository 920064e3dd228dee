import { describe, expect, it } from 'vitest';
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
import { advance, settle, upTo, type WordDisk } from '../../support/stations.ts';

const MS = 1000;

describe('a small file', () => {
  it('has its new content when its temporary file is renamed, and none before the first', () => {
    const { world, one, disk } = site();
    disk.writeCellTmp('epoch', 0, one, 1);
    settle(world);
    expect(disk.cell('epoch')).toBeNull();
    disk.renameCell('epoch', one, 2);
    advance(world, MS - 1);
    expect(disk.cell('epoch')).toBeNull();
    settle(world);
    expect(disk.cell('epoch')).toBe(0);
  });

  it('keeps its old content in a crash before its temporary file is renamed', () => {
    const left = outcomes((place) => {
      writeCell(place, 'a', 1);
      place.disk.writeCellTmp('a', 2, place.one, 1);
      settle(place.world);
      place.one.host.losePower();
      return place.disk.cell('a');
    });
    expect(kinds(left)).toEqual(['1']);
  });

  it('is old or new after a crash while it is renamed', () => {
    const left = outcomes((place) => {
      writeCell(place, 'a', 1);
      place.disk.writeCellTmp('a', 2, place.one, 1);
      settle(place.world);
      place.disk.renameCell('a', place.one, 2);
      place.one.host.losePower();
      return place.disk.cell('a');
    });
    expect(kinds(left)).toEqual(['1', '2']);
  });

  it('is not new after a crash without the steps that were asked for before', () => {
    const left = outcomes((place) => {
      const { one, disk } = place;
      writeCell(place, 'a', 1);
      disk.writeCellTmp('a', 2, one, 1);
      disk.renameCell('a', one, 2);
      disk.writeCellTmp('b', 3, one, 3);
      disk.renameCell('b', one, 4);
      one.host.losePower();
      return [disk.cell('a'), disk.cell('b')];
    }, 200);
    expect(kinds(left)).toEqual(['[1,null]', '[2,3]', '[2,null]']);
  });

  it('is not harmed by a temporary file that a crash has left', () => {
    const place = site();
    const { world, one, disk } = place;
    disk.writeCellTmp('a', 7, one, 1);
    settle(world);
    one.host.kill();
    one.host.start();
    expect(disk.cell('a')).toBeNull();
    writeCell(place, 'a', 2);
    expect(disk.cell('a')).toBe(2);
    disk.renameCell('a', one, 3);
    settle(world);
    expect(disk.cell('a')).toBe(2);
  });

  it('does not wait for the log', () => {
    const { world, one, disk } = site();
    for (const n of upTo(3)) disk.sync(one, n);
    disk.writeCellTmp('a', 1, one, 10);
    settle(world);
    expect(one.stores.find(({ write }) => write === 10)?.at).toBe(MS);
    expect(writesOf(one).at(-1)).toBe(2);
  });
});

/** What each snapshot is called, or what is wrong with it. */
function shown({ snapshots }: WordDisk): string[] {
  return snapshots.map(({ snapshot, flaw }) => (flaw === null ? snapshot : `${snapshot} ${flaw}`));
}

describe('a snapshot', () => {
  it('is incomplete until it is finished, and durable when it is synced', () => {
    const { world, one, disk } = site();
    disk.beginSnapshot('tree', one, 1);
    expect(disk.snapshots).toEqual([]);
    settle(world);
    expect(disk.snapshots).toEqual([{ snapshot: 'tree', flaw: 'incomplete', isDurable: false }]);
    disk.finishSnapshot(one, 2);
    settle(world);
    expect(disk.snapshots).toEqual([{ snapshot: 'tree', flaw: null, isDurable: false }]);
    disk.syncSnapshot(one, 3);
    settle(world);
    expect(disk.snapshots).toEqual([{ snapshot: 'tree', flaw: null, isDurable: true }]);
  });

  it('that is begun is absent or incomplete after a crash, and one that is finished may be complete', () => {
    const begun = outcomes(({ one, disk }) => {
      disk.beginSnapshot('tree', one, 1);
      one.host.kill();
      return shown(disk);
    });
    expect(kinds(begun)).toEqual(['["tree incomplete"]', '[]']);
    const finished = outcomes(({ world, one, disk }) => {
      disk.beginSnapshot('tree', one, 1);
      settle(world);
      disk.finishSnapshot(one, 2);
      one.host.kill();
      return shown(disk);
    });
    expect(kinds(finished)).toEqual(['["tree incomplete"]', '["tree"]']);
  });

  it('that a crash has left incomplete goes when the next one is complete', () => {
    const place = site();
    const { world, one, disk } = place;
    saveSnapshot(place, 'first', true);
    disk.beginSnapshot('second', one, 1);
    settle(world);
    one.host.kill();
    one.host.start();
    disk.finishSnapshot(one, 2);
    settle(world);
    expect(shown(disk)).toEqual(['first', 'second incomplete']);
    disk.beginSnapshot('third', one, 3);
    settle(world);
    expect(shown(disk)).toEqual(['first', 'second incomplete', 'third incomplete']);
    disk.finishSnapshot(one, 4);
    settle(world);
    expect(shown(disk)).toEqual(['first', 'third']);
  });

  it('that was never synced can be damaged by a loss of power, but not by the end of a process', () => {
    const saved =
      (isDurable: boolean, end: 'kill' | 'losePower') =>
      (place: Site): string[] => {
        saveSnapshot(place, 'tree', isDurable);
        place.one.host[end]();
        return shown(place.disk);
      };
    const both = ['["tree incomplete"]', '["tree"]'];
    expect(kinds(outcomes(saved(false, 'losePower')))).toEqual(both);
    expect(kinds(outcomes(saved(false, 'kill')))).toEqual(['["tree"]']);
    expect(kinds(outcomes(saved(true, 'losePower')))).toEqual(['["tree"]']);
  });

  it('that survives one loss of power survives the next', () => {
    const left = outcomes((place) => {
      const { one, disk } = place;
      saveSnapshot(place, 'tree', false);
      one.host.losePower();
      const before = disk.snapshots[0]?.flaw;
      one.host.start();
      one.host.losePower();
      return disk.snapshots[0]?.flaw === before;
    });
    expect(kinds(left)).toEqual(['true']);
  });

  it('that has rotted stays rotted, whatever happens to the host', () => {
    const left = outcomes((place) => {
      saveSnapshot(place, 'tree', false);
      place.disk.rotSnapshot(0);
      place.one.host.losePower();
      return shown(place.disk);
    });
    expect(kinds(left)).toEqual(['["tree rotted"]']);
  });

  it('is removed with those behind it, in a step of its own', () => {
    const place = site();
    const { world, one, disk } = place;
    appendAll(disk, 'a', 'b');
    for (const name of ['first', 'second', 'third']) saveSnapshot(place, name, true);
    disk.cutSnapshots(1, one, 1);
    expect(disk.snapshots).toHaveLength(3);
    settle(world);
    expect(shown(disk)).toEqual(['first']);
    expect(disk.records).toEqual(['a', 'b']);
  });

  it('that is being removed is there or not after a crash', () => {
    const left = outcomes((place) => {
      saveSnapshot(place, 'first', true);
      saveSnapshot(place, 'second', true);
      place.disk.cutSnapshots(1, place.one, 1);
      place.one.host.kill();
      return shown(place.disk);
    });
    expect(kinds(left)).toEqual(['["first","second"]', '["first"]']);
  });
});

describe('a snapshot in place of everything', () => {
  /** A log, a snapshot and a small file, and what is to replace the first two in a temporary file. */
  function prepare(place: Site): void {
    const { world, one, disk } = place;
    appendAll(disk, 'a', 'b');
    disk.sync(one, 1);
    saveSnapshot(place, 'old', true);
    writeCell(place, 'epoch', 4);
    disk.writeSnapshotTmp('new', one, 2);
    settle(world);
  }

  it('leaves nothing of the old when it is installed, and changes nothing before', () => {
    const place = site();
    const { world, one, disk } = place;
    prepare(place);
    expect([disk.records, shown(disk)]).toEqual([['a', 'b'], ['old']]);
    disk.installSnapshot(one, 3);
    settle(world);
    expect(disk.snapshots).toEqual([{ snapshot: 'new', flaw: null, isDurable: true }]);
    expect(disk.records).toEqual([]);
    expect(disk.durableCount).toBe(0);
    expect(disk.cell('epoch')).toBe(4);
  });

  it('is installed wholly or not at all in a crash', () => {
    const left = outcomes((place) => {
      prepare(place);
      place.disk.installSnapshot(place.one, 3);
      place.one.host.losePower();
      return [place.disk.records, shown(place.disk)];
    });
    expect(kinds(left)).toEqual(['[["a","b"],["old"]]', '[[],["new"]]']);
  });

  it('does no harm when a crash has left its temporary file', () => {
    const left = outcomes((place) => {
      prepare(place);
      place.one.host.losePower();
      place.one.host.start();
      const found = [[...place.disk.records], shown(place.disk)];
      place.disk.writeSnapshotTmp('newer', place.one, 3);
      place.disk.installSnapshot(place.one, 4);
      settle(place.world);
      return [...found, shown(place.disk)];
    });
    expect(kinds(left)).toEqual(['[["a","b"],["old"],["newer"]]']);
  });

  it('without a temporary file takes nothing away', () => {
    const place = site();
    const { world, one, disk } = place;
    prepare(place);
    disk.installSnapshot(one, 3);
    disk.append('c');
    disk.installSnapshot(one, 4);
    settle(world);
    disk.append('d');
    disk.installSnapshot(one, 5);
    settle(world);
    expect([disk.records, shown(disk)]).toEqual([['d'], ['new']]);
  });
});
