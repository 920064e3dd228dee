import { NO_ZXID, type Zxid } from '../zab/zxid.ts';
import { parentOf } from './path.ts';
import {
  ADD_WATCH_MODE,
  EVENT_TYPE,
  type SetWatches2Body,
  type SetWatchesBody,
  WATCHER_TYPE,
} from './requests.ts';
import { type Watcher, WatchTable } from './watch-table.ts';

/** What catching up has to know of a node. */
interface Watched {
  readonly mzxid: number;
  readonly pzxid: number;
}

/**
 * All watches of a server: those on nodes and their data, and those on children. They belong to
 * connections, are never replicated, and need no node to exist. `DataTree`'s two watch managers.
 */
export class Watches {
  private readonly data = new WatchTable();
  private readonly child = new WatchTable();

  get size(): number {
    return this.data.size + this.child.size;
  }

  watchData(path: string, watcher: Watcher): void {
    this.data.add(path, watcher, 'one-shot');
  }

  watchChildren(path: string, watcher: Watcher): void {
    this.child.add(path, watcher, 'one-shot');
  }

  /** @param mode an `ADD_WATCH_MODE` */
  add(path: string, watcher: Watcher, mode: number): void {
    const kept = mode === ADD_WATCH_MODE.PERSISTENT ? 'persistent' : 'recursive';
    this.data.add(path, watcher, kept);
    this.child.add(path, watcher, kept);
  }

  /** @param type a `WATCHER_TYPE` */
  has(path: string, watcher: Watcher, type: number): boolean {
    if (type === WATCHER_TYPE.CHILDREN) return this.child.has(path, watcher);
    if (type === WATCHER_TYPE.DATA) return this.data.has(path, watcher);
    return this.child.has(path, watcher) || this.data.has(path, watcher);
  }

  /** @returns whether there was any */
  remove(path: string, watcher: Watcher, type: number): boolean {
    const hadChild = type !== WATCHER_TYPE.DATA && this.child.remove(path, watcher);
    const hadData = type !== WATCHER_TYPE.CHILDREN && this.data.remove(path, watcher);
    return hadChild || hadData;
  }

  removeAll(watcher: Watcher): void {
    this.data.removeAll(watcher);
    this.child.removeAll(watcher);
  }

  nodeCreated(path: string, zxid: Zxid): void {
    this.data.trigger(path, EVENT_TYPE.NodeCreated, zxid);
    this.child.trigger(parentOf(path), EVENT_TYPE.NodeChildrenChanged, zxid);
  }

  nodeDeleted(path: string, zxid: Zxid): void {
    const told = this.data.trigger(path, EVENT_TYPE.NodeDeleted, zxid);
    this.child.trigger(path, EVENT_TYPE.NodeDeleted, zxid, told);
    this.child.trigger(parentOf(path), EVENT_TYPE.NodeChildrenChanged, zxid);
  }

  nodeDataChanged(path: string, zxid: Zxid): void {
    this.data.trigger(path, EVENT_TYPE.NodeDataChanged, zxid);
  }

  /**
   * A client has come back: what it has missed fires at once, the rest is watched again.
   * `DataTree.setWatches`.
   *
   * @param find the node at a path as it is now
   */
  catchUp(
    body: SetWatchesBody | SetWatches2Body,
    watcher: Watcher,
    find: (path: string) => Watched | undefined,
  ): void {
    const { relativeZxid } = body;
    for (const path of body.data) {
      const node = find(path);
      if (node === undefined) watcher.notify(EVENT_TYPE.NodeDeleted, path, NO_ZXID);
      else if (node.mzxid > relativeZxid) watcher.notify(EVENT_TYPE.NodeDataChanged, path, NO_ZXID);
      else this.watchData(path, watcher);
    }
    for (const path of body.exist) {
      if (find(path) === undefined) this.watchData(path, watcher);
      else watcher.notify(EVENT_TYPE.NodeCreated, path, NO_ZXID);
    }
    for (const path of body.child) {
      const node = find(path);
      if (node === undefined) watcher.notify(EVENT_TYPE.NodeDeleted, path, NO_ZXID);
      else if (node.pzxid > relativeZxid)
        watcher.notify(EVENT_TYPE.NodeChildrenChanged, path, NO_ZXID);
      else this.watchChildren(path, watcher);
    }
    this.keepWatching(body, watcher);
  }

  /** A client has come back: everything is watched again, whatever it has missed. */
  watchAgain(body: SetWatchesBody | SetWatches2Body, watcher: Watcher): void {
    for (const path of [...body.data, ...body.exist]) this.watchData(path, watcher);
    for (const path of body.child) this.watchChildren(path, watcher);
    this.keepWatching(body, watcher);
  }

  private keepWatching(body: SetWatchesBody | SetWatches2Body, watcher: Watcher): void {
    if (!('persistent' in body)) return;
    for (const path of body.persistent) this.add(path, watcher, ADD_WATCH_MODE.PERSISTENT);
    for (const path of body.persistentRecursive) {
      this.add(path, watcher, ADD_WATCH_MODE.PERSISTENT_RECURSIVE);
    }
  }
}
