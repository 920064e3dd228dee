import { CODE } from '../../keeper/codes.ts';
import { orNull } from '../calls.ts';
import { Signal, type Steps } from '../task.ts';
import type { Watcher } from '../watcher.ts';
import { createOwn, deleteSurely, ensurePath } from './nodes.ts';
import type { Holding, Participant } from './participant.ts';
import { textOf, toBytes } from './text.ts';

/**
 * Services whose instances are ephemeral nodes that say where they can be reached.
 *
 * It promises that each endpoint that is seen was registered under that name, that an instance which
 * stays registered is seen in the end, and one that has gone is not. One that has crashed is seen
 * until its session ends. Whoever loses the connection keeps the last list, and looks again when it
 * is back.
 *
 * In the log an instance is `acquired` with `name=endpoint` as `item` and its node's czxid as
 * `token`; `viewed` has such items, sorted, and the service's pzxid as `seen`: an instance that
 * went between the listing and its reading is left out.
 */
export class ServiceDiscovery {
  private readonly participant: Participant;
  private readonly dir: string;

  /** @param dir of the service */
  constructor(participant: Participant, dir: string) {
    this.participant = participant;
    this.dir = dir;
  }

  /** @param instance which no other participant uses, sessions before of the same one excepted */
  *register(instance: string, endpoint: string): Steps<Holding> {
    const { participant, dir: resource } = this;
    const { zk } = participant;
    const item = `${instance}=${endpoint}`;
    yield* ensurePath(zk, resource);
    participant.note({ recipe: 'service-discovery', resource, what: 'asked', item });
    const own = yield* createOwn(zk, `${resource}/${instance}`, toBytes(endpoint));
    const { path, czxid: token } = own;
    const holding: Holding = { recipe: 'service-discovery', resource, path, token, item };
    participant.acquire(holding);
    return holding;
  }

  *unregister(holding: Holding): Steps<void> {
    const { participant } = this;
    if (!participant.putDown(holding)) return;
    yield* deleteSurely(participant.zk, holding.path);
    participant.note({ ...holding, what: 'released' });
  }

  /** Looks at every change, as long as the session lives. */
  *watch(changed: (instances: readonly string[]) => void): Steps<never> {
    const { participant, dir: resource } = this;
    const { zk } = participant;
    yield* ensurePath(zk, resource);
    let change = new Signal();
    const watcher: Watcher = ({ type, state }) => {
      if (type !== 'None' || state === 'SyncConnected') change.fire();
    };
    for (;;) {
      change = new Signal();
      const { children, stat } = yield* zk.getChildren(resource, watcher);
      const items: string[] = [];
      for (const name of [...children].sort()) {
        const node = yield* orNull(zk.getData(`${resource}/${name}`), CODE.NONODE);
        if (node !== null) items.push(`${name}=${textOf(node.data)}`);
      }
      const recipe = 'service-discovery';
      participant.note({ recipe, resource, what: 'viewed', items, seen: stat.pzxid });
      changed(items);
      yield* change.wait();
    }
  }
}
