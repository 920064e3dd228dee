import { OP } from '../keeper/codes.ts';
import { parentOf } from '../keeper/path.ts';
import {
  EVENT_TYPE,
  type EventType,
  type Question,
  WATCHER_TYPE,
  type WatcherType,
} from '../keeper/requests.ts';
import type { Zxid } from '../zab/zxid.ts';
import type { WatchedEventType, Watcher } from './watcher.ts';

/** The five ways to watch a path; the names are those of `SetWatches2`. */
const WATCH_KINDS = ['data', 'exist', 'child', 'persistent', 'persistentRecursive'] as const;

export type WatchKind = (typeof WATCH_KINDS)[number];

/** Watchers that were taken away, and how they are told. */
export interface Removed {
  readonly event: WatchedEventType;
  readonly watchers: ReadonlySet<Watcher>;
}

/** Paths in one setWatches, in characters: more would not fit a request. */
const BATCH_LENGTH = 128 * 1024;

/** Which kinds a `WATCHER_TYPE` is about, by the event that tells of their removal. */
const KINDS_OF_TYPE: Readonly<
  Record<WatcherType, readonly (readonly [WatchedEventType, readonly WatchKind[]])[]>
> = {
  [WATCHER_TYPE.CHILDREN]: [['ChildWatchRemoved', ['child']]],
  [WATCHER_TYPE.DATA]: [['DataWatchRemoved', ['data', 'exist']]],
  [WATCHER_TYPE.ANY]: [
    ['ChildWatchRemoved', ['child']],
    ['DataWatchRemoved', ['data', 'exist']],
    ['PersistentWatchRemoved', ['persistent', 'persistentRecursive']],
  ],
};

/**
 * The watches that a client believes to have set. Paths are the server's, a chroot included.
 * `ZKWatchManager`.
 */
export class WatchRegistry {
  private readonly watches: Readonly<Record<WatchKind, Map<string, Set<Watcher>>>> = {
    data: new Map(),
    exist: new Map(),
    child: new Map(),
    persistent: new Map(),
    persistentRecursive: new Map(),
  };

  register(kind: WatchKind, path: string, watcher: Watcher): void {
    const watches = this.watches[kind];
    const watchers = watches.get(path);
    if (watchers === undefined) watches.set(path, new Set([watcher]));
    else watchers.add(watcher);
  }

  /** Every watcher, each once. */
  all(): Set<Watcher> {
    const watchers = new Set<Watcher>();
    for (const kind of WATCH_KINDS) {
      for (const some of this.watches[kind].values()) addAll(watchers, some);
    }
    return watchers;
  }

  /** Whom an event concerns, each once. Watches that hear one event only are gone after it. */
  consume(type: EventType, path: string): Set<Watcher> {
    const watchers = new Set<Watcher>();
    for (const kind of consumedBy(type)) {
      addAll(watchers, this.watches[kind].get(path));
      this.watches[kind].delete(path);
    }
    addAll(watchers, this.watches.persistent.get(path));
    if (type === EVENT_TYPE.NodeChildrenChanged) return watchers;
    for (const ancestor of upwards(path)) {
      addAll(watchers, this.watches.persistentRecursive.get(ancestor));
    }
    return watchers;
  }

  /**
   * Takes a watcher off a path, or every one if it is `null`. `ZKWatchManager.removeWatcher`.
   *
   * @returns whom it concerned; empty if there was nothing to remove
   */
  remove(type: WatcherType, path: string, watcher: Watcher | null): Removed[] {
    const removed: Removed[] = [];
    for (const [event, kinds] of KINDS_OF_TYPE[type]) {
      const watchers = new Set<Watcher>();
      for (const kind of kinds) addAll(watchers, this.removeKind(kind, path, watcher));
      if (watchers.size > 0) removed.push({ event, watchers });
    }
    return removed;
  }

  has(type: WatcherType, path: string, watcher: Watcher | null): boolean {
    return KINDS_OF_TYPE[type].some(([, kinds]) => {
      return kinds.some((kind) => {
        const watchers = this.watches[kind].get(path);
        return watchers !== undefined && (watcher === null || watchers.has(watcher));
      });
    });
  }

  /**
   * The requests that set all watches again on a new connection, in batches that fit, the first
   * batch first. `ClientCnxn.SendThread.primeConnection`.
   */
  renewals(relativeZxid: Zxid): Question[] {
    const batches: Question[] = [];
    let batch = emptyBatch();
    let length = 0;
    for (const kind of WATCH_KINDS) {
      for (const path of this.watches[kind].keys()) {
        batch[kind].push(path);
        length += path.length;
        if (length < BATCH_LENGTH) continue;
        batches.push(renewal(relativeZxid, batch));
        batch = emptyBatch();
        length = 0;
      }
    }
    if (length > 0) batches.push(renewal(relativeZxid, batch));
    return batches;
  }

  private removeKind(
    kind: WatchKind,
    path: string,
    watcher: Watcher | null,
  ): ReadonlySet<Watcher> | undefined {
    const watchers = this.watches[kind].get(path);
    if (watchers === undefined) return undefined;
    if (watcher === null) {
      this.watches[kind].delete(path);
      return watchers;
    }
    if (!watchers.delete(watcher)) return undefined;
    if (watchers.size === 0) this.watches[kind].delete(path);
    return new Set([watcher]);
  }
}

type Batch = Readonly<Record<WatchKind, string[]>>;

function emptyBatch(): Batch {
  return { data: [], exist: [], child: [], persistent: [], persistentRecursive: [] };
}

/** Servers before 3.6 know the shorter form alone. */
function renewal(relativeZxid: Zxid, batch: Batch): Question {
  const { data, exist, child, persistent, persistentRecursive } = batch;
  if (persistent.length === 0 && persistentRecursive.length === 0) {
    return { type: OP.setWatches, body: { relativeZxid, data, exist, child } };
  }
  return { type: OP.setWatches2, body: { relativeZxid, ...batch } };
}

function consumedBy(type: EventType): readonly WatchKind[] {
  switch (type) {
    case EVENT_TYPE.NodeCreated:
    case EVENT_TYPE.NodeDataChanged:
      return ['data', 'exist'];
    case EVENT_TYPE.NodeDeleted:
      return ['data', 'exist', 'child'];
    case EVENT_TYPE.NodeChildrenChanged:
      return ['child'];
  }
}

/** The path and all above it. */
function* upwards(path: string): Generator<string> {
  let current = path;
  while (current !== '/') {
    yield current;
    current = parentOf(current);
  }
  yield '/';
}

function addAll(to: Set<Watcher>, from: ReadonlySet<Watcher> | undefined): void {
  if (from === undefined) return;
  for (const watcher of from) to.add(watcher);
}
