import type { RecordedOperation } from '../operation.ts';
import { pairOf } from '../values.ts';
import { NONE } from './blocks.ts';
import type { Items } from './items.ts';

/** The items by their priorities, numbered from 0 for the most urgent. */
export class Ranks {
  readonly areNumbers: boolean;
  readonly count: number;
  readonly rankOf: Int32Array;
  /** The items, the most urgent first. */
  readonly sorted: Int32Array;

  constructor(items: Items, operations: readonly RecordedOperation[]) {
    const priorities = new Float64Array(items.count);
    for (let item = 0; item < items.count; item++) {
      const index = items.part.members[items.enqueues[item] as number] as number;
      priorities[item] = Number(pairOf(operations[index]?.input)[1]);
    }
    this.areNumbers = priorities.every(Number.isFinite);
    const distinct = [...new Set(priorities)].sort((a, b) => a - b);
    const ranks = new Map(distinct.map((priority, rank) => [priority, rank]));
    this.count = distinct.length;
    this.rankOf = Int32Array.from(priorities, (priority) => ranks.get(priority) ?? NONE);
    this.sorted = this.sort();
  }

  private sort(): Int32Array {
    const next = new Int32Array(this.count + 1);
    for (const rank of this.rankOf) next[rank + 1] = (next[rank + 1] as number) + 1;
    for (let rank = 0; rank < this.count; rank++)
      next[rank + 1] = (next[rank + 1] as number) + (next[rank] as number);
    const sorted = new Int32Array(this.rankOf.length);
    this.rankOf.forEach((rank, item) => {
      const place = next[rank] as number;
      next[rank] = place + 1;
      sorted[place] = item;
    });
    return sorted;
  }
}
