import { ZAB_EVENTS } from './events.ts';
import type { Ports, StorageListener, WakeListener } from './ports.ts';
import type { Snapshot } from './txn.ts';
import { ZXID_ZERO, type Zxid } from './zxid.ts';

const BEGIN = 0;
const FINISH = 1;

/** The server whose state it is. */
export interface SnapshotOwner {
  readonly lastZxid: Zxid;
  capture(zxid: Zxid): Snapshot;
  diskFailed(): void;
}

/** Hears that no snapshot is being written any more. */
export interface SavedListener {
  snapshotSaved(): void;
}

/**
 * The thread that saves snapshots in the background, one at a time, while the state moves on.
 * `SyncRequestProcessor`, `ZooKeeperServer.takeSnapshot`.
 */
export class SnapshotThread implements StorageListener, WakeListener {
  isSaving = false;

  private readonly ports: Ports;
  private readonly owner: SnapshotOwner;
  private readonly listener: SavedListener;
  private readonly snapCount: number;
  private txnsLeft = 0;
  /** The label of the snapshot that is about to be taken. */
  private pendingLabel: Zxid | null = null;
  /** The label of the one that is being written. */
  private label: Zxid = ZXID_ZERO;

  constructor(ports: Ports, owner: SnapshotOwner, snapCount: number, listener: SavedListener) {
    this.ports = ports;
    this.owner = owner;
    this.snapCount = snapCount;
    this.listener = listener;
    this.schedule();
  }

  /** One more transaction is in the log. @returns whether it is time for a snapshot */
  countTxn(): boolean {
    return --this.txnsLeft <= 0;
  }

  /** Begins a snapshot, unless one is being written. */
  take(): void {
    this.schedule();
    if (this.pendingLabel !== null || this.isSaving) return;
    this.pendingLabel = this.owner.lastZxid;
    this.ports.emit(ZAB_EVENTS.snapshotBegun, this.pendingLabel, 0, null);
    this.ports.wake(this);
  }

  /** A snapshot that has not copied the state yet is not taken. */
  forget(): void {
    this.pendingLabel = null;
  }

  /** Copies the state, which may have moved on from the label. */
  awake(): void {
    const label = this.pendingLabel;
    this.pendingLabel = null;
    if (label === null) return;
    const { storage } = this.ports;
    const newest = storage.snapshots.findLast(({ flaw }) => flaw !== 'incomplete');
    if (newest !== undefined && newest.snapshot.zxid >= label) return;
    this.isSaving = true;
    this.label = label;
    storage.beginSnapshot(this.owner.capture(label), this, BEGIN);
  }

  stored(operation: number, succeeded: boolean): void {
    if (!succeeded) {
      this.owner.diskFailed();
    } else if (operation === BEGIN) {
      this.ports.emit(ZAB_EVENTS.snapshotHalfWritten, this.label, 0, null);
      this.ports.storage.finishSnapshot(this, FINISH);
    } else {
      this.isSaving = false;
      this.ports.emit(ZAB_EVENTS.snapshotSaved, this.label, 0, null);
      this.listener.snapshotSaved();
    }
  }

  /** Servers that snapshot at the same time would all be slow at once, so chance spreads them. */
  private schedule(): void {
    const half = Math.max(1, Math.floor(this.snapCount / 2));
    this.txnsLeft = half + this.ports.random(half);
  }
}
