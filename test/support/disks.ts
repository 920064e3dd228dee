import type { World } from '../../src/world/world.ts';
import { Station, settle, steadyWorld, upTo, type WordDisk } from './stations.ts';

/** A host whose disk a test writes to; every step takes a millisecond. */
export interface Site {
  readonly world: World;
  readonly one: Station;
  readonly disk: WordDisk;
}

export function site(seed = 'disk'): Site {
  const world = steadyWorld(seed);
  const one = new Station(world, 1);
  return { world, one, disk: one.disk };
}

/** The numbers of the steps that are done, in order. */
export function writesOf({ stores }: Station): number[] {
  return stores.map(({ write }) => write);
}

export function appendAll(disk: WordDisk, ...records: readonly string[]): void {
  for (const record of records) disk.append(record);
}

/** Gives a small file its content. */
export function writeCell({ world, one, disk }: Site, name: string, value: number): void {
  disk.writeCellTmp(name, value, one, 100);
  disk.renameCell(name, one, 101);
  settle(world);
}

/** Saves a snapshot, durably or not. */
export function saveSnapshot(
  { world, one, disk }: Site,
  snapshot: string,
  isDurable: boolean,
): void {
  disk.beginSnapshot(snapshot, one, 102);
  disk.finishSnapshot(one, 103);
  if (isDurable) disk.syncSnapshot(one, 104);
  settle(world);
}

/** Does the same on many disks, each with its own chance, and lists what is left of them. */
export function outcomes<T>(story: (site: Site) => T, count = 60): T[] {
  return upTo(count).map((n) => story(site(`crash ${n}`)));
}

/** All that was seen, each once, in order. */
export function kinds(list: readonly unknown[]): string[] {
  return [...new Set(list.map((item) => JSON.stringify(item)))].toSorted();
}
