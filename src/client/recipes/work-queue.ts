import { CODE } from '../../keeper/codes.ts';
import { ANY_VERSION, CREATE_MODE } from '../../keeper/requests.ts';
import type { Zxid } from '../../zab/zxid.ts';
import { attempt, type Children, orNull } from '../calls.ts';
import { multiOp } from '../multi-op.ts';
import { Signal, type Steps } from '../task.ts';
import type { Recipe, RecipeDetails } from './log.ts';
import { deleteSurely, ensurePath, firing } from './nodes.ts';
import type { Participant } from './participant.ts';
import { textOf, toBytes } from './text.ts';

/** What a queue orders its items by. */
export interface QueueOrder {
  readonly recipe: Recipe;
  /** What the name of an item's node begins with; the server adds the number. */
  prefix(priority: number): string;
  /** The names of the nodes, the one to take first in front. */
  sort(names: readonly string[]): string[];
}

/** An item that a consumer has taken. */
export interface Taken {
  readonly item: string;
  /** The node that it was. */
  readonly path: string;
  readonly token: Zxid;
}

/**
 * What FIFO and priority queues have in common: items are persistent sequential nodes below
 * `items`, and an answer that was lost is found out. Who offers an item makes an ephemeral node
 * below `offers` in the same multi; who takes one does so below `claims`.
 */
export class WorkQueue {
  private readonly participant: Participant;
  private readonly dir: string;
  private readonly order: QueueOrder;

  constructor(participant: Participant, dir: string, order: QueueOrder) {
    this.participant = participant;
    this.dir = dir;
    this.order = order;
  }

  /** Makes the queue's nodes unless they are there. */
  *open(): Steps<void> {
    for (const part of ['items', 'offers', 'claims']) {
      yield* ensurePath(this.participant.zk, `${this.dir}/${part}`);
    }
  }

  *offer(item: string, priority: number): Steps<void> {
    const { participant, dir, order } = this;
    const { zk } = participant;
    const receipt = `${dir}/offers/${participant.guid()}`;
    const { PERSISTENT_SEQUENTIAL, EPHEMERAL } = CREATE_MODE;
    const path = `${dir}/items/${order.prefix(priority)}`;
    this.note('offering', { item });
    for (;;) {
      const offer = zk.multi([
        multiOp.create(path, toBytes(item), PERSISTENT_SEQUENTIAL),
        multiOp.create(receipt, null, EPHEMERAL),
      ]);
      const { code } = yield* attempt(offer, CODE.CONNECTIONLOSS);
      if (code !== CODE.OK) yield* zk.sync(receipt);
      const token = yield* this.committed(receipt);
      if (token === null) continue;
      this.note('offered', { item, token });
      yield* deleteSurely(zk, receipt);
      return;
    }
  }

  /** Waits for an item and takes it; nobody else has it then. */
  *take(): Steps<Taken> {
    this.note('taking', {});
    for (;;) {
      const changed = new Signal();
      const { zk } = this.participant;
      const listing = yield* zk.getChildren(`${this.dir}/items`, firing(changed));
      const taken = yield* this.takeFirst(listing, changed);
      if (taken !== null) return taken;
      yield* changed.wait();
    }
  }

  /** @returns `null` if there is nothing left, or the listing is old */
  private *takeFirst({ children, stat }: Children, changed: Signal): Steps<Taken | null> {
    for (const name of this.order.sort(children)) {
      if (changed.hasFired) return null;
      const path = `${this.dir}/items/${name}`;
      const node = yield* orNull(this.participant.zk.getData(path), CODE.NONODE);
      // What has come meanwhile may have to go first.
      if (node === null || changed.hasFired) continue;
      const token = yield* this.claim(name);
      if (token === null) continue;
      const taken = { item: textOf(node.data), path, token };
      this.note('taken', { ...taken, seen: stat.pzxid });
      yield* deleteSurely(this.participant.zk, `${this.dir}/claims/${name}`);
      return taken;
    }
    return null;
  }

  /** @returns the transaction that took the item, or `null` if somebody else has it */
  private *claim(name: string): Steps<Zxid | null> {
    const { zk } = this.participant;
    const claim = `${this.dir}/claims/${name}`;
    for (;;) {
      const taking = zk.multi([
        multiOp.delete(`${this.dir}/items/${name}`, ANY_VERSION),
        multiOp.create(claim, null, CREATE_MODE.EPHEMERAL),
      ]);
      const { code } = yield* attempt(taking, CODE.NONODE, CODE.CONNECTIONLOSS);
      if (code === CODE.NONODE) return null;
      if (code !== CODE.OK) yield* zk.sync(claim);
      const token = yield* this.committed(claim);
      if (token !== null) return token;
      if ((yield* zk.exists(`${this.dir}/items/${name}`)) === null) return null;
    }
  }

  /** The transaction of the multi that made the receipt, or `null` if it was not carried out. */
  private *committed(receipt: string): Steps<Zxid | null> {
    const { zk } = this.participant;
    const stat = yield* zk.exists(receipt);
    return stat?.ephemeralOwner === zk.session ? stat.czxid : null;
  }

  private note(what: RecipeDetails['what'], more: Partial<RecipeDetails>): void {
    this.participant.note({ recipe: this.order.recipe, resource: this.dir, what, ...more });
  }
}
