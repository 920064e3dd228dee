import type { RandomStream } from '../kernel/random.ts';

/** Why a record's checksum does not fit: a crash cut it short, or it has rotted. */
export type RecordFlaw = 'torn' | 'rotted';

/** How the process ends that writes to a disk. */
export interface Crash {
  /** The host goes with it, and what its operating system has not written. */
  readonly lostPower: boolean;
  /** If a record is lost, the first of those that are is half written for certain. */
  readonly tearsTail: boolean;
}

/** What a crash took. */
export interface CrashLosses {
  readonly unsyncedCount: number;
  readonly hasTornTail: boolean;
}

const TORN_TAIL_PPM = 300_000;

/** The log on a host's disk: what was appended, and what of it a crash would leave. */
export class LogFile<LogRecord> {
  /** In order, records that are not yet synced included. */
  readonly records: LogRecord[] = [];
  private readonly flaws = new Map<number, RecordFlaw>();
  private synced = 0;
  /** Covered by a sync that was reported, be it a lie: they have left the process at least. */
  private reported = 0;

  /** How many records a loss of power now would leave for certain. */
  get durableCount(): number {
    return this.synced;
  }

  /** Whether a durable record has rotted. */
  get isRotten(): boolean {
    return [...this.flaws].some(([index, flaw]) => flaw === 'rotted' && index < this.synced);
  }

  /** Why the record at `index` does not pass its checksum; `null` when it does. */
  flawAt(index: number): RecordFlaw | null {
    return this.flaws.get(index) ?? null;
  }

  /** Damages a record at rest, if there is one at `index`. */
  rot(index: number): void {
    if (index < this.records.length) this.flaws.set(index, 'rotted');
  }

  /** A sync is reported to cover the first `count` records, and does so unless the disk lies. */
  report(count: number, isLie: boolean): void {
    const covered = Math.min(count, this.records.length);
    this.reported = Math.max(this.reported, covered);
    if (!isLie) this.synced = Math.max(this.synced, covered);
  }

  /** Keeps the first `count` records. */
  cut(count: number): void {
    for (const index of [...this.flaws.keys()]) if (index >= count) this.flaws.delete(index);
    this.records.length = Math.min(count, this.records.length);
    this.reported = Math.min(this.reported, this.records.length);
    this.synced = Math.min(this.synced, this.records.length);
  }

  /** Of what was not synced a random prefix survives, perhaps with a torn last record. */
  crash(random: RandomStream, { lostPower, tearsTail }: Crash): CrashLosses {
    const isLiedTo = !lostPower && this.reported > this.synced;
    const safe = lostPower ? this.synced : Math.max(this.synced, this.reported);
    const unsafe = this.records.length - safe;
    let losses: CrashLosses = { unsyncedCount: 0, hasTornTail: false };
    if (unsafe > 0) {
      const kept = safe + random.below(tearsTail ? unsafe : unsafe + 1);
      const unsyncedCount = this.records.length - kept;
      const hasTornTail = unsyncedCount > 0 && (tearsTail || random.chance(TORN_TAIL_PPM));
      this.cut(hasTornTail ? kept + 1 : kept);
      if (hasTornTail) this.flaws.set(kept, 'torn');
      losses = { unsyncedCount, hasTornTail };
    }
    // What a crash has left stays, but for what the disk only pretends to have.
    this.reported = this.records.length;
    if (!isLiedTo) this.synced = this.records.length;
    return losses;
  }
}
