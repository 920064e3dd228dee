import { CODE } from '../keeper/codes.ts';
import type { Notification, Question, WatcherType } from '../keeper/requests.ts';
import { NO_ZXID, type Zxid } from '../zab/zxid.ts';
import type { Chroot } from './chroot.ts';
import { type WatchKind, WatchRegistry } from './watch-registry.ts';
import { eventTypeName, type SessionEvent, type WatchedEvent, type Watcher } from './watcher.ts';

/** Which of the five kinds of watch an answer sets; `null` for none. */
type KindFor = (err: number) => WatchKind | null;

type Ended<Body> = (err: number, body: Body) => void;

/** What `exists` watches: the node, or that it comes to be. */
export const NODE: KindFor = (err) => {
  if (err === CODE.OK) return 'data';
  return err === CODE.NONODE ? 'exist' : null;
};
export const DATA: KindFor = (err) => (err === CODE.OK ? 'data' : null);
export const CHILDREN: KindFor = (err) => (err === CODE.OK ? 'child' : null);
export const PERSISTENT: KindFor = (err) => (isWatched(err) ? 'persistent' : null);
export const RECURSIVE: KindFor = (err) => (isWatched(err) ? 'persistentRecursive' : null);

function isWatched(err: number): boolean {
  return err === CODE.OK || err === CODE.NONODE;
}

/** Joins a client's watchers to the answers that set and remove them, and to the events. */
export class WatchManager {
  private readonly registry = new WatchRegistry();
  private readonly chroot: Chroot;

  constructor(chroot: Chroot) {
    this.chroot = chroot;
  }

  /**
   * A callback that registers the watcher first, if the answer says that the server watches.
   *
   * @param path the server's
   */
  setting<Body>(
    path: string,
    kindFor: KindFor,
    callback: Ended<Body>,
    watcher: Watcher | undefined,
  ): Ended<Body> {
    if (watcher === undefined) return callback;
    return (err, body) => {
      const kind = kindFor(err);
      if (kind !== null) this.registry.register(kind, path, watcher);
      callback(err, body);
    };
  }

  /**
   * A callback that forgets a watcher, or all for `null`, if the server agrees or `local` says that
   * it need not, and tells them. `ZooKeeper.WatchDeregistration`.
   *
   * @param path the server's
   */
  removing(
    path: string,
    watcher: Watcher | null,
    type: WatcherType,
    callback: Ended<null>,
    local: boolean,
  ): Ended<null> {
    return (err) => {
      if (err === CODE.BADARGUMENTS) callback(err, null);
      else if (!this.registry.has(type, path, watcher)) callback(CODE.NOWATCHER, null);
      else if (err !== CODE.OK && !local) callback(err, null);
      else {
        this.remove(type, path, watcher, stateAt(err));
        callback(CODE.OK, null);
      }
    };
  }

  sessionChanged(state: SessionEvent): void {
    tell(this.registry.all(), { type: 'None', state, path: null, zxid: NO_ZXID });
  }

  notified({ zxid, body: { type, path } }: Notification): void {
    tell(this.registry.consume(type, path), {
      type: eventTypeName(type),
      state: 'SyncConnected',
      path: this.chroot.strip(path),
      zxid,
    });
  }

  renewals(relativeZxid: Zxid): readonly Question[] {
    return this.registry.renewals(relativeZxid);
  }

  private remove(
    type: WatcherType,
    serverPath: string,
    watcher: Watcher | null,
    state: SessionEvent,
  ): void {
    const path = this.chroot.strip(serverPath);
    for (const { event, watchers } of this.registry.remove(type, serverPath, watcher)) {
      tell(watchers, { type: event, state, path, zxid: NO_ZXID });
    }
  }
}

function tell(watchers: ReadonlySet<Watcher>, event: WatchedEvent): void {
  for (const watcher of watchers) watcher(event);
}

/** What the removal of a watcher says of the connection. `ClientCnxn.queueEvent`. */
function stateAt(err: number): SessionEvent {
  if (err === CODE.CONNECTIONLOSS) return 'Disconnected';
  return err === CODE.SESSIONEXPIRED ? 'Expired' : 'SyncConnected';
}
