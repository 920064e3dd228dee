import { Fifo } from '../kernel/fifo.ts';
import { KeyedRandom, type RandomStream } from '../kernel/random.ts';
import type { StorageListener } from './listeners.ts';
import { type Crash, type CrashLosses, LogFile, type RecordFlaw } from './log-file.ts';
import type { Process } from './process.ts';
import { Slowdown } from './slowdown.ts';
import { EVENT, type Timeline } from './timeline.ts';

/** How long a sync takes, in microseconds, when nothing is wrong. */
export interface DiskSpeed {
  readonly syncMinMicros: number;
  readonly syncMaxMicros: number;
}

/** Why a snapshot's seal does not fit: a crash has left it incomplete, or it has rotted. */
export type SnapshotFlaw = 'incomplete' | 'rotted';

export interface StoredSnapshot<Snapshot> {
  readonly snapshot: Snapshot;
  /** `null` when its seal fits. */
  flaw: SnapshotFlaw | null;
  /** Whether it was synced, so that a loss of power cannot take it. */
  isDurable: boolean;
}

/** The log, the small files and the snapshots are written independently, each in its own order. */
const LANE = { log: 0, cells: 1, snapshots: 2 };
const LANE_COUNT = 3;

type Work = 'sync' | 'truncate' | 'cell' | 'save' | 'replace';

/** A write under way. Its effect comes when it completes, or perhaps at a crash. */
export class DiskOperation<Snapshot = unknown> {
  readonly disk: Disk<unknown, Snapshot>;
  readonly lane: number;
  readonly work: Work;
  readonly listener: StorageListener;
  /** What the program calls this write. */
  readonly number: number;
  /** What there is to be written: a count of records, or the value of a cell. */
  value: number;
  name = '';
  snapshot: Snapshot | null = null;
  snapshotCount = 0;
  isDurable = false;
  isPending = true;
  succeeded = true;

  constructor(
    disk: Disk<unknown, Snapshot>,
    lane: number,
    work: Work,
    value: number,
    listener: StorageListener,
    number: number,
  ) {
    this.disk = disk;
    this.lane = lane;
    this.work = work;
    this.value = value;
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
  readonly snapshots: StoredSnapshot<Snapshot>[] = [];
  /** The process that has the disk; nobody else's writes reach it. */
  owner: Process | null = null;
  readonly slowdown: Slowdown = new Slowdown();

  private readonly timeline: Timeline;
  private readonly random: KeyedRandom;
  private readonly speed: DiskSpeed;
  private readonly cells = new Map<string, number>();
  private readonly log = new LogFile<LogRecord>();
  private readonly lanes: Fifo<DiskOperation<Snapshot>>[] = [];
  private readonly freeAt: number[] = new Array<number>(LANE_COUNT).fill(0);
  private readonly failures: number[] = new Array<number>(LANE_COUNT).fill(0);
  private held: DiskOperation<Snapshot>[] = [];
  private stallCount = 0;
  private lieCount = 0;
  private operationCount = 0;

  constructor(timeline: Timeline, seed: string, host: number, speed: DiskSpeed) {
    this.timeline = timeline;
    this.random = new KeyedRandom(seed, `disk/${host}`);
    this.speed = speed;
    for (let lane = 0; lane < LANE_COUNT; lane++) this.lanes.push(new Fifo());
  }

  /** How many records of the log a loss of power now would leave for certain. */
  get durableCount(): number {
    return this.log.durableCount;
  }

  /** The log in order, records that are not yet synced included. */
  get records(): readonly LogRecord[] {
    return this.log.records;
  }

  /** Whether a durable record or a snapshot fails its checksum because it has rotted. */
  get isRotten(): boolean {
    return this.log.isRotten || this.snapshots.some(({ flaw }) => flaw === 'rotted');
  }

  /** The content of a small file, `null` if it was never written. */
  cell(name: string): number | null {
    return this.cells.get(name) ?? null;
  }

  /** Why the record at `index` of the log does not pass its checksum; `null` when it does. */
  flawAt(index: number): RecordFlaw | null {
    return this.log.flawAt(index);
  }

  /** Begins to write a record. The next sync answers for it. */
  append(record: LogRecord): void {
    if (this.owner !== null) this.log.records.push(record);
  }

  sync(listener: StorageListener, number: number): void {
    this.begin(LANE.log, 'sync', this.records.length, listener, number);
  }

  /** Keeps the first `recordCount` records and the first `snapshotCount` snapshots. */
  truncate(
    recordCount: number,
    snapshotCount: number,
    listener: StorageListener,
    number: number,
  ): void {
    const operation = this.begin(LANE.log, 'truncate', recordCount, listener, number);
    if (operation !== null) operation.snapshotCount = snapshotCount;
  }

  /** Replaces the content of a small file: temporary file, sync, rename. */
  writeCell(name: string, value: number, listener: StorageListener, number: number): void {
    const operation = this.begin(LANE.cells, 'cell', value, listener, number);
    if (operation !== null) operation.name = name;
  }

  saveSnapshot(
    snapshot: Snapshot,
    isDurable: boolean,
    listener: StorageListener,
    number: number,
  ): void {
    const operation = this.begin(LANE.snapshots, 'save', 0, listener, number);
    if (operation === null) return;
    operation.snapshot = snapshot;
    operation.isDurable = isDurable;
  }

  /** Starts the disk's content afresh with `snapshot`, atomically: older snapshots and the log go. */
  replaceWith(snapshot: Snapshot, listener: StorageListener, number: number): void {
    const operation = this.begin(LANE.snapshots, 'replace', 0, listener, number);
    if (operation !== null) operation.snapshot = snapshot;
  }

  /** A write's time has come. @returns whether it is done, so that its program may be told */
  complete(operation: DiskOperation<Snapshot>): boolean {
    if (!operation.isPending) return true;
    if (this.stallCount > 0) {
      this.held.push(operation);
      return false;
    }
    const lane = this.lanes[operation.lane] as Fifo<DiskOperation<Snapshot>>;
    if (lane.at(0) !== operation) {
      // An earlier write of the lane was stalled and is due now, behind this one.
      this.schedule(operation, this.timeline.now);
      return false;
    }
    operation.isPending = false;
    lane.shift();
    operation.succeeded = (this.failures[operation.lane] as number) === 0;
    if (operation.succeeded) this.perform(operation);
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

  /**
   * From now on (or no more, by this one's account) syncs of the log are reported and not done:
   * what they cover is lost with the host's power, until a sync covers it that is done. Small
   * files and snapshots are written honestly.
   */
  lie(on: boolean): void {
    this.lieCount += on ? 1 : -1;
  }

  /** Damages a record at rest, if there is one at `index`; who reads it finds it by its checksum. */
  rotRecord(index: number): void {
    this.log.rot(index);
  }

  /** Damages a snapshot at rest, if there is a complete one at `index`. */
  rotSnapshot(index: number): void {
    const stored = this.snapshots[index];
    if (stored?.flaw === null) stored.flaw = 'rotted';
  }

  /** The writing process ends here. */
  crash(random: RandomStream, crash: Crash): CrashLosses {
    this.owner = null;
    this.held = [];
    const lane = this.lanes[LANE.log] as Fifo<DiskOperation<Snapshot>>;
    for (const operation of lane) {
      if (operation.work === 'truncate' && random.chance(500_000)) this.perform(operation);
    }
    const losses = this.log.crash(random, crash);
    this.settle(LANE.cells, random);
    for (const operation of this.lanes[LANE.snapshots] as Fifo<DiskOperation<Snapshot>>) {
      if (!this.cutShort(operation, random)) break;
    }
    if (crash.lostPower) {
      for (const stored of this.snapshots) {
        if (!stored.isDurable && random.chance(500_000)) stored.flaw = 'incomplete';
        stored.isDurable = true;
      }
    }
    for (const pending of this.lanes) {
      for (const operation of pending) operation.isPending = false;
      pending.clear();
    }
    this.freeAt.fill(this.timeline.now);
    return losses;
  }

  private begin(
    lane: number,
    work: Work,
    value: number,
    listener: StorageListener,
    number: number,
  ): DiskOperation<Snapshot> | null {
    if (this.owner === null) return null;
    const { syncMinMicros, syncMaxMicros } = this.speed;
    const latency = this.random.between(this.operationCount++, syncMinMicros, syncMaxMicros);
    const startAt = Math.max(this.timeline.now, this.freeAt[lane] as number);
    const at = startAt + latency * this.slowdown.factor;
    this.freeAt[lane] = at;
    const operation = new DiskOperation(this, lane, work, value, listener, number);
    (this.lanes[lane] as Fifo<DiskOperation<Snapshot>>).push(operation);
    this.schedule(operation, at);
    return operation;
  }

  private schedule(operation: DiskOperation<Snapshot>, at: number): void {
    this.timeline.queue.push(at, EVENT.stored, 0, this.owner, operation);
  }

  private perform(operation: DiskOperation<Snapshot>): void {
    const { work, value } = operation;
    switch (work) {
      case 'sync':
        this.log.report(value, this.lieCount > 0);
        break;
      case 'truncate':
        this.cutLog(value);
        this.snapshots.length = Math.min(operation.snapshotCount, this.snapshots.length);
        break;
      case 'cell':
        this.cells.set(operation.name, value);
        break;
      case 'replace':
        this.cutLog(0);
        this.snapshots.length = 0;
        this.place(operation, true);
        break;
      case 'save':
        this.place(operation, operation.isDurable);
        break;
    }
  }

  private place({ snapshot }: DiskOperation<Snapshot>, isDurable: boolean): void {
    if (snapshot !== null) this.snapshots.push({ snapshot, flaw: null, isDurable });
  }

  private cutLog(recordCount: number): void {
    this.log.cut(recordCount);
    // A sync under way does not answer for what will be appended in the place of the cut records.
    for (const operation of this.lanes[LANE.log] as Fifo<DiskOperation<Snapshot>>) {
      if (operation.work === 'sync') operation.value = Math.min(operation.value, recordCount);
    }
  }

  /** A crash lets the first few of the pending writes of a lane happen. */
  private settle(lane: number, random: RandomStream): void {
    for (const operation of this.lanes[lane] as Fifo<DiskOperation<Snapshot>>) {
      if (!random.chance(500_000)) break;
      this.perform(operation);
    }
  }

  /**
   * A snapshot whose writing was cut short is absent, or after all complete; one that is not
   * written to a temporary file first may also be incomplete.
   *
   * @returns whether it is complete, so that the next one may have been begun
   */
  private cutShort(operation: DiskOperation<Snapshot>, random: RandomStream): boolean {
    const outcome = random.pick(['absent', 'complete', 'incomplete']);
    const isAtomic = operation.work === 'replace' || operation.isDurable;
    if (outcome === 'absent' || (isAtomic && outcome === 'incomplete')) return false;
    this.perform(operation);
    const last = this.snapshots.at(-1);
    if (last !== undefined && outcome === 'incomplete') last.flaw = 'incomplete';
    return outcome === 'complete';
  }
}
