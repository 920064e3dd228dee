import { describe, expect, it } from 'vitest';
import { isFirstStart, type Recovered, readDisk } from '../../../src/zab/recovery.ts';
import { FakeStorage, zxid } from './fakes.ts';

function found(storage: FakeStorage, limit?: number): Recovered {
  const recovered = readDisk(storage, 0, limit);
  if (typeof recovered === 'string') throw new Error(recovered);
  return recovered;
}

/** The zxids of the records that would be replayed. */
function replayed(storage: FakeStorage): number[] {
  const { firstRecord, recordCount } = found(storage);
  return storage.records.slice(firstRecord, recordCount).map((txn) => txn.zxid);
}

describe('a disk', () => {
  it('that is empty is that of a first start', () => {
    const storage = new FakeStorage();
    expect(isFirstStart(storage)).toBe(true);
    expect(found(storage)).toEqual({
      snapshot: null,
      firstRecord: 0,
      recordCount: 0,
      isTorn: false,
      isLogBehind: false,
      lastZxid: 0,
    });
  });

  it('with a first snapshot is not that of a first start', () => {
    expect(isFirstStart(new FakeStorage().withSnapshot('0:0'))).toBe(false);
  });

  it('with no more than half a snapshot is still that of a first start', () => {
    const storage = new FakeStorage().withSnapshot('0:0', 1000, 'incomplete');
    expect(isFirstStart(storage)).toBe(true);
    expect(found(storage)).toMatchObject({ snapshot: null, lastZxid: 0 });
  });

  it('whose only snapshot has rotted is refused, though nothing was logged', () => {
    const storage = new FakeStorage().withSnapshot('0:0', 1000, 'rotted');
    expect(readDisk(storage, 0)).toBe('no snapshot is intact');
  });

  it('gives the newest snapshot and the log behind it', () => {
    const storage = new FakeStorage('1:1', '1:2', '1:3', '2:1');
    storage.withSnapshot('0:0').withSnapshot('1:2');
    expect(found(storage).snapshot?.zxid).toBe(zxid('1:2'));
    expect(replayed(storage)).toEqual([zxid('1:3'), zxid('2:1')]);
    expect(found(storage).lastZxid).toBe(zxid('2:1'));
  });

  it.each(['rotted', 'incomplete'] as const)(
    'whose newest snapshot is %s gives an older one and more of the log',
    (flaw) => {
      const storage = new FakeStorage('1:1', '1:2', '1:3');
      storage.withSnapshot('1:1').withSnapshot('1:2', 1000, flaw);
      expect(found(storage).snapshot?.zxid).toBe(zxid('1:1'));
      expect(replayed(storage)).toEqual([zxid('1:2'), zxid('1:3')]);
    },
  );

  it.each([
    ['no snapshot', new FakeStorage('1:1')],
    ['none that is intact', new FakeStorage('1:1').withSnapshot('0:0', 1000, 'rotted')],
  ])('with a log and %s is refused', (_, storage) => {
    expect(readDisk(storage, 0)).toBe('no snapshot is intact');
  });

  it('gives nothing to replay if the snapshot has it all', () => {
    const storage = new FakeStorage('1:1', '1:2').withSnapshot('1:2');
    expect(replayed(storage)).toEqual([]);
    expect(found(storage)).toMatchObject({ lastZxid: zxid('1:2'), isLogBehind: false });
  });

  it('begins a log behind a snapshot that a leader has sent', () => {
    const storage = new FakeStorage('2:4', '2:5').withSnapshot('2:3');
    expect(replayed(storage)).toEqual([zxid('2:4'), zxid('2:5')]);
  });
});

describe('a record', () => {
  it('that a crash has torn at the end is dropped', () => {
    const storage = new FakeStorage('1:1', '1:2').withSnapshot('0:0').withFlaw(1, 'torn');
    expect(found(storage)).toMatchObject({
      isTorn: true,
      recordCount: 1,
      lastZxid: zxid('1:1'),
      isLogBehind: false,
    });
  });

  it('that is torn, and the only one, leaves the snapshot', () => {
    const storage = new FakeStorage('1:1').withSnapshot('0:0').withFlaw(0, 'torn');
    expect(found(storage)).toMatchObject({ isTorn: true, recordCount: 0, lastZxid: 0 });
  });

  it.each([
    ['rotted in the middle', 1, 'rotted'],
    ['rotted at the end, where it may have been acknowledged', 2, 'rotted'],
    ['torn in the middle', 1, 'torn'],
    ['rotted where the snapshot covers it', 0, 'rotted'],
  ] as const)('%s is a reason not to start', (_, index, flaw) => {
    const storage = new FakeStorage('1:1', '1:2', '1:3').withSnapshot('1:1').withFlaw(index, flaw);
    expect(readDisk(storage, 0)).toBe('a record of the log fails its checksum');
  });
});

describe('a log', () => {
  it.each([
    ['within an epoch', ['1:1', '1:3']],
    ['between snapshot and first record', ['1:2']],
    ['at the beginning of an epoch', ['1:1', '2:2']],
  ])('with a gap %s is a reason not to start', (_, records) => {
    const storage = new FakeStorage(...records).withSnapshot('0:0');
    expect(readDisk(storage, 0)).toBe('the log has a gap');
  });

  it('may skip epochs', () => {
    const storage = new FakeStorage('1:1', '4:1').withSnapshot('0:0');
    expect(found(storage).lastZxid).toBe(zxid('4:1'));
  });

  it('begins every epoch behind the counter that is set', () => {
    const storage = new FakeStorage('1:101', '2:101').withSnapshot('0:0');
    expect(readDisk(storage, 100)).toMatchObject({ lastZxid: zxid('2:101') });
    expect(readDisk(storage, 0)).toBe('the log has a gap');
  });

  it('that ends before the snapshot is behind', () => {
    const storage = new FakeStorage('1:1', '1:2').withSnapshot('0:0').withSnapshot('1:3');
    expect(found(storage)).toMatchObject({ isLogBehind: true, lastZxid: zxid('1:3') });
  });

  it('that is behind a damaged snapshot is not', () => {
    const storage = new FakeStorage('1:1', '1:2')
      .withSnapshot('0:0')
      .withSnapshot('1:3', 9, 'rotted');
    expect(found(storage)).toMatchObject({ isLogBehind: false, lastZxid: zxid('1:2') });
  });

  it('that is empty is not behind: nothing can be left out', () => {
    expect(found(new FakeStorage().withSnapshot('1:3'))).toMatchObject({
      isLogBehind: false,
      lastZxid: zxid('1:3'),
    });
  });

  it('of which only the torn record reaches the snapshot is behind', () => {
    const storage = new FakeStorage('1:1', '1:2').withSnapshot('1:2').withFlaw(1, 'torn');
    expect(found(storage)).toMatchObject({ isLogBehind: true, isTorn: true });
  });
});

describe('a limit', () => {
  it('hides the records above it', () => {
    const storage = new FakeStorage('1:1', '1:2', '1:3').withSnapshot('0:0');
    expect(found(storage, zxid('1:2')).lastZxid).toBe(zxid('1:2'));
  });

  it('hides the snapshots above it', () => {
    const storage = new FakeStorage('1:1', '1:2', '1:3').withSnapshot('0:0').withSnapshot('1:3');
    const { snapshot, lastZxid } = found(storage, zxid('1:2'));
    expect(snapshot?.zxid).toBe(0);
    expect(lastZxid).toBe(zxid('1:2'));
  });

  it('below all snapshots leaves nothing to start from', () => {
    const storage = new FakeStorage('1:4').withSnapshot('1:3');
    expect(readDisk(storage, 0, zxid('1:2'))).toBe('no snapshot is intact');
  });
});
