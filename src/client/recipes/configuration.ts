import { CODE, OP } from '../../keeper/codes.ts';
import { ANY_VERSION, type MultiReadResult } from '../../keeper/requests.ts';
import type { Zxid } from '../../zab/zxid.ts';
import { attempt, type NodeData } from '../calls.ts';
import { multiOp } from '../multi-op.ts';
import { Signal, type Steps } from '../task.ts';
import type { RecipeDetails } from './log.ts';
import { ensureNode, ensurePath, firing } from './nodes.ts';
import type { Participant } from './participant.ts';
import { textOf, toBytes } from './text.ts';

/**
 * A configuration of several parts that are published together and read together. Each part is a
 * node; the node above them says which publication it is.
 *
 * It promises that no view mixes parts of two publications, that a session's views never go back,
 * and that the last publication is seen in the end; those in between may be skipped. A publisher
 * whose answer was lost finds out what became of it, unless others have published meanwhile.
 *
 * In the log `published` has the values as `items`, in the order of the parts, and the mzxid of the
 * publication as `token`; `viewed` has them too, and that mzxid as `seen`.
 */
export class Configuration {
  private readonly participant: Participant;
  private readonly dir: string;
  private readonly parts: readonly string[];

  /** @param parts their names, the same for everybody */
  constructor(participant: Participant, dir: string, parts: readonly string[]) {
    this.participant = participant;
    this.dir = dir;
    this.parts = parts;
  }

  /** Makes the nodes unless they are there. */
  *open(): Steps<void> {
    const { zk } = this.participant;
    yield* ensurePath(zk, this.dir);
    for (const part of this.parts) yield* ensureNode(zk, `${this.dir}/${part}`, null);
  }

  /**
   * Sets all parts at once.
   *
   * @param values in the order of the parts
   * @returns the transaction, or `null` if nobody can tell: others have published meanwhile
   */
  *publish(values: readonly string[]): Steps<Zxid | null> {
    const { zk } = this.participant;
    const guid = this.participant.guid();
    this.note('publishing', { items: values, item: guid });
    for (;;) {
      const { stat: before } = yield* zk.getData(this.dir);
      const sets = this.parts.map((part, index) => {
        return multiOp.setData(`${this.dir}/${part}`, toBytes(values[index] ?? ''), ANY_VERSION);
      });
      const setting = zk.multi([multiOp.setData(this.dir, toBytes(guid), before.version), ...sets]);
      const { code, result } = yield* attempt(setting, CODE.BADVERSION, CODE.CONNECTIONLOSS);
      const first = result?.[0];
      if (first?.type === OP.setData) return this.published(values, guid, first.body.stat.mzxid);
      if (code === CODE.BADVERSION) continue;
      // Lost: what the node says now tells, unless somebody has come in between.
      yield* zk.sync(this.dir);
      const { data, stat } = yield* zk.getData(this.dir);
      if (textOf(data) === guid) return this.published(values, guid, stat.mzxid);
      if (stat.version !== before.version) return null;
    }
  }

  /** Looks at every change, as long as the session lives. */
  *watch(changed: (values: readonly string[]) => void): Steps<never> {
    const { zk } = this.participant;
    yield* this.open();
    for (;;) {
      const change = new Signal();
      yield* zk.getData(this.dir, firing(change));
      // One moment for all parts, this one or a later one; the watch is set by now.
      const paths = [this.dir, ...this.parts.map((part) => `${this.dir}/${part}`)];
      const results = yield* zk.multiRead(paths.map((path) => multiOp.getData(path)));
      const [head, ...parts] = results.map(nodeOf);
      const items = parts.map((part) => textOf(part?.data ?? null));
      if (head !== undefined && head !== null) {
        this.note('viewed', { items, seen: head.stat.mzxid, item: textOf(head.data) });
        changed(items);
      }
      yield* change.wait();
    }
  }

  private published(items: readonly string[], guid: string, token: Zxid): Zxid {
    this.note('published', { items, token, item: guid });
    return token;
  }

  private note(what: RecipeDetails['what'], more: Partial<RecipeDetails>): void {
    this.participant.note({ recipe: 'configuration', resource: this.dir, what, ...more });
  }
}

function nodeOf(result: MultiReadResult): NodeData | null {
  return result.type === OP.getData ? result.body : null;
}
