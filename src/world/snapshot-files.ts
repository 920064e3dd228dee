import type { RandomStream } from '../kernel/random.ts';

/** Why a snapshot's seal does not fit: it was not written to its end, or it has rotted. */
export type SnapshotFlaw = 'incomplete' | 'rotted';

export interface StoredSnapshot<Snapshot> {
  readonly snapshot: Snapshot;
  /** `null` when its seal fits. */
  flaw: SnapshotFlaw | null;
  /** Whether a loss of power cannot take it. */
  isDurable: boolean;
}

/** The snapshots on a host's disk. Each of these steps is done or not when a crash comes. */
export class SnapshotFiles<Snapshot> {
  /** In the order in which they were begun. */
  readonly list: StoredSnapshot<Snapshot>[] = [];
  private unfinished: StoredSnapshot<Snapshot> | null = null;
  private temporary: Snapshot | null = null;

  /** Writes the first half of a file. */
  begin(snapshot: Snapshot): void {
    this.unfinished = { snapshot, flaw: 'incomplete', isDurable: false };
    this.list.push(this.unfinished);
  }

  /** Writes the rest. What earlier attempts have left incomplete goes. */
  finish(): void {
    if (this.unfinished === null) return;
    this.unfinished.flaw = null;
    this.unfinished = null;
    for (let index = this.list.length - 1; index >= 0; index--) {
      if (this.list[index]?.flaw === 'incomplete') this.list.splice(index, 1);
    }
  }

  /** Makes the newest complete one durable. */
  sync(): void {
    const newest = this.list.findLast(({ flaw }) => flaw === null);
    if (newest !== undefined) newest.isDurable = true;
  }

  /** Keeps the first `count`. */
  cut(count: number): void {
    this.list.length = Math.min(count, this.list.length);
  }

  /** Writes a whole snapshot to a temporary file, durably. */
  writeTemporary(snapshot: Snapshot): void {
    this.temporary = snapshot;
  }

  /** Puts the temporary file, if there is one, in the place of all others. */
  install(): boolean {
    if (this.temporary === null) return false;
    this.list.length = 0;
    this.list.push({ snapshot: this.temporary, flaw: null, isDurable: true });
    this.temporary = null;
    return true;
  }

  /** Damages a snapshot at rest, if there is a complete one at `index`. */
  rot(index: number): void {
    const stored = this.list[index];
    if (stored?.flaw === null) stored.flaw = 'rotted';
  }

  /** Whoever wrote is gone, perhaps with the host; then some of what was not synced is in pieces. */
  crash(random: RandomStream, lostPower: boolean): void {
    this.unfinished = null;
    if (!lostPower) return;
    for (const stored of this.list) {
      const isDamaged = !stored.isDurable && random.chance(500_000);
      if (isDamaged && stored.flaw === null) stored.flaw = 'incomplete';
      stored.isDurable = true;
    }
  }
}
