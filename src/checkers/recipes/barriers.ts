import type { RecordedEvent } from '../../client/recipes/log.ts';
import { ZXID_ZERO } from '../../zab/zxid.ts';
import { lastName } from '../models/model-node.ts';
import { type CommittedTree, firstFrom, type Life, standsAt } from './committed-tree.ts';
import {
  broken,
  checkOwn,
  describeLife,
  firstFinding,
  ownLife,
  type RecipeFinding,
} from './finding.ts';

const READY = 'ready';

/**
 * Double barriers: nobody enters before enough nodes stood there at one zxid, and nobody leaves as
 * long as the node of another stands. O(n log n).
 */
export function checkBarrier(
  tree: CommittedTree,
  events: readonly RecordedEvent[],
): RecipeFinding | null {
  const dir = events[0]?.resource ?? '';
  const crowd = new Crowd(participantsOf(tree, dir));
  const openings = new Set(tree.livesOf(`${dir}/${READY}`).map(({ czxid }) => czxid));
  return firstFinding(events, (event) => {
    if (event.what === 'left') return checkLeft(tree, crowd, event);
    if (event.what !== 'entered') return null;
    const isTold = openings.has(event.seen ?? ZXID_ZERO);
    return checkOwn(tree, event) ?? checkEntered(crowd, event, isTold);
  });
}

/** The nodes of all who have ever taken part. */
export function participantsOf(tree: CommittedTree, dir: string): Life[] {
  return tree.childrenOf(dir).filter(({ path }) => lastName(path) !== READY);
}

/** @param isTold it has seen the node that says that enough were there */
function checkEntered(crowd: Crowd, event: RecordedEvent, isTold: boolean): RecipeFinding | null {
  const { seen = ZXID_ZERO, size = 0 } = event;
  const { count, most } = crowd.at(seen);
  const there = isTold ? most : count;
  return there >= size ? null : broken(event, `and ${there} of ${size} were there`);
}

function checkLeft(tree: CommittedTree, crowd: Crowd, event: RecordedEvent): RecipeFinding | null {
  const { seen = ZXID_ZERO, path } = event;
  if (ownLife(tree, event)?.ending === 'none') return broken(event, 'and its node still stands');
  if (crowd.at(seen).count === 0) return null;
  const other = crowd.lives.find((life) => life.path !== path && standsAt(life, seen));
  return other === undefined ? null : broken(event, `and there was ${describeLife(other)}`);
}

interface Size {
  readonly zxid: number;
  readonly count: number;
  /** The most that there have been by then. */
  readonly most: number;
}

/** How many stood there, at every zxid. */
class Crowd {
  readonly lives: readonly Life[];
  private readonly sizes: Size[] = [];

  constructor(lives: readonly Life[]) {
    this.lives = lives;
    const changes = lives.flatMap(({ czxid, end }) => [
      { zxid: czxid as number, by: 1 },
      { zxid: end, by: -1 },
    ]);
    changes.sort((a, b) => a.zxid - b.zxid || a.by - b.by);
    let [count, most] = [0, 0];
    for (const { zxid, by } of changes) {
      count += by;
      most = Math.max(most, count);
      this.sizes.push({ zxid, count, most });
    }
  }

  at(zxid: number): Pick<Size, 'count' | 'most'> {
    const { sizes } = this;
    return sizes[firstFrom(sizes, (size) => size.zxid > zxid) - 1] ?? { count: 0, most: 0 };
  }
}
