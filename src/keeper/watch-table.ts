import type { Zxid } from '../zab/zxid.ts';
import { EVENT_TYPE, type EventType } from './requests.ts';

/** Whoever is told of watch events: a client's connection. */
export interface Watcher {
  /** @param zxid of the change; -1 if that is long ago */
  notify(type: EventType, path: string, zxid: Zxid): void;
}

/** What a watch is about and how long it lives. `WatcherMode`. */
export type WatchMode = 'one-shot' | 'persistent' | 'recursive';

/**
 * The watches of one kind. A watcher has one mode at each path, and a later registration replaces
 * an earlier one, as in ZooKeeper up to 3.8. `WatchManager`.
 */
export class WatchTable {
  private readonly byPath = new Map<string, Map<Watcher, WatchMode>>();
  private readonly byWatcher = new Map<Watcher, Set<string>>();
  private recursiveCount = 0;

  /** How many pairs of watcher and path there are. */
  get size(): number {
    let size = 0;
    for (const watchers of this.byPath.values()) size += watchers.size;
    return size;
  }

  add(path: string, watcher: Watcher, mode: WatchMode): void {
    const watchers = this.byPath.get(path) ?? new Map<Watcher, WatchMode>();
    this.byPath.set(path, watchers);
    if (watchers.get(watcher) === 'recursive') this.recursiveCount--;
    if (mode === 'recursive') this.recursiveCount++;
    watchers.set(watcher, mode);
    const paths = this.byWatcher.get(watcher);
    if (paths === undefined) this.byWatcher.set(watcher, new Set([path]));
    else paths.add(path);
  }

  has(path: string, watcher: Watcher): boolean {
    return this.byPath.get(path)?.has(watcher) ?? false;
  }

  /** @returns whether there was one */
  remove(path: string, watcher: Watcher): boolean {
    const watchers = this.byPath.get(path);
    const mode = watchers?.get(watcher);
    if (watchers === undefined || mode === undefined) return false;
    if (mode === 'recursive') this.recursiveCount--;
    watchers.delete(watcher);
    if (watchers.size === 0) this.byPath.delete(path);
    this.byWatcher.get(watcher)?.delete(path);
    return true;
  }

  /** The watcher is gone, and everything that it watched with it. */
  removeAll(watcher: Watcher): void {
    for (const path of [...(this.byWatcher.get(watcher) ?? [])]) this.remove(path, watcher);
    this.byWatcher.delete(watcher);
  }

  /**
   * Tells everybody who watches `path` of a change, each once.
   *
   * @param told who knows already
   * @returns who knows now
   */
  trigger(
    path: string,
    type: EventType,
    zxid: Zxid,
    told: ReadonlySet<Watcher> = NOBODY,
  ): ReadonlySet<Watcher> {
    if (this.byPath.size === 0) return NOBODY;
    const watchers = this.concerned(path, type);
    for (const watcher of watchers) if (!told.has(watcher)) watcher.notify(type, path, zxid);
    return watchers;
  }

  /** The watchers of a path, which uses up those that watch once, and the recursive ones above it. */
  private concerned(path: string, type: EventType): ReadonlySet<Watcher> {
    const watchers = this.byPath.get(path);
    if (watchers === undefined && this.recursiveCount === 0) return NOBODY;
    const concerned = new Set<Watcher>();
    for (const [watcher, mode] of watchers ?? []) {
      if (mode === 'recursive' && type === EVENT_TYPE.NodeChildrenChanged) continue;
      concerned.add(watcher);
      if (mode === 'one-shot') this.remove(path, watcher);
    }
    if (this.recursiveCount === 0 || type === EVENT_TYPE.NodeChildrenChanged) return concerned;
    for (let end = path.length; end > 0; ) {
      end = path.lastIndexOf('/', end - 1);
      const above = end <= 0 ? '/' : path.slice(0, end);
      for (const [watcher, mode] of this.byPath.get(above) ?? []) {
        if (mode === 'recursive') concerned.add(watcher);
      }
    }
    return concerned;
  }
}

const NOBODY: ReadonlySet<Watcher> = new Set();
