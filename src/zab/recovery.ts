import type { Storage } from './ports.ts';
import type { Snapshot } from './txn.ts';
import { follows, ZXID_ZERO, type Zxid } from './zxid.ts';

/** What a server finds on its disk. */
export interface Recovered {
  readonly snapshot: Snapshot | null;
  /** The first record of the log that the snapshot does not cover for certain. */
  readonly firstRecord: number;
  /** Records that are whole; one more may stand behind them, cut short by a crash. */
  readonly recordCount: number;
  readonly isTorn: boolean;
  /**
   * The snapshot reaches beyond the log: it was taken of transactions that a quorum had and this
   * log had not synced when the server fell. What is appended next would leave a gap behind.
   */
  readonly isLogBehind: boolean;
  readonly lastZxid: Zxid;
}

/** Why a server must not go on that has to read such a record. */
export const FAILED_CHECKSUM = 'a record of the log fails its checksum';

/** Whether no start has come so far as to save a snapshot. */
export function isFirstStart({ snapshots, records }: Storage): boolean {
  return records.length === 0 && snapshots.every(({ flaw }) => flaw === 'incomplete');
}

/**
 * Reads the newest snapshot that is intact and checks the log behind it. Every record counts,
 * committed or not. `FileTxnSnapLog.restore`.
 *
 * A record at the end that a crash cut short was never acknowledged and is dropped. Any other that
 * fails its checksum may have been: dropping it would break a quorum.
 *
 * @param limit reads as if nothing above this zxid were there
 * @returns what was found, or why the server must not start
 */
export function readDisk(
  storage: Storage,
  counterStart: number,
  limit: number = Number.POSITIVE_INFINITY,
): Recovered | string {
  const { records } = storage;
  const snapshot = storage.snapshots.findLast(
    (stored) => stored.flaw === null && stored.snapshot.zxid <= limit,
  )?.snapshot;
  if (snapshot === undefined && !isFirstStart(storage)) return 'no snapshot is intact';
  let recordCount = records.length;
  const isTorn = recordCount > 0 && storage.flawAt(recordCount - 1) === 'torn';
  if (isTorn) recordCount--;

  let lastZxid = snapshot?.zxid ?? ZXID_ZERO;
  let firstRecord = recordCount;
  for (let index = 0; index < recordCount; index++) {
    if (storage.flawAt(index) !== null) return FAILED_CHECKSUM;
    const { zxid } = records[index] as { zxid: Zxid };
    if (zxid <= lastZxid || zxid > limit) continue;
    if (!follows(lastZxid, zxid, counterStart)) return 'the log has a gap';
    if (firstRecord === recordCount) firstRecord = index;
    lastZxid = zxid;
  }
  const lastRecord = records[recordCount - 1];
  const isLogBehind = lastRecord !== undefined && lastRecord.zxid < lastZxid;
  return { snapshot: snapshot ?? null, firstRecord, recordCount, isTorn, isLogBehind, lastZxid };
}
