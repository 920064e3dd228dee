import { nameOf } from '../../keeper/path.ts';
import type { Zxid } from '../../zab/zxid.ts';
import { Signal, type Steps } from '../task.ts';
import type { Belief } from './log.ts';
import {
  changeOf,
  createOwn,
  deleteSurely,
  ensureNode,
  ensurePath,
  firing,
  type OwnNode,
} from './nodes.ts';
import type { Participant } from './participant.ts';

const READY = 'ready';

/**
 * Lets so many participants begin together and end together. Each round has a node of its own: what
 * says that one has begun stays.
 *
 * It promises that nobody has `entered` before so many nodes stood there at one zxid, and nobody
 * has `left` before all who entered are `leaving` or have lost their sessions. A participant that
 * dies before the beginning is missing: unless somebody takes its place the others wait.
 *
 * In the log `item` is the participant's name, `size` how many have to come, `token` the czxid of its
 * node. `seen` of `entered` is the pzxid of the listing that showed enough, for who opens the barrier,
 * and for the others the czxid of the node that says so; `seen` of `left` is the pzxid of the listing
 * that showed nobody else.
 */
export class DoubleBarrier {
  private readonly participant: Participant;
  private readonly dir: string;
  private readonly name: string;
  private readonly size: number;

  /**
   * @param dir of this round
   * @param name of this participant, which nobody else has
   * @param size how many have to come
   */
  constructor(participant: Participant, dir: string, name: string, size: number) {
    this.participant = participant;
    this.dir = dir;
    this.name = name;
    this.size = size;
  }

  /** Waits until enough have come. */
  *enter(): Steps<OwnNode> {
    const { dir } = this;
    const { zk } = this.participant;
    yield* ensurePath(zk, dir);
    this.note('entering');
    const opened = new Signal();
    // Before the own node is made: whoever sees it complete the number opens at once.
    let ready = yield* zk.exists(`${dir}/${READY}`, firing(opened));
    const own = yield* createOwn(zk, `${dir}/${this.name}`, null);
    if (ready === null) {
      const { children, stat } = yield* zk.getChildren(dir);
      if (others(children).length >= this.size) {
        yield* ensureNode(zk, `${dir}/${READY}`, null);
        this.note('entered', own, stat.pzxid);
        return own;
      }
      yield* opened.wait();
      ready = yield* zk.exists(`${dir}/${READY}`);
    }
    this.note('entered', own, ready?.czxid);
    return own;
  }

  /** Waits until all others have come to their end, or died. */
  *leave(own: OwnNode): Steps<void> {
    const { dir } = this;
    const { zk } = this.participant;
    const name = nameOf(own.path);
    this.note('leaving', own);
    for (;;) {
      const { children, stat } = yield* zk.getChildren(dir);
      const present = others(children).sort();
      const [lowest] = present;
      const highest = present.at(-1);
      if (lowest === undefined || highest === undefined) return this.note('left', own, stat.pzxid);
      if (lowest !== name) {
        if (present.includes(name)) yield* deleteSurely(zk, own.path);
        yield* changeOf(zk, `${dir}/${lowest}`);
      } else if (highest !== name) {
        yield* changeOf(zk, `${dir}/${highest}`);
      } else {
        yield* deleteSurely(zk, own.path);
        return this.note('left', own, stat.pzxid);
      }
    }
  }

  private note(what: Belief, own?: OwnNode, seen?: Zxid): void {
    const { dir: resource, name: item, size } = this;
    const where = own === undefined ? {} : { path: own.path, token: own.czxid };
    const state = seen === undefined ? {} : { seen };
    const recipe = 'double-barrier';
    this.participant.note({ recipe, resource, what, item, size, ...where, ...state });
  }
}

/** The participants among the children. */
function others(children: readonly string[]): string[] {
  return children.filter((name) => name !== READY);
}
