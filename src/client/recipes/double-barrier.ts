import { nameOf } from '../../keeper/path.ts';
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
 * In the log `item` is the participant's name; `token` the czxid of its node; `seen`, for who opens
 * the barrier, the pzxid of the listing that showed enough.
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
    const isOpen = (yield* zk.exists(`${dir}/${READY}`, firing(opened))) !== null;
    const own = yield* createOwn(zk, `${dir}/${this.name}`, null);
    if (!isOpen) {
      const { children, stat } = yield* zk.getChildren(dir);
      if (others(children).length >= this.size) {
        yield* ensureNode(zk, `${dir}/${READY}`, null);
        this.note('entered', own, { seen: stat.pzxid });
        return own;
      }
      yield* opened.wait();
    }
    this.note('entered', own);
    return own;
  }

  /** Waits until all others have come to their end, or died. */
  *leave(own: OwnNode): Steps<void> {
    const { dir } = this;
    const { zk } = this.participant;
    const name = nameOf(own.path);
    this.note('leaving', own);
    for (;;) {
      const present = others((yield* zk.getChildren(dir)).children).sort();
      const [lowest] = present;
      const highest = present.at(-1);
      if (lowest === undefined || highest === undefined) break;
      if (lowest !== name) {
        if (present.includes(name)) yield* deleteSurely(zk, own.path);
        yield* changeOf(zk, `${dir}/${lowest}`);
      } else if (highest !== name) {
        yield* changeOf(zk, `${dir}/${highest}`);
      } else {
        yield* deleteSurely(zk, own.path);
        break;
      }
    }
    this.note('left', own);
  }

  private note(what: Belief, own?: OwnNode, more: { readonly seen?: OwnNode['czxid'] } = {}): void {
    const { dir: resource, name: item } = this;
    const where = own === undefined ? {} : { path: own.path, token: own.czxid };
    this.participant.note({ recipe: 'double-barrier', resource, what, item, ...where, ...more });
  }
}

/** The participants among the children. */
function others(children: readonly string[]): string[] {
  return children.filter((name) => name !== READY);
}
