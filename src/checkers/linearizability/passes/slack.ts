import { NONE } from './blocks.ts';

/**
 * A number for each moment, which may be lowered over any stretch, and the first moment in a stretch
 * where it is not below 0: a tree of sums and maxima. All stretches are half open.
 */
export class Slack {
  /** Of each node of the tree, the most below it; all that is subtracted there is counted. */
  private readonly most: Int32Array;
  /** What is subtracted from all moments below a node. */
  private readonly taken: Int32Array;
  private readonly leaves: number;

  /** @param start the number of each moment at first */
  constructor(start: Int32Array) {
    this.leaves = 1;
    while (this.leaves < start.length) this.leaves *= 2;
    this.most = new Int32Array(this.leaves * 2);
    this.taken = new Int32Array(this.leaves * 2);
    this.most.set(start, this.leaves);
    for (let node = this.leaves - 1; node > 0; node--) this.update(node);
  }

  lower(from: number, until: number, by: number): void {
    if (from < until) this.lowerBelow(1, 0, this.leaves, from, until, by);
  }

  /** @returns -1 if there is none */
  firstFree(from: number, until: number): number {
    return from < until ? this.firstBelow(1, 0, this.leaves, from, until, 0) : NONE;
  }

  private lowerBelow(
    node: number,
    start: number,
    width: number,
    from: number,
    until: number,
    by: number,
  ): void {
    if (from <= start && start + width <= until) {
      this.most[node] = (this.most[node] as number) - by;
      this.taken[node] = (this.taken[node] as number) + by;
      return;
    }
    const half = width / 2;
    const middle = start + half;
    if (from < middle) this.lowerBelow(node * 2, start, half, from, until, by);
    if (until > middle) this.lowerBelow(node * 2 + 1, middle, half, from, until, by);
    this.update(node);
  }

  /** @param least what is needed here, since all above has been subtracted */
  private firstBelow(
    node: number,
    start: number,
    width: number,
    from: number,
    until: number,
    least: number,
  ): number {
    if ((this.most[node] as number) < least) return NONE;
    if (width === 1) return start;
    const half = width / 2;
    const middle = start + half;
    const needed = least + (this.taken[node] as number);
    if (from < middle) {
      const found = this.firstBelow(node * 2, start, half, from, until, needed);
      if (found !== NONE || until <= middle) return found;
    }
    return until > middle ? this.firstBelow(node * 2 + 1, middle, half, from, until, needed) : NONE;
  }

  private update(node: number): void {
    const left = this.most[node * 2] as number;
    const right = this.most[node * 2 + 1] as number;
    this.most[node] = Math.max(left, right) - (this.taken[node] as number);
  }
}
