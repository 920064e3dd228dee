import { NONE } from './blocks.ts';

/** Numbers, of which the least comes out first: a binary heap. */
export class Earliest {
  private readonly items: Int32Array;
  private count = 0;

  constructor(most: number) {
    this.items = new Int32Array(most);
  }

  put(item: number): void {
    const { items } = this;
    let at = this.count++;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      const above = items[parent] as number;
      if (above <= item) break;
      items[at] = above;
      at = parent;
    }
    items[at] = item;
  }

  /** @returns -1 if there is none */
  take(): number {
    if (this.count === 0) return NONE;
    const { items } = this;
    const first = items[0] as number;
    const last = items[--this.count] as number;
    let at = 0;
    for (let child = 1; child < this.count; child = at * 2 + 1) {
      const other = child + 1;
      if (other < this.count && (items[other] as number) < (items[child] as number)) child = other;
      if ((items[child] as number) >= last) break;
      items[at] = items[child] as number;
      at = child;
    }
    items[at] = last;
    return first;
  }
}
