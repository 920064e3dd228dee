import { Fifo } from '../kernel/fifo.ts';
import { KeyedRandom, type RandomStream } from '../kernel/random.ts';
import type { StorageListener } from './listeners.ts';
import type { Process } from './process.ts';
import { EVENT, type Timeline } from './timeline.ts';

/** How long a sync takes, in microseconds, when nothing is wrong. */
export interface DiskSpeed {
  readonly syncMinMicros: number;
  readonly syncMaxMicros: number;
}

/** Why a record's checksum does not fit: a crash cut it short, or it has rotted. */
export type RecordFlaw = 'torn' | 'rotted';

export interface StoredSnapshot<Snapshot> {
  readonly snapshot: Snapshot;
  /** Whether its seal fits; a crash may have left it incomplete, or it has rotted. */
  isIntact: boolean;
  /** Whether it was synced, so that a loss of power cannot take it. */
  isDurable: boolean;
}

/** What a crash took. */
export interface CrashLosses {
  readonly unsyncedCount: number;
  readonly hasTornTail: boolean;
}

/** The log, the small files and the snapshots are written independently, each in its own order. */
const LANE = { log: 0, cells: 1, snapshots: 2 };
const LANE_COUNT = 3;

const TORN_TAIL_PPM = 300_000;

type Work<Snapshot> =
  | { readonly kind: 'sync'; readonly recordCount: number }
  | { readonly kind: 'truncate'; readonly recordCount: number; readonly snapshotCount: number }
  | { readonly kind: 'cell'; readonly name: string; readonly value: number }
  | { readonly kind: 'save'; readonly snapshot: Snapshot; readonly isDurable: boolean }
  | { readonly kind: 'replace'; readonly snapshot: Snapshot };

/** A write under way. Its effect comes when it completes, or perhaps at a crash. */
export class DiskOperation<Snapshot = unknown> {
  readonly disk: Disk<unknown, Snapshot>;
  readonly lane: number;
  readonly work: Work<Snapshot>;
  readonly listener: StorageListener;
  /** What the program calls this write. */
  readonly number: number;
  isPending = true;
  succeeded = true;

  constructor(
    disk: Disk<unknown, Snapshot>,
    lane: number,
    work: Work<Snapshot>,
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

export type AnyDisk = Disk<unknown, unknown>;

/**
 * A host's disk: an append-only log, small files that are replaced atomically, and snapshots.
 *
 * It outlives the processes that write to it. What they append is lost by a crash until a sync that
 * began later has completed; of the rest a random prefix survives, perhaps with a torn last record.
 */
export class Disk<LogRecord, Snapshot> {
  /** The log in order, records that are not yet synced included. */
  readonly records: LogRecord[] = [];
  readonly snapshots: StoredSnapshot<Snapshot>[] = [];
  /** The process that has the disk; nobody else's writes reach it. */
  owner: Process | null = null;
  slowdown = 1;

  private readonly timeline: Timeline;
  private readonly random: KeyedRandom;
  private readonly speed: DiskSpeed;
  private readonly cells = new Map<string, number>();
  private readonly flaws = new Map<number, RecordFlaw>();
  private readonly lanes: Fifo<DiskOperation<Snapshot>>[] = [];
  private readonly freeAt: number[] = new Array<number>(LANE_COUNT).fill(0);
  private readonly failures: number[] = new Array<number>(LANE_COUNT).fill(0);
  private held: DiskOperation<Snapshot>[] = [];
  private stallCount = 0;
  private operationCount = 0;
  private syncedCount = 0;

  constructor(timeline: Timeline, seed: string, host: number, speed: DiskSpeed) {
    this.timeline = timeline;
    this.random = new KeyedRandom(seed, `disk/${host}`);
    this.speed = speed;
    for (let lane = 0; lane < LANE_COUNT; lane++) this.lanes.push(new Fifo());
  }

  /** How many records of the log a loss of power now would leave for certain. */
  get durableCount(): number {
    return this.syncedCount;
  }

  /** The content of a small file, `null` if it was never written. */
  cell(name: string): number | null {
    return this.cells.get(name) ?? null;
  }

  /** Why the record at `index` of the log does not pass its checksum; `null` when it does. */
  flawAt(index: number): RecordFlaw | null {
    return this.flaws.get(index) ?? null;
  }

  /** Begins to write a record. The next sync answers for it. */
  append(record: LogRecord): void {
    if (this.owner !== null) this.records.push(record);
  }

  sync(listener: StorageListener, number: number): void {
    this.begin(LANE.log, { kind: 'sync', recordCount: this.records.length }, listener, number);
  }

  /** Keeps the first `recordCount` records and the first `snapshotCount` snapshots. */
  truncate(
    recordCount: number,
    snapshotCount: number,
    listener: StorageListener,
    number: number,
  ): void {
    this.begin(LANE.log, { kind: 'truncate', recordCount, snapshotCount }, listener, number);
  }

  /** Replaces the content of a small file: temporary file, sync, rename. */
  writeCell(name: string, value: number, listener: StorageListener, number: number): void {
    this.begin(LANE.cells, { kind: 'cell', name, value }, listener, number);
  }

  saveSnapshot(
    snapshot: Snapshot,
    isDurable: boolean,
    listener: StorageListener,
    number: number,
  ): void {
    this.begin(LANE.snapshots, { kind: 'save', snapshot, isDurable }, listener, number);
  }

  /** Starts the disk's content afresh with `snapshot`, atomically: older snapshots and the log go. */
  replaceWith(snapshot: Snapshot, listener: StorageListener, number: number): void {
    this.begin(LANE.snapshots, { kind: 'replace', snapshot }, listener, number);
  }

  /** A write's time has come. @returns whether it is done, so that its program may be told */
  complete(operation: DiskOperation<Snapshot>): boolean {
    if (!operation.isPending) return operation.succeeded;
    if (this.stallCount > 0) {
      this.held.push(operation);
      return false;
    }
    operation.isPending = false;
    this.lanes[operation.lane]?.shift();
    operation.succeeded = (this.failures[operation.lane] as number) === 0;
    if (operation.succeeded) this.perform(operation.work);
    return true;
  }

  /** Nothing completes until every stall has ended. */
  stall(): void {
    this.stallCount++;
  }

  unstall(): void {
    if (--this.stallCount > 0) return;
    const { held } = this;
    this.held = [];
    for (const operation of held) this.schedule(operation, this.timeline.now);
  }

  /** From now on writes fail: those of the log alone, or (a full disk) all of them. */
  fail(logOnly: boolean, by: 1 | -1): void {
    for (let lane = 0; lane < LANE_COUNT; lane++) {
      if (lane === LANE.log || !logOnly) this.failures[lane] = (this.failures[lane] as number) + by;
    }
  }

  /** Damages a record at rest; recovery finds it by its checksum. */
  rotRecord(index: number): void {
    this.flaws.set(index, 'rotted');
  }

  /** The writing process ends here, with its host if `lostPower`. */
  crash(random: RandomStream, lostPower: boolean): CrashLosses {
    this.owner = null;
    this.held = [];
    const lane = this.lanes[LANE.log] as Fifo<DiskOperation<Snapshot>>;
    for (const { work } of lane) {
      if (work.kind === 'truncate' && random.chance(500_000)) this.perform(work);
    }
    const losses = this.loseUnsynced(random);
    this.settle(LANE.cells, random);
    for (const operation of this.lanes[LANE.snapshots] as Fifo<DiskOperation<Snapshot>>) {
      this.cutShort(operation.work, random);
    }
    if (lostPower) {
      for (const stored of this.snapshots) {
        if (!stored.isDurable && random.chance(500_000)) stored.isIntact = false;
      }
    }
    for (const pending of this.lanes) {
      for (const operation of pending) operation.isPending = false;
      pending.clear();
    }
    return losses;
  }

  private begin(
    lane: number,
    work: Work<Snapshot>,
    listener: StorageListener,
    number: number,
  ): void {
    if (this.owner === null) return;
    const { syncMinMicros, syncMaxMicros } = this.speed;
    const latency = this.random.between(this.operationCount++, syncMinMicros, syncMaxMicros);
    const startAt = Math.max(this.timeline.now, this.freeAt[lane] as number);
    const at = startAt + latency * this.slowdown;
    this.freeAt[lane] = at;
    const operation = new DiskOperation(this, lane, work, listener, number);
    (this.lanes[lane] as Fifo<DiskOperation<Snapshot>>).push(operation);
    this.schedule(operation, at);
  }

  private schedule(operation: DiskOperation<Snapshot>, at: number): void {
    this.timeline.queue.push(at, EVENT.stored, 0, this.owner, operation);
  }

  private perform(work: Work<Snapshot>): void {
    switch (work.kind) {
      case 'sync':
        this.syncedCount = Math.max(this.syncedCount, Math.min(work.recordCount, this.records.length));
        break;
      case 'truncate':
        this.cutLog(work.recordCount);
        this.snapshots.length = Math.min(work.snapshotCount, this.snapshots.length);
        break;
      case 'cell':
        this.cells.set(work.name, work.value);
        break;
      case 'save':
        this.snapshots.push({ snapshot: work.snapshot, isIntact: true, isDurable: work.isDurable });
        break;
      case 'replace':
        this.cutLog(0);
        this.snapshots.length = 0;
        this.snapshots.push({ snapshot: work.snapshot, isIntact: true, isDurable: true });
        break;
    }
  }

  private cutLog(recordCount: number): void {
    for (const index of [...this.flaws.keys()]) if (index >= recordCount) this.flaws.delete(index);
    this.records.length = Math.min(recordCount, this.records.length);
    this.syncedCount = Math.min(this.syncedCount, this.records.length);
  }

  private loseUnsynced(random: RandomStream): CrashLosses {
    const unsynced = this.records.length - this.syncedCount;
    if (unsynced === 0) return { unsyncedCount: 0, hasTornTail: false };
    const kept = this.syncedCount + random.below(unsynced + 1);
    const unsyncedCount = this.records.length - kept;
    const hasTornTail = unsyncedCount > 0 && random.chance(TORN_TAIL_PPM);
    this.cutLog(hasTornTail ? kept + 1 : kept);
    if (hasTornTail) this.flaws.set(kept, 'torn');
    this.syncedCount = this.records.length;
    return { unsyncedCount, hasTornTail };
  }

  /** A crash lets the first few of the pending writes of a lane happen. */
  private settle(lane: number, random: RandomStream): void {
    for (const { work } of this.lanes[lane] as Fifo<DiskOperation<Snapshot>>) {
      if (!random.chance(500_000)) break;
      this.perform(work);
    }
  }

  /** A snapshot whose writing was cut short is absent, incomplete, or after all complete. */
  private cutShort(work: Work<Snapshot>, random: RandomStream): void {
    const outcome = random.below(3);
    if (outcome === 0 || (work.kind === 'replace' && outcome === 1)) return;
    this.perform(work);
    const last = this.snapshots.at(-1);
    if (last !== undefined && work.kind === 'save') last.isIntact = outcome === 2;
  }
}
