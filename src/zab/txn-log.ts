import { Fifo } from '../kernel/fifo.ts';
import { ZAB_EVENTS } from './events.ts';
import type { Ports, StorageListener } from './ports.ts';
import type { Txn } from './txn.ts';
import { ZXID_ZERO, type Zxid } from './zxid.ts';

const SYNC = 0;

export interface TxnLogOwner {
  /** The disk holds this transaction and all before it. Called in order. */
  logged(txn: Txn): void;
  diskFailed(): void;
}

/** Waits until everything appended so far is synced. */
export interface SyncWaiter {
  logSynced(): void;
}

/**
 * The thread that writes the log: it appends, covers what came in during one sync by the next, and
 * reports each transaction when the sync that covers it is done. `SyncRequestProcessor`.
 */
export class TxnLog implements StorageListener {
  /** Of the last transaction appended. */
  lastZxid: Zxid = ZXID_ZERO;

  private readonly ports: Ports;
  private readonly owner: TxnLogOwner;
  private readonly unreported = new Fifo<Txn>();
  private readonly waiters: SyncWaiter[] = [];
  private isSyncing = false;
  private isDirty = false;
  /** Of the last transaction that the sync under way covers. */
  private syncingZxid: Zxid = ZXID_ZERO;

  constructor(ports: Ports, owner: TxnLogOwner) {
    this.ports = ports;
    this.owner = owner;
  }

  /** @param reports whether the owner wants to hear when it is on disk */
  append(txn: Txn, reports: boolean): void {
    this.ports.storage.append(txn);
    this.lastZxid = txn.zxid;
    this.ports.emit(ZAB_EVENTS.appended, txn.zxid, 0, txn);
    if (reports) this.unreported.push(txn);
    this.isDirty = true;
    if (!this.isSyncing) this.sync();
  }

  /** Calls the waiter at once if nothing is unsynced. */
  whenSynced(waiter: SyncWaiter): void {
    if (!this.isSyncing) waiter.logSynced();
    else this.waiters.push(waiter);
  }

  /** Nobody wants to hear of what is not reported yet: the role that asked is over. */
  forgetReports(): void {
    this.unreported.clear();
    this.waiters.length = 0;
  }

  stored(_operation: number, succeeded: boolean): void {
    if (!succeeded) {
      this.owner.diskFailed();
      return;
    }
    this.isSyncing = false;
    const syncedZxid = this.syncingZxid;
    this.ports.emit(ZAB_EVENTS.logSynced, syncedZxid, 0, null);
    if (this.isDirty) this.sync();
    this.reportUpTo(syncedZxid);
    if (this.isSyncing || this.waiters.length === 0) return;
    for (const waiter of this.waiters.splice(0)) waiter.logSynced();
  }

  private sync(): void {
    this.isSyncing = true;
    this.isDirty = false;
    this.syncingZxid = this.lastZxid;
    this.ports.storage.sync(this, SYNC);
  }

  private reportUpTo(zxid: Zxid): void {
    for (;;) {
      const txn = this.unreported.at(0);
      if (txn === undefined || txn.zxid > zxid) return;
      this.unreported.shift();
      this.owner.logged(txn);
    }
  }
}
