import type { Zxid } from '../../zab/zxid.ts';
import { lastName } from '../models/model-node.ts';
import type { CommittedTree, Life } from './committed-tree.ts';

/** A node that stands in line. */
export interface Place {
  readonly life: Life;
  /** What the server has added to its name. */
  readonly number: number;
  /** Whether it bears others beside it: it wants to read. */
  readonly isShared: boolean;
}

const SEQUENTIAL = /\d{10}$/;

/** All that have ever stood in line below a node, by their numbers. */
export function placesBelow(tree: CommittedTree, path: string): Place[] {
  return tree
    .childrenOf(path)
    .filter((life) => SEQUENTIAL.test(life.path))
    .map(placeOf)
    .sort((a, b) => a.number - b.number);
}

export function placeOf(life: Life): Place {
  return { life, number: numberOf(life.path), isShared: /-read-\d+$/.test(lastName(life.path)) };
}

export function numberOf(path: string): number {
  return Number(path.slice(-10));
}

/**
 * Tells who stood in front of somebody, for zxids that rise from question to question. Numbers rise
 * with zxids as long as the servers are right, so hardly more than one node is looked at each time.
 */
export class Line {
  private readonly places: readonly Place[];
  /** All before have gone for good. */
  private start = 0;

  /** @param places by their numbers */
  constructor(places: readonly Place[]) {
    this.places = places;
  }

  /** The first that stood at `zxid`, of those with a lower number. */
  firstBefore(number: number, zxid: Zxid): Life | null {
    const { places } = this;
    for (let place = places[this.start]; place !== undefined; place = places[++this.start]) {
      if (place.life.end > zxid) break;
    }
    for (let index = this.start; index < places.length; index++) {
      const place = places[index];
      if (place === undefined || place.number >= number) return null;
      if (place.life.czxid <= zxid && zxid < place.life.end) return place.life;
    }
    return null;
  }
}
