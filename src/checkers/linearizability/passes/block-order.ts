import type { Part } from '../columns.ts';
import { type Blocks, type Groups, NONE } from './blocks.ts';

/** A legal order of the calls of a part: block by block, each group's readers by invocation. */
export class BlockOrder {
  readonly calls: Int32Array;
  /** Where each call stands in it. */
  readonly placeOf: Int32Array;
  /** How many calls stand before each group, and up to its end; -1 if it never was there. */
  readonly starts: Int32Array;
  readonly ends: Int32Array;

  constructor(part: Part, groups: Groups, { roots, rootCount }: Blocks) {
    const { groupOf, heads, nexts } = groups;
    this.starts = new Int32Array(groups.count).fill(NONE);
    this.ends = new Int32Array(groups.count).fill(NONE);
    this.placeOf = new Int32Array(part.count).fill(NONE);
    const sizes = new Int32Array(groups.count);
    for (const group of groupOf) if (group >= 0) sizes[group] = (sizes[group] as number) + 1;
    let count = 0;
    for (let index = 0; index < rootCount; index++) {
      for (let group = roots[index] as number; group !== NONE; group = nexts[group] as number) {
        this.starts[group] = count;
        // The head goes before the readers.
        this.ends[group] = heads[group] === NONE ? count : count + 1;
        count += sizes[group] as number;
      }
    }
    this.calls = new Int32Array(count);
    for (let call = 0; call < part.count; call++) {
      const group = groupOf[call] as number;
      if (group >= 0) this.put(call, group, heads[group] === call);
    }
  }

  private put(call: number, group: number, isHead: boolean): void {
    const place = (isHead ? this.starts : this.ends)[group] as number;
    this.calls[place] = call;
    this.placeOf[call] = place;
    if (!isHead) this.ends[group] = place + 1;
  }
}
