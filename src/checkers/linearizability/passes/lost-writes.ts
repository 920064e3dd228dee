import type { Part } from '../columns.ts';
import { NONE } from './blocks.ts';

/** A write of a znode without an answer: nobody knows its version. */
export interface LostWrite {
  readonly call: number;
  /** The number of what it writes. */
  readonly value: number;
  /** The only version that it can have; -1 if it can have any. */
  readonly version: number;
}

/** A version whose write nobody heard of, and the number of its value; -1 if nobody saw that. */
interface Gap {
  readonly version: number;
  readonly value: number;
}

/** A write without an answer that must have been the one of a version. */
export interface Filled {
  readonly call: number;
  readonly version: number;
}

/** Finds out which lost writes have written the versions that have no other write. */
export class LostWrites {
  private readonly part: Part;
  private readonly writes: LostWrite[] = [];
  private readonly gaps: Gap[] = [];

  constructor(part: Part) {
    this.part = part;
  }

  get count(): number {
    return this.writes.length;
  }

  /** Writes are added in the order of invocation. */
  add(write: LostWrite): void {
    this.writes.push(write);
  }

  /** Gaps are added by rising versions. */
  want(version: number, value: number): void {
    this.gaps.push({ version, value });
  }

  /**
   * A lost write can have been at any moment after its invocation, so what fits a gap fits all
   * later ones too, and the last gaps take the last writes that fit. One that can have one version
   * only is taken there first, since it is of no use elsewhere; and gaps whose value nobody saw take
   * what the others leave.
   *
   * @param deadlines the moment at which each version was there at the latest, rising
   * @returns which write each gap takes, or the version of a gap that none is left for
   */
  assign(deadlines: Int32Array): Filled[] | number {
    const filled: Filled[] = [];
    const byVersion = groupBy(this.writes, ({ version }) => version);
    const free = byVersion.get(NONE) ?? [];
    const byValue = groupBy(free, ({ value }) => value);
    const taken = new Set<LostWrite>();
    const fill = ({ version, value }: Gap, anyTime: LostWrite[]): boolean => {
      const deadline = deadlines[version] as number;
      const fits = (write: LostWrite): boolean => this.invoked(write) < deadline;
      const bound = byVersion.get(version)?.find((write) => {
        return fits(write) && (value === NONE || write.value === value);
      });
      let write = bound ?? anyTime.pop();
      // Too late for this gap is too late for those before it.
      while (write !== undefined && !fits(write)) write = anyTime.pop();
      if (write === undefined) return false;
      taken.add(write);
      filled.push({ call: write.call, version });
      return true;
    };
    const last = this.gaps.toReversed();
    for (const gap of last.filter(({ value }) => value !== NONE)) {
      if (!fill(gap, byValue.get(gap.value) ?? [])) return gap.version;
    }
    const left = free.filter((write) => !taken.has(write));
    for (const gap of last.filter(({ value }) => value === NONE)) {
      if (!fill(gap, left)) return gap.version;
    }
    return filled;
  }

  private invoked({ call }: LostWrite): number {
    return this.part.invoked[call] as number;
  }
}

function groupBy(
  writes: readonly LostWrite[],
  numberOf: (write: LostWrite) => number,
): Map<number, LostWrite[]> {
  const groups = new Map<number, LostWrite[]>();
  for (const write of writes) {
    const group = groups.get(numberOf(write));
    if (group === undefined) groups.set(numberOf(write), [write]);
    else group.push(write);
  }
  return groups;
}
