import { describe, expect, it } from 'vitest';
import { CommittedLog } from '../../../src/zab/committed-log.ts';
import { txns, zxid } from './fakes.ts';

function logOf(commitLogCount: number, ...list: readonly string[]): CommittedLog {
  const log = new CommittedLog(commitLogCount, 0);
  for (const txn of txns(...list)) expect(log.add(txn)).toBe(true);
  return log;
}

function content(log: CommittedLog): number[] {
  return [...log].map((txn) => txn.zxid);
}

describe('the committed log', () => {
  it('is empty at first, and begins with any transaction', () => {
    const log = new CommittedLog(5, 0);
    expect(log.isEmpty).toBe(true);
    expect([log.min, log.max]).toEqual([0, 0]);
    const [txn] = txns('3:17');
    expect(txn !== undefined && log.add(txn)).toBe(true);
    expect(log.isEmpty).toBe(false);
    expect([log.min, log.max]).toEqual([zxid('3:17'), zxid('3:17')]);
  });

  it('keeps as many of the latest transactions as a learner may have missed, and one more', () => {
    const log = logOf(2, '1:1', '1:2', '1:3', '2:1', '2:2');
    expect(content(log)).toEqual([zxid('1:3'), zxid('2:1'), zxid('2:2')]);
    expect([log.min, log.max]).toEqual([zxid('1:3'), zxid('2:2')]);
  });

  it('ignores what it has', () => {
    const log = logOf(5, '1:1', '1:2', '1:3', '1:2', '1:3');
    expect(content(log)).toEqual([zxid('1:1'), zxid('1:2'), zxid('1:3')]);
  });

  it('starts afresh rather than have a hole, and says so', () => {
    const log = logOf(5, '1:1', '1:2');
    const [txn] = txns('1:4');
    expect(txn !== undefined && log.add(txn)).toBe(false);
    expect(content(log)).toEqual([zxid('1:4')]);
  });

  it('takes an epoch that does not begin with its first transaction for a hole', () => {
    const log = logOf(5, '1:1', '1:2');
    const [txn] = txns('2:2');
    expect(txn !== undefined && log.add(txn)).toBe(false);
    expect(content(log)).toEqual([zxid('2:2')]);
  });

  it('forgets all when it is cleared', () => {
    const log = logOf(5, '1:1', '1:2');
    log.clear();
    expect(content(log)).toEqual([]);
    expect(log.isEmpty).toBe(true);
  });
});
