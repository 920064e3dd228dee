import { Fifo } from '../kernel/fifo.ts';
import { KeyedRandom, type RandomStream } from '../kernel/random.ts';
import { DiskOperation, type Work } from './disk-operation.ts';
import type { StorageListener } from './listeners.ts';
import { type Crash, type CrashLosses, LogFile, type RecordFlaw } from './log-file.ts';
import type { Process } from './process.ts';
import { Slowdown } from './slowdown.ts';
import { SnapshotFiles, type StoredSnapshot } from './snapshot-files.ts';
import { EVENT, type Timeline } from './timeline.ts';

/** How long each step of a write takes, in microseconds, when nothing is wrong. */
export interface DiskSpeed {
  readonly syncMinMicros: number;
  readonly syncMaxMicros: number;
}

/** The log, the small files and the snapshots are written independently, each in its own order. */
const LANE = { log: 0, cells: 1, snapshots: 2 };
const LANE_COUNT = 3;

export type AnyDisk = Disk<unknown, unknown>;

/**
 * A host's disk: an append-only log, small files, and snapshots.
 *
 * It outlives the processes that write to it. What they append is lost by a crash until a sync that
 * began later has completed; of the rest a random prefix survives, perhaps with a torn last record.
 * Of the other steps under way a crash lets some happen.
 */
export class Disk<LogRecord, Snapshot> {
  /** The process that has the disk; nobody else's writes reach it. */
  owner: Process | null = null;
  readonly slowdown: Slowdown = new Slowdown();

  private readonly timeline: Timeline;
  private readonly random: KeyedRandom;
  private readonly speed: DiskSpeed;
  private readonly log = new LogFile<LogRecord>();
  private readonly cells = new Map<string, number>();
  private readonly cellTmps = new Map<string, number>();
  private readonly files = new SnapshotFiles<Snapshot>();
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

  // What is there

  /** The log in order, records that are not yet synced included. */
  get records(): readonly LogRecord[] {
    return this.log.records;
  }

  /** In the order in which they were begun, incomplete ones included. */
  get snapshots(): readonly StoredSnapshot<Snapshot>[] {
    return this.files.list;
  }

  /** How many records of the log a loss of power now would leave for certain. */
  get durableCount(): number {
    return this.log.durableCount;
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

  // What programs ask for

  /** Begins to write a record. The next sync answers for it. */
  append(record: LogRecord): void {
    if (this.owner !== null) this.log.records.push(record);
  }

  sync(listener: StorageListener, number: number): void {
    const operation = this.begin(LANE.log, 'sync', listener, number);
    if (operation !== null) operation.value = this.records.length;
  }

  /** Keeps the first records of the log. */
  cutLog(recordCount: number, listener: StorageListener, number: number): void {
    const operation = this.begin(LANE.log, 'cutLog', listener, number);
    if (operation !== null) operation.value = recordCount;
  }

  /** Writes what shall be in a small file to a temporary one, and syncs that. */
  writeCellTmp(name: string, value: number, listener: StorageListener, number: number): void {
    const operation = this.begin(LANE.cells, 'writeCellTmp', listener, number);
    if (operation === null) return;
    operation.name = name;
    operation.value = value;
  }

  /** Puts the temporary file in the place of the small file. */
  renameCell(name: string, listener: StorageListener, number: number): void {
    const operation = this.begin(LANE.cells, 'renameCell', listener, number);
    if (operation !== null) operation.name = name;
  }

  /** Writes half a snapshot. */
  beginSnapshot(snapshot: Snapshot, listener: StorageListener, number: number): void {
    const operation = this.begin(LANE.snapshots, 'beginSnapshot', listener, number);
    if (operation !== null) operation.snapshot = snapshot;
  }

  /** Writes the other half; incomplete snapshots that a crash has left go. */
  finishSnapshot(listener: StorageListener, number: number): void {
    this.begin(LANE.snapshots, 'finishSnapshot', listener, number);
  }

  /** Makes the newest complete snapshot durable. */
  syncSnapshot(listener: StorageListener, number: number): void {
    this.begin(LANE.snapshots, 'syncSnapshot', listener, number);
  }

  /** Keeps the first snapshots. */
  cutSnapshots(snapshotCount: number, listener: StorageListener, number: number): void {
    const operation = this.begin(LANE.snapshots, 'cutSnapshots', listener, number);
    if (operation !== null) operation.value = snapshotCount;
  }

  /** Writes a whole snapshot to a temporary file, and syncs that. */
  writeSnapshotTmp(snapshot: Snapshot, listener: StorageListener, number: number): void {
    const operation = this.begin(LANE.snapshots, 'writeSnapshotTmp', listener, number);
    if (operation !== null) operation.snapshot = snapshot;
  }

  /** Puts the temporary snapshot in the place of all others and of the log. */
  installSnapshot(listener: StorageListener, number: number): void {
    this.begin(LANE.snapshots, 'installSnapshot', listener, number);
  }

  // What the world does to it

  /** A step's time has come. @returns whether it is done, so that its program may be told */
  complete(operation: DiskOperation<Snapshot>): boolean {
    if (!operation.isPending) return true;
    if (this.stallCount > 0) {
      this.held.push(operation);
      return false;
    }
    const lane = this.lanes[operation.lane] as Fifo<DiskOperation<Snapshot>>;
    if (lane.at(0) !== operation) {
      // An earlier step of the lane was stalled and is due now, behind this one.
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
    this.files.rot(index);
  }

  /** The writing process ends here. */
  crash(random: RandomStream, crash: Crash): CrashLosses {
    this.owner = null;
    this.held = [];
    this.settle(LANE.log, random);
    const losses = this.log.crash(random, crash);
    this.settle(LANE.cells, random);
    this.settle(LANE.snapshots, random);
    this.files.crash(random, crash.lostPower);
    this.freeAt.fill(this.timeline.now);
    return losses;
  }

  private begin(
    lane: number,
    work: Work,
    listener: StorageListener,
    number: number,
  ): DiskOperation<Snapshot> | null {
    if (this.owner === null) return null;
    const { syncMinMicros, syncMaxMicros } = this.speed;
    const latency = this.random.between(this.operationCount++, syncMinMicros, syncMaxMicros);
    const startAt = Math.max(this.timeline.now, this.freeAt[lane] as number);
    const at = startAt + latency * this.slowdown.factor;
    this.freeAt[lane] = at;
    const operation = new DiskOperation(this, lane, work, listener, number);
    (this.lanes[lane] as Fifo<DiskOperation<Snapshot>>).push(operation);
    this.schedule(operation, at);
    return operation;
  }

  private schedule(operation: DiskOperation<Snapshot>, at: number): void {
    this.timeline.queue.push(at, EVENT.stored, 0, this.owner, operation);
  }

  private perform({ work, value, name, snapshot }: DiskOperation<Snapshot>): void {
    switch (work) {
      case 'sync':
        this.log.report(value, this.lieCount > 0);
        break;
      case 'cutLog':
        this.cutRecords(value);
        break;
      case 'writeCellTmp':
        this.cellTmps.set(name, value);
        break;
      case 'renameCell':
        this.renameTmp(name);
        break;
      case 'beginSnapshot':
        if (snapshot !== null) this.files.begin(snapshot);
        break;
      case 'finishSnapshot':
        this.files.finish();
        break;
      case 'syncSnapshot':
        this.files.sync();
        break;
      case 'cutSnapshots':
        this.files.cut(value);
        break;
      case 'writeSnapshotTmp':
        if (snapshot !== null) this.files.writeTemporary(snapshot);
        break;
      case 'installSnapshot':
        if (this.files.install()) this.cutRecords(0);
        break;
    }
  }

  private renameTmp(name: string): void {
    const value = this.cellTmps.get(name);
    if (value === undefined) return;
    this.cells.set(name, value);
    this.cellTmps.delete(name);
  }

  private cutRecords(recordCount: number): void {
    this.log.cut(recordCount);
    // A sync under way does not answer for what will be appended in the place of the cut records.
    for (const operation of this.lanes[LANE.log] as Fifo<DiskOperation<Snapshot>>) {
      if (operation.work === 'sync') operation.value = Math.min(operation.value, recordCount);
    }
  }

  /**
   * A crash lets the first few of the steps under way in a lane happen, and no other. What a sync
   * under way would have covered is left to the log: each record may be written or not.
   */
  private settle(lane: number, random: RandomStream): void {
    const operations = this.lanes[lane] as Fifo<DiskOperation<Snapshot>>;
    for (const operation of operations) {
      if (operation.work === 'sync') continue;
      if (!random.chance(500_000)) break;
      this.perform(operation);
    }
    for (const operation of operations) operation.isPending = false;
    operations.clear();
  }
}
