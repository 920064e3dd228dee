import type { RecordedOperation } from '../linearizability/operation.ts';
import { canMake, tooFewWrites, unwritten } from './lost-writes.ts';
import type { Conflict, Version, ZnodeVersions } from './znode-versions.ts';

/** A version of a znode, and the write that makes it. */
export interface Written {
  readonly znode: ZnodeVersions;
  readonly version: number;
  readonly write: RecordedOperation;
  /** Whether no other write can have made it. */
  readonly isSure: boolean;
}

interface Gap {
  readonly version: number;
  /** As answers tell of it; `null` if none does. */
  readonly seen: Version | null;
}

/**
 * Who made each version of a znode, where any time will do: whoever was answered so, and for the
 * other versions the writes without an answer. A cas fits one version alone, and what was seen is
 * pickier than what was not, so those come first; of equals the one that was asked for first.
 *
 * @returns the versions in their order; or that nobody can have made one
 */
export function writersOf(znode: ZnodeVersions): Written[] | Conflict {
  const versions = znode.inOrder();
  const written: Written[] = [];
  const gaps: Gap[] = [];
  const count = (versions.at(-1)?.version ?? 0) - versions.filter(({ writer }) => writer).length;
  if (count > znode.lost.length) return tooFewWrites(znode, versions);
  versions.forEach((seen, index) => {
    const { version, writer } = seen;
    for (let unseen = (versions[index - 1]?.version ?? version) + 1; unseen < version; unseen++) {
      gaps.push({ version: unseen, seen: null });
    }
    if (writer !== null) written.push({ znode, version, write: writer, isSure: true });
    else if (version > 0) gaps.push({ version, seen });
  });
  const filled = fill(znode, gaps);
  if ('explanation' in filled) return filled;
  return [...written, ...filled].sort((a, b) => a.version - b.version);
}

function fill(znode: ZnodeVersions, gaps: readonly Gap[]): Written[] | Conflict {
  const free = new Set(znode.lost);
  const filled: Written[] = [];
  const rest = [...gaps].sort((a, b) => Number(a.seen === null) - Number(b.seen === null));
  for (const wanted of ['cas', 'set']) {
    for (const gap of rest.splice(0)) {
      const fits = (write: RecordedOperation): boolean => canMake(write, gap.version, gap.seen);
      const write = firstOf(free, (one) => one.f === wanted && fits(one));
      if (write === undefined) {
        rest.push(gap);
        continue;
      }
      free.delete(write);
      const isSure = gap.seen !== null && !znode.lost.some((one) => one !== write && fits(one));
      filled.push({ znode, version: gap.version, write, isSure });
    }
  }
  const [unfilled] = rest;
  return unfilled === undefined ? filled : unwritten(znode, unfilled.version, unfilled.seen);
}

function firstOf<Item>(items: Iterable<Item>, fits: (item: Item) => boolean): Item | undefined {
  for (const item of items) if (fits(item)) return item;
  return undefined;
}
