import { Defect } from '../../../src/kernel/assert.ts';
import { DEFAULT_TIMING, type EnsembleConfig } from '../../../src/zab/config.ts';
import type {
  Connection,
  Ports,
  Storage,
  StorageListener,
  StoredSnapshot,
} from '../../../src/zab/ports.ts';
import type { Txn } from '../../../src/zab/txn.ts';
import { makeZxid, type Zxid } from '../../../src/zab/zxid.ts';

/** `'1:2'` is the second transaction of epoch 1. */
export function zxid(text: string): Zxid {
  const [epoch = '0', counter = '0'] = text.split(':');
  return makeZxid(Number(epoch), Number(counter));
}

export function txns(...list: readonly string[]): Txn[] {
  return list.map((text) => ({ zxid: zxid(text), byteCount: 100 }));
}

export function config(changes: Partial<EnsembleConfig> = {}): EnsembleConfig {
  return { ...DEFAULT_TIMING, preAllocBytes: 0, voters: 0b1110, observers: 0, ...changes };
}

/** A disk that completes its syncs when it is told to. */
export class FakeStorage implements Storage {
  readonly records: Txn[];
  readonly snapshots: StoredSnapshot[] = [];
  readonly flaws: Map<number, 'torn' | 'rotted'> = new Map();
  /** Records that a completed sync covers. */
  syncedCount = 0;
  private readonly syncs: { listener: StorageListener; operation: number; count: number }[] = [];

  constructor(...records: readonly string[]) {
    this.records = txns(...records);
  }

  withSnapshot(label: string, byteCount = 1000, flaw: StoredSnapshot['flaw'] = null): this {
    this.snapshots.push({ snapshot: { zxid: zxid(label), byteCount }, flaw });
    return this;
  }

  withFlaw(index: number, flaw: 'torn' | 'rotted'): this {
    this.flaws.set(index, flaw);
    return this;
  }

  get syncsUnderWay(): number {
    return this.syncs.length;
  }

  /** The oldest sync is done, or has failed. */
  completeSync(succeeded = true): void {
    const sync = this.syncs.shift();
    if (sync === undefined) throw new Defect('there is a sync under way');
    if (succeeded) this.syncedCount = sync.count;
    sync.listener.stored(sync.operation, succeeded);
  }

  flawAt(index: number): 'torn' | 'rotted' | null {
    return this.flaws.get(index) ?? null;
  }

  append(txn: Txn): void {
    this.records.push(txn);
  }

  sync(listener: StorageListener, operation: number): void {
    this.syncs.push({ listener, operation, count: this.records.length });
  }

  cell(): null {
    return null;
  }

  readonly cutLog: () => never = unexpected;
  readonly writeCellTmp: () => never = unexpected;
  readonly renameCell: () => never = unexpected;
  readonly beginSnapshot: () => never = unexpected;
  readonly finishSnapshot: () => never = unexpected;
  readonly syncSnapshot: () => never = unexpected;
  readonly cutSnapshots: () => never = unexpected;
  readonly writeSnapshotTmp: () => never = unexpected;
  readonly installSnapshot: () => never = unexpected;
}

/** Ports of which only the disk answers. */
export function portsOf(storage: Storage, emit: Ports['emit'] = () => {}): Ports {
  return {
    storage,
    emit,
    now: () => 0,
    wallClockMs: () => 0,
    random: () => 0,
    setTimer: () => unexpected(),
    cancelTimer: () => unexpected(),
    wake: () => unexpected(),
    dial: (): Connection => unexpected(),
    exit: () => unexpected(),
  };
}

function unexpected(): never {
  throw new Defect('nobody asks this of the disk here');
}
