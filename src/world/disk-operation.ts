import type { Disk } from './disk.ts';
import type { StorageListener } from './listeners.ts';

/** The steps that a program can ask for; in a crash each is done or not. */
export type Work =
  | 'sync'
  | 'cutLog'
  | 'writeCellTmp'
  | 'renameCell'
  | 'beginSnapshot'
  | 'finishSnapshot'
  | 'syncSnapshot'
  | 'cutSnapshots'
  | 'writeSnapshotTmp'
  | 'installSnapshot';

/** A step under way. Its effect comes when it completes, or perhaps at a crash. */
export class DiskOperation<Snapshot = unknown> {
  readonly disk: Disk<unknown, Snapshot>;
  readonly lane: number;
  readonly work: Work;
  readonly listener: StorageListener;
  /** What the program calls it. */
  readonly number: number;
  /** A count of records or snapshots, or what is to be in a small file. */
  value = 0;
  /** Of a small file. */
  name = '';
  snapshot: Snapshot | null = null;
  isPending = true;
  succeeded = true;

  constructor(
    disk: Disk<unknown, Snapshot>,
    lane: number,
    work: Work,
    listener: StorageListener,
    number: number,
  ) {
    this.disk = disk;
    this.lane = lane;
    this.work = work;
    this.listener = listener;
    this.number = number;
  }
}
