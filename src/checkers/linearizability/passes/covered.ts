import { NONE } from './blocks.ts';
import type { Items } from './items.ts';

/**
 * Items, each in for certain, that follow each other without a moment between them, from after one
 * end of a call until another. There must be such.
 *
 * @param counts whether an item is to be looked at
 */
export function chainOver(
  items: Items,
  from: number,
  until: number,
  counts: (item: number) => boolean,
): number[] {
  const { part } = items;
  const chain: number[] = [];
  let longest = NONE;
  let stays: number = NONE;
  let reached = from;
  for (let place = 0; reached < until; place++) {
    const call = (part.ends[place] as number) >> 1;
    const item = items.itemOf[call] as number;
    if (item !== NONE && place === items.entersBy(item) && items.leavesFrom(item) > stays) {
      if (counts(item)) {
        longest = item;
        stays = items.leavesFrom(item);
      }
    }
    if (place !== reached) continue;
    chain.push(longest);
    reached = stays;
  }
  return chain;
}
