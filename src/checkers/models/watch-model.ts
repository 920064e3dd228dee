import { EVENT_TYPE, type WatcherEvent } from '../../keeper/requests.ts';
import type { Zxid } from '../../zab/zxid.ts';
import { parentPath } from './model-node.ts';

export type WatchMode = 'once' | 'persistent' | 'recursive';

/** Somebody who watches. */
export interface Listener {
  /** @returns whether it goes on listening */
  hear(event: WatcherEvent, zxid: Zxid): boolean;
}

/** Which watches a request is about. */
export interface Kinds {
  readonly data?: boolean;
  readonly child?: boolean;
}

const NOBODY: ReadonlySet<Listener> = new Set();

type Table = Map<string, Map<Listener, WatchMode>>;

/**
 * Who watches what, by the documentation of ZooKeeper 3.8: one table about nodes and their data,
 * one about their children. In each a listener has one mode at a path, the one that came last.
 */
export class WatchModel {
  private readonly data: Table = new Map();
  private readonly child: Table = new Map();
  private readonly pathsOf = new Map<Listener, Set<string>>();

  add(listener: Listener, path: string, mode: WatchMode, kinds: Kinds): void {
    for (const table of this.tables(kinds)) {
      const listeners = table.get(path) ?? new Map<Listener, WatchMode>();
      table.set(path, listeners.set(listener, mode));
    }
    const paths = this.pathsOf.get(listener) ?? new Set();
    this.pathsOf.set(listener, paths.add(path));
  }

  has(listener: Listener, path: string, kinds: Kinds): boolean {
    return this.tables(kinds).some((table) => table.get(path)?.has(listener) === true);
  }

  remove(listener: Listener, path: string, kinds: Kinds): void {
    for (const table of this.tables(kinds)) {
      const listeners = table.get(path);
      listeners?.delete(listener);
      if (listeners?.size === 0) table.delete(path);
    }
  }

  /** The listener hears nothing any more. */
  forget(listener: Listener): void {
    for (const path of this.pathsOf.get(listener) ?? []) {
      this.remove(listener, path, { data: true, child: true });
    }
    this.pathsOf.delete(listener);
  }

  created(path: string, zxid: Zxid): void {
    this.fire(this.data, { type: EVENT_TYPE.NodeCreated, path: path }, zxid);
    this.fire(this.child, { type: EVENT_TYPE.NodeChildrenChanged, path: parentPath(path) }, zxid);
  }

  deleted(path: string, zxid: Zxid): void {
    const told = this.fire(this.data, { type: EVENT_TYPE.NodeDeleted, path: path }, zxid);
    this.fire(this.child, { type: EVENT_TYPE.NodeDeleted, path: path }, zxid, told);
    this.fire(this.child, { type: EVENT_TYPE.NodeChildrenChanged, path: parentPath(path) }, zxid);
  }

  dataChanged(path: string, zxid: Zxid): void {
    this.fire(this.data, { type: EVENT_TYPE.NodeDataChanged, path: path }, zxid);
  }

  /** @returns who watches this, told or not */
  private fire(
    table: Table,
    event: WatcherEvent,
    zxid: Zxid,
    told: ReadonlySet<Listener> = NOBODY,
  ): ReadonlySet<Listener> {
    const concerned = this.concerned(table, event);
    for (const listener of concerned) {
      if (!told.has(listener) && !listener.hear(event, zxid)) this.forget(listener);
    }
    return concerned;
  }

  /** Those that listen at the path, once or for good, and those that listen above to all below. */
  private concerned(table: Table, { type, path }: WatcherEvent): ReadonlySet<Listener> {
    if (table.size === 0) return NOBODY;
    const concerned = new Set<Listener>();
    for (let at = path; ; at = parentPath(at)) {
      table.get(at)?.forEach((mode, listener) => {
        const isRecursive = mode === 'recursive';
        if (isRecursive ? type === EVENT_TYPE.NodeChildrenChanged : at !== path) return;
        concerned.add(listener);
        const kinds = table === this.data ? { data: true } : { child: true };
        if (mode === 'once') this.remove(listener, path, kinds);
      });
      if (at === '/' || !at.startsWith('/')) break;
    }
    return concerned;
  }

  private tables({ data, child }: Kinds): Table[] {
    return [...(data === true ? [this.data] : []), ...(child === true ? [this.child] : [])];
  }
}
