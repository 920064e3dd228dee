import type { MemoryBudget } from '../memory-budget.ts';

const INITIAL_SIZE = 64;
const BYTES_PER_INT = 4;

/** Numbers, the last put there first to go. */
export class Stack {
  static readonly INITIAL_BYTES: number = INITIAL_SIZE * BYTES_PER_INT;
  items: Int32Array = new Int32Array(INITIAL_SIZE);
  count = 0;
  private readonly budget: MemoryBudget;

  constructor(budget: MemoryBudget) {
    this.budget = budget;
  }

  get bytes(): number {
    return this.items.byteLength;
  }

  /** @returns whether there was memory for it */
  push(item: number): boolean {
    if (this.count === this.items.length && !this.grow()) return false;
    this.items[this.count++] = item;
    return true;
  }

  private grow(): boolean {
    const old = this.items;
    if (!this.budget.take(old.byteLength * 2)) return false;
    this.items = new Int32Array(old.length * 2);
    this.items.set(old);
    this.budget.give(old.byteLength);
    return true;
  }
}
