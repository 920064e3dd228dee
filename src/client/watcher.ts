import { EVENT_TYPE, type EventType } from '../keeper/requests.ts';

/** What befalls a client's connection and session. `Watcher.Event.KeeperState`. */
export type SessionEvent = 'SyncConnected' | 'Disconnected' | 'AuthFailed' | 'Expired' | 'Closed';

/** What a watcher hears of. `Watcher.Event.EventType`. */
export type WatchedEventType =
  | 'None'
  | keyof typeof EVENT_TYPE
  | 'DataWatchRemoved'
  | 'ChildWatchRemoved'
  | 'PersistentWatchRemoved';

/** Something that a watcher is told. `WatchedEvent`. */
export interface WatchedEvent {
  /** `None` tells of the connection and the session alone. */
  readonly type: WatchedEventType;
  readonly state: SessionEvent;
  /** As the client writes it, without the chroot; `null` with `None`. */
  readonly path: string | null;
  /** The transaction that the event tells of; -1 where there is none or no server said. */
  readonly zxid: number;
}

/**
 * Hears of changes. One function is one watcher: set on several things that change at once, it is
 * called once.
 */
export type Watcher = (event: WatchedEvent) => void;

const NAMES = new Map<number, keyof typeof EVENT_TYPE>(
  (Object.keys(EVENT_TYPE) as (keyof typeof EVENT_TYPE)[]).map((name) => [EVENT_TYPE[name], name]),
);

export function eventTypeName(type: EventType): keyof typeof EVENT_TYPE {
  // Every EventType is a value of EVENT_TYPE.
  return NAMES.get(type) as keyof typeof EVENT_TYPE;
}
