import { NONE } from './blocks.ts';

/** Moments that are covered, stretch by stretch, and the first one in a stretch that is not. */
export class Uncovered {
  /** For each moment one not behind the first that is free from there on: itself if it is free. */
  private readonly next: Int32Array;

  constructor(moments: number) {
    this.next = Int32Array.from({ length: moments + 1 }, (_, moment) => moment);
  }

  lower(from: number, until: number): void {
    if (from >= until) return;
    for (let moment = this.find(from); moment < until; moment = this.find(moment))
      this.next[moment] = moment + 1;
  }

  /** @returns -1 if there is none */
  firstFree(from: number, until: number): number {
    const moment = this.find(Math.min(from, this.next.length - 1));
    return moment < until && moment < this.next.length - 1 ? moment : NONE;
  }

  private find(from: number): number {
    const { next } = this;
    let free = from;
    while (next[free] !== free) free = next[free] as number;
    for (let passed = from; passed !== free; ) {
      const after = next[passed] as number;
      next[passed] = free;
      passed = after;
    }
    return free;
  }
}
