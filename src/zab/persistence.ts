import { assert } from '../kernel/assert.ts';
import type { ServerConfig } from './config.ts';
import { ZAB_EVENTS } from './events.ts';
import type { Ports, StorageListener, WakeListener } from './ports.ts';
import type { Snapshot, Txn } from './txn.ts';
import { TxnLog, type TxnLogOwner } from './txn-log.ts';
import { type Epoch, ZXID_ZERO, type Zxid } from './zxid.ts';

const ACCEPTED_EPOCH = 0;
const CURRENT_EPOCH = 1;
const INSTALL = 2;
const TRUNCATE = 3;
const SNAPSHOT = 4;
const FIRST_SNAPSHOT = 5;

/** The server whose disk it is. */
export interface PersistenceOwner extends TxnLogOwner {
  readonly ports: Ports;
  readonly config: ServerConfig;
  readonly lastZxid: Zxid;
  capture(zxid: Zxid): Snapshot;
}

/** Waits for the one write that its role has begun. */
export interface WriteWaiter {
  written(): void;
}

/** Waits until nothing is being written for a role any more. */
export interface RestWaiter {
  atRest(): void;
}

/**
 * What a server keeps on disk, and the order in which it gets there: the log, the two epochs, the
 * snapshots. The fields change when the file has.
 *
 * A role has one write under way at a time, besides those of the log thread and of the thread that
 * takes snapshots.
 */
export class Persistence implements StorageListener, WakeListener {
  /** The last epoch promised to a leader; f.p in the ZAB paper. */
  acceptedEpoch: Epoch = 0;
  /** The epoch of the last leader whose history this server has; f.a in the paper. */
  currentEpoch: Epoch = 0;
  readonly log: TxnLog;

  /**
   * Whether what the service applies is committed. Only then may the state move on between a
   * snapshot's label and its copy: TRUNC trusts the label.
   */
  isServing = false;

  private readonly ports: Ports;
  private readonly owner: PersistenceOwner;
  private readonly snapCount: number;
  private epochUnderWay: Epoch = 0;
  private snapshotUnderWay: Snapshot | null = null;
  private waiter: WriteWaiter | null = null;
  private isWriting = false;
  private restWaiter: RestWaiter | null = null;
  private txnsUntilSnapshot = 0;
  /** The label of the snapshot that is about to be taken. */
  private pendingLabel: Zxid | null = null;
  private isSaving = false;

  constructor(owner: PersistenceOwner) {
    this.ports = owner.ports;
    this.owner = owner;
    this.snapCount = owner.config.snapCount;
    this.log = new TxnLog(owner.ports, owner);
    this.scheduleSnapshot();
  }

  append(txn: Txn, reports: boolean): void {
    this.log.append(txn, reports);
    if (--this.txnsUntilSnapshot <= 0 && this.isServing) this.takeSnapshot();
  }

  writeAcceptedEpoch(epoch: Epoch, waiter: WriteWaiter): void {
    this.begin(waiter);
    this.epochUnderWay = epoch;
    this.ports.storage.writeCell('acceptedEpoch', epoch, this, ACCEPTED_EPOCH);
  }

  writeCurrentEpoch(epoch: Epoch, waiter: WriteWaiter): void {
    this.begin(waiter);
    this.epochUnderWay = epoch;
    this.ports.storage.writeCell('currentEpoch', epoch, this, CURRENT_EPOCH);
  }

  /**
   * Puts a leader's snapshot in place of everything: what the log still holds may be a tail that
   * this leader's history does not have, and must not be replayed over it (ZOOKEEPER-2832).
   */
  install(snapshot: Snapshot, waiter: WriteWaiter): void {
    this.begin(waiter);
    this.snapshotUnderWay = snapshot;
    this.ports.storage.replaceWith(snapshot, this, INSTALL);
  }

  /**
   * Keeps what is not above `cut`, of the log and of the snapshots too: a leader's first snapshot
   * holds its uncommitted tail (ZOOKEEPER-4837).
   */
  truncate(cut: Zxid, waiter: WriteWaiter): void {
    const { storage } = this.ports;
    this.begin(waiter);
    const recordCount = countUpTo(storage.records, cut, zxidOfTxn);
    const snapshotCount = countUpTo(storage.snapshots, cut, zxidOfStored);
    storage.truncate(recordCount, snapshotCount, this, TRUNCATE);
  }

  /** Cuts off a last record that is not whole. */
  cutTornTail(recordCount: number, waiter: WriteWaiter): void {
    const { storage } = this.ports;
    this.begin(waiter);
    storage.truncate(recordCount, storage.snapshots.length, this, TRUNCATE);
  }

  /** Saves the empty state: without it nobody could tell a log that is whole from one that is not. */
  saveFirstSnapshot(waiter: WriteWaiter): void {
    this.begin(waiter);
    const snapshot = this.owner.capture(ZXID_ZERO);
    this.ports.storage.saveSnapshot(snapshot, true, this, FIRST_SNAPSHOT);
  }

  /** Begins a snapshot in the background, unless one is being written. */
  takeSnapshot(): void {
    this.scheduleSnapshot();
    if (this.pendingLabel !== null || this.isSaving) return;
    this.pendingLabel = this.owner.lastZxid;
    this.ports.emit(ZAB_EVENTS.snapshotBegun, this.pendingLabel, 0, null);
    this.ports.wake(this);
  }

  /** Copies the state, which may have moved on from the label. */
  awake(): void {
    const label = this.pendingLabel;
    this.pendingLabel = null;
    if (label === null) return;
    const { snapshots } = this.ports.storage;
    const newest = snapshots.at(-1);
    if (newest !== undefined && newest.snapshot.zxid >= label) return;
    this.isSaving = true;
    this.ports.storage.saveSnapshot(this.owner.capture(label), false, this, SNAPSHOT);
  }

  /**
   * The role is over. What it is writing gets finished, nobody hears of it; a snapshot that has
   * not copied the state yet must not see the tail that will be replayed.
   */
  forgetRole(): void {
    this.isServing = false;
    this.waiter = null;
    this.pendingLabel = null;
    this.log.forgetReports();
  }

  /** Calls the waiter when nothing is being written any more, the log included. */
  whenAtRest(waiter: RestWaiter): void {
    this.restWaiter = waiter;
    this.log.whenSynced(this);
  }

  logSynced(): void {
    if (this.isWriting || this.isSaving) return;
    const waiter = this.restWaiter;
    this.restWaiter = null;
    waiter?.atRest();
  }

  stored(operation: number, succeeded: boolean): void {
    if (!succeeded) {
      this.owner.diskFailed();
      return;
    }
    if (operation === SNAPSHOT) {
      this.isSaving = false;
      this.ports.emit(ZAB_EVENTS.snapshotSaved, 0, 0, null);
    } else {
      this.isWriting = false;
      this.finish(operation);
      const { waiter } = this;
      this.waiter = null;
      waiter?.written();
    }
    if (this.restWaiter !== null) this.log.whenSynced(this);
  }

  private begin(waiter: WriteWaiter): void {
    assert(!this.isWriting, 'a role has one write under way');
    this.isWriting = true;
    this.waiter = waiter;
  }

  private finish(operation: number): void {
    switch (operation) {
      case ACCEPTED_EPOCH:
        this.acceptedEpoch = this.epochUnderWay;
        this.ports.emit(ZAB_EVENTS.acceptedEpochWritten, this.acceptedEpoch, 0, null);
        break;
      case CURRENT_EPOCH:
        this.currentEpoch = this.epochUnderWay;
        this.ports.emit(ZAB_EVENTS.currentEpochWritten, this.currentEpoch, 0, null);
        break;
      case INSTALL:
        this.log.lastZxid = (this.snapshotUnderWay as Snapshot).zxid;
        this.ports.emit(ZAB_EVENTS.snapshotInstalled, this.log.lastZxid, 0, null);
        this.snapshotUnderWay = null;
        break;
    }
  }

  /** Servers that snapshot at the same time would all be slow at once, so chance spreads them. */
  private scheduleSnapshot(): void {
    const half = Math.max(1, Math.floor(this.snapCount / 2));
    this.txnsUntilSnapshot = half + this.ports.random(half);
  }
}

function zxidOfTxn(txn: Txn): Zxid {
  return txn.zxid;
}

function zxidOfStored(stored: { readonly snapshot: Snapshot }): Zxid {
  return stored.snapshot.zxid;
}

/** How many items from the front are not above `cut`; they are in the order of their zxids. */
function countUpTo<T>(list: readonly T[], cut: Zxid, zxidOf: (item: T) => Zxid): number {
  let count = list.length;
  while (count > 0 && zxidOf(list[count - 1] as T) > cut) count--;
  return count;
}
