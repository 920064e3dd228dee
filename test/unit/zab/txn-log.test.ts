import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ZAB_EVENTS } from '../../../src/zab/events.ts';
import type { Txn } from '../../../src/zab/txn.ts';
import { TxnLog } from '../../../src/zab/txn-log.ts';
import { makeZxid, type Zxid } from '../../../src/zab/zxid.ts';
import { FakeStorage, portsOf, txns, zxid } from './fakes.ts';

/** A log on a disk that waits, and what its owner has heard. */
class Bench {
  readonly storage = new FakeStorage();
  readonly reported: Zxid[] = [];
  readonly synced: number[] = [];
  failures = 0;
  wakeUps = 0;
  readonly log: TxnLog;

  constructor() {
    const emit = (kind: number, value: number): void => {
      if (kind === ZAB_EVENTS.logSynced) this.synced.push(value);
    };
    this.log = new TxnLog(portsOf(this.storage, emit), {
      logged: (txn: Txn) => this.reported.push(txn.zxid),
      diskFailed: () => this.failures++,
    });
  }

  append(...list: readonly string[]): void {
    for (const txn of txns(...list)) this.log.append(txn, true);
  }

  wait(): void {
    this.log.whenSynced({ logSynced: () => this.wakeUps++ });
  }
}

describe('the log', () => {
  it('reports a transaction when the sync that covers it is done, and not before', () => {
    const bench = new Bench();
    bench.append('1:1');
    expect(bench.storage.syncsUnderWay).toBe(1);
    expect(bench.reported).toEqual([]);
    bench.storage.completeSync();
    expect(bench.reported).toEqual([zxid('1:1')]);
    expect(bench.storage.syncsUnderWay).toBe(0);
  });

  it('covers all that came in during one sync by the next one', () => {
    const bench = new Bench();
    bench.append('1:1', '1:2', '1:3');
    expect(bench.storage.syncsUnderWay).toBe(1);
    bench.storage.completeSync();
    expect(bench.reported).toEqual([zxid('1:1')]);
    expect(bench.storage.syncsUnderWay).toBe(1);
    bench.storage.completeSync();
    expect(bench.reported).toEqual([zxid('1:1'), zxid('1:2'), zxid('1:3')]);
    expect(bench.storage.syncsUnderWay).toBe(0);
    expect(bench.synced).toEqual([zxid('1:1'), zxid('1:3')]);
  });

  it('does not report what nobody wants to hear of', () => {
    const bench = new Bench();
    for (const txn of txns('1:1', '1:2')) bench.log.append(txn, txn.zxid === zxid('1:2'));
    bench.storage.completeSync();
    bench.storage.completeSync();
    expect(bench.reported).toEqual([zxid('1:2')]);
  });

  it('knows what it appended last, synced or not', () => {
    const bench = new Bench();
    bench.append('1:1', '1:2');
    expect(bench.log.lastZxid).toBe(zxid('1:2'));
  });

  it('tells its owner when the disk fails, and reports nothing', () => {
    const bench = new Bench();
    bench.append('1:1');
    bench.storage.completeSync(false);
    expect(bench.failures).toBe(1);
    expect(bench.reported).toEqual([]);
    expect(bench.synced).toEqual([]);
  });

  it('calls one who waits at once if nothing is unsynced', () => {
    const bench = new Bench();
    bench.wait();
    expect(bench.wakeUps).toBe(1);
  });

  it('calls one who waits when all is synced, once', () => {
    const bench = new Bench();
    bench.append('1:1', '1:2');
    bench.wait();
    bench.storage.completeSync();
    expect(bench.wakeUps).toBe(0);
    bench.storage.completeSync();
    expect(bench.wakeUps).toBe(1);
    bench.append('1:3');
    bench.storage.completeSync();
    expect(bench.wakeUps).toBe(1);
  });

  it('finishes its sync and tells nobody when the role is over', () => {
    const bench = new Bench();
    bench.append('1:1', '1:2');
    bench.wait();
    bench.log.forgetReports();
    bench.storage.completeSync();
    bench.storage.completeSync();
    expect(bench.reported).toEqual([]);
    expect(bench.wakeUps).toBe(0);
    expect(bench.storage.syncedCount).toBe(2);
  });

  it('reports in order, each once, and never what is not synced, however disk and writer race', () => {
    const steps = fc.array(fc.constantFrom('append', 'complete'), { maxLength: 60 });
    const property = fc.property(steps, (list) => {
      const bench = new Bench();
      let appended = 0;
      for (const step of list) {
        if (step === 'append') bench.append(`1:${++appended}`);
        else if (bench.storage.syncsUnderWay > 0) bench.storage.completeSync();
        expect(bench.reported.length).toBe(bench.storage.syncedCount);
        expect(bench.storage.syncsUnderWay).toBe(bench.storage.syncedCount < appended ? 1 : 0);
      }
      while (bench.storage.syncsUnderWay > 0) bench.storage.completeSync();
      const all = Array.from({ length: appended }, (_, n) => makeZxid(1, n + 1));
      expect(bench.reported).toEqual(all);
    });
    fc.assert(property, { numRuns: 300, seed: 1 });
  });
});
