import { assert } from '../kernel/assert.ts';
import type { ServerConfig } from './config.ts';
import { ZAB_EVENTS } from './events.ts';
import type { Ports, StorageListener } from './ports.ts';
import type { Rules } from './rules.ts';
import { SnapshotThread } from './snapshot-thread.ts';
import type { Snapshot, Txn } from './txn.ts';
import { TxnLog, type TxnLogOwner } from './txn-log.ts';
import { type Epoch, ZXID_ZERO, type Zxid } from './zxid.ts';

/** The steps of writes. Each is an event, so that a crash can come between any two. */
const STEP = {
  acceptedEpochTmp: 0,
  acceptedEpoch: 1,
  currentEpochTmp: 2,
  currentEpoch: 3,
  snapshotTmp: 4,
  install: 5,
  cutSnapshots: 6,
  cutLog: 7,
  cutTornTail: 8,
  beginSnapshot: 9,
  finishSnapshot: 10,
  syncSnapshot: 11,
} as const;

type Step = (typeof STEP)[keyof typeof STEP];

/** The server whose disk it is. */
export interface PersistenceOwner extends TxnLogOwner {
  readonly ports: Ports;
  readonly config: ServerConfig;
  readonly rules: Rules;
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
export class Persistence implements StorageListener {
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
  private readonly snapshots: SnapshotThread;
  private waiter: WriteWaiter | null = null;
  private isWriting = false;
  private restWaiter: RestWaiter | null = null;
  /** What the write under way still has to do. */
  private stepsLeft: readonly Step[] = [];
  /** What it writes. */
  private epoch: Epoch = 0;
  private snapshot: Snapshot | null = null;
  private cut: Zxid = ZXID_ZERO;
  private recordCount = 0;
  private snapshotCount = 0;

  constructor(owner: PersistenceOwner) {
    this.ports = owner.ports;
    this.owner = owner;
    this.log = new TxnLog(owner.ports, owner);
    this.snapshots = new SnapshotThread(owner.ports, owner, owner.config.snapCount, this);
  }

  append(txn: Txn, reports: boolean): void {
    this.log.append(txn, reports);
    if (this.snapshots.countTxn() && this.isServing) this.snapshots.take();
  }

  writeAcceptedEpoch(epoch: Epoch, waiter: WriteWaiter): void {
    this.epoch = epoch;
    this.begin([STEP.acceptedEpochTmp, STEP.acceptedEpoch], waiter);
  }

  writeCurrentEpoch(epoch: Epoch, waiter: WriteWaiter): void {
    this.epoch = epoch;
    this.begin([STEP.currentEpochTmp, STEP.currentEpoch], waiter);
  }

  /**
   * Puts a leader's snapshot in place of everything: what the log still holds may be a tail that
   * this leader's history does not have, and must not be replayed over it (ZOOKEEPER-2832).
   */
  install(snapshot: Snapshot, waiter: WriteWaiter): void {
    this.snapshot = snapshot;
    if (this.owner.rules.snapReplacesLog) this.begin([STEP.snapshotTmp, STEP.install], waiter);
    else this.begin([STEP.beginSnapshot, STEP.finishSnapshot, STEP.syncSnapshot], waiter);
  }

  /**
   * Keeps what is not above `cut`, of the snapshots too: a leader's first one holds its uncommitted
   * tail (ZOOKEEPER-4837). The log goes last. As long as it is there it gives the whole old history,
   * while a snapshot that has outlived it would bring back a piece of what was cut off.
   */
  truncate(cut: Zxid, waiter: WriteWaiter): void {
    const { rules } = this.owner;
    const { records, snapshots } = this.ports.storage;
    this.cut = cut;
    this.recordCount = rules.recordsKept(records, cut);
    this.snapshotCount = rules.cutsSnapshots
      ? snapshots.findLastIndex(({ snapshot }) => snapshot.zxid <= cut) + 1
      : snapshots.length;
    this.begin([STEP.cutSnapshots, STEP.cutLog], waiter);
  }

  /** Cuts off a last record that is not whole. */
  cutTornTail(recordCount: number, waiter: WriteWaiter): void {
    this.recordCount = recordCount;
    this.begin([STEP.cutTornTail], waiter);
  }

  /** Saves the empty state: without it nobody could tell a log that is whole from one that is not. */
  saveFirstSnapshot(waiter: WriteWaiter): void {
    this.snapshot = this.owner.capture(ZXID_ZERO);
    this.begin([STEP.beginSnapshot, STEP.finishSnapshot, STEP.syncSnapshot], waiter);
  }

  /** Makes sure of the snapshot that an earlier process has left. */
  syncSnapshot(waiter: WriteWaiter): void {
    this.begin([STEP.syncSnapshot], waiter);
  }

  /** Begins a snapshot in the background, unless one is being written. */
  takeSnapshot(): void {
    this.snapshots.take();
  }

  /**
   * The role is over. What it is writing gets finished, nobody hears of it; a snapshot that has
   * not copied the state yet must not see the tail that will be replayed.
   */
  forgetRole(): void {
    this.isServing = false;
    this.waiter = null;
    this.snapshots.forget();
    this.log.forgetReports();
  }

  /** Calls the waiter when nothing is being written any more, the log included. */
  whenAtRest(waiter: RestWaiter): void {
    this.restWaiter = waiter;
    this.log.whenSynced(this);
  }

  logSynced(): void {
    if (this.isWriting || this.snapshots.isSaving) return;
    const waiter = this.restWaiter;
    this.restWaiter = null;
    waiter?.atRest();
  }

  snapshotSaved(): void {
    if (this.restWaiter !== null) this.log.whenSynced(this);
  }

  stored(step: number, succeeded: boolean): void {
    if (!succeeded) {
      this.owner.diskFailed();
      return;
    }
    this.done(step);
    const [next, ...rest] = this.stepsLeft;
    if (next !== undefined) {
      this.stepsLeft = rest;
      this.take(next);
      return;
    }
    this.isWriting = false;
    const { waiter } = this;
    this.waiter = null;
    waiter?.written();
    if (this.restWaiter !== null) this.log.whenSynced(this);
  }

  private begin([first, ...rest]: readonly [Step, ...Step[]], waiter: WriteWaiter): void {
    assert(!this.isWriting, 'a role has one write under way');
    this.isWriting = true;
    this.waiter = waiter;
    this.stepsLeft = rest;
    this.take(first);
  }

  private take(step: Step): void {
    const { storage } = this.ports;
    switch (step) {
      case STEP.acceptedEpochTmp:
        storage.writeCellTmp('acceptedEpoch', this.epoch, this, step);
        break;
      case STEP.acceptedEpoch:
        storage.renameCell('acceptedEpoch', this, step);
        break;
      case STEP.currentEpochTmp:
        storage.writeCellTmp('currentEpoch', this.epoch, this, step);
        break;
      case STEP.currentEpoch:
        storage.renameCell('currentEpoch', this, step);
        break;
      case STEP.snapshotTmp:
        storage.writeSnapshotTmp(this.snapshot as Snapshot, this, step);
        break;
      case STEP.install:
        storage.installSnapshot(this, step);
        break;
      case STEP.cutSnapshots:
        storage.cutSnapshots(this.snapshotCount, this, step);
        break;
      case STEP.cutLog:
      case STEP.cutTornTail:
        storage.cutLog(this.recordCount, this, step);
        break;
      case STEP.beginSnapshot:
        storage.beginSnapshot(this.snapshot as Snapshot, this, step);
        break;
      case STEP.finishSnapshot:
        storage.finishSnapshot(this, step);
        break;
      case STEP.syncSnapshot:
        storage.syncSnapshot(this, step);
        break;
    }
  }

  private done(step: number): void {
    switch (step) {
      case STEP.acceptedEpochTmp:
        this.emit(ZAB_EVENTS.acceptedEpochTmpWritten, this.epoch);
        break;
      case STEP.acceptedEpoch:
        this.acceptedEpoch = this.epoch;
        this.emit(ZAB_EVENTS.acceptedEpochWritten, this.epoch);
        break;
      case STEP.currentEpochTmp:
        this.emit(ZAB_EVENTS.currentEpochTmpWritten, this.epoch);
        break;
      case STEP.currentEpoch:
        this.currentEpoch = this.epoch;
        this.emit(ZAB_EVENTS.currentEpochWritten, this.epoch);
        break;
      case STEP.snapshotTmp:
        this.emit(ZAB_EVENTS.snapshotTmpWritten, this.snapshotZxid);
        break;
      case STEP.install:
        this.log.lastZxid = this.snapshotZxid;
        this.emit(ZAB_EVENTS.snapshotInstalled, this.snapshotZxid);
        this.snapshot = null;
        break;
      case STEP.cutSnapshots:
        this.emit(ZAB_EVENTS.snapshotsCut, this.cut);
        break;
      case STEP.cutLog:
        this.emit(ZAB_EVENTS.logCut, this.cut);
        break;
      case STEP.cutTornTail:
        this.emit(ZAB_EVENTS.tornTailCut, 0);
        break;
      case STEP.beginSnapshot:
        this.emit(ZAB_EVENTS.snapshotHalfWritten, this.snapshotZxid);
        break;
      case STEP.finishSnapshot:
        this.emit(ZAB_EVENTS.snapshotSaved, this.snapshotZxid);
        break;
      case STEP.syncSnapshot:
        if (this.snapshot !== null) this.log.lastZxid = this.snapshot.zxid;
        this.emit(ZAB_EVENTS.snapshotSynced, this.snapshotZxid);
        this.snapshot = null;
        break;
    }
  }

  private get snapshotZxid(): Zxid {
    return this.snapshot?.zxid ?? ZXID_ZERO;
  }

  private emit(kind: number, value: number): void {
    this.ports.emit(kind, value, 0, null);
  }
}
