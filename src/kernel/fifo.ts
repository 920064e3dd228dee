const CAPACITY_MIN = 16;

/**
 * A first-in-first-out queue on a growing ring: no allocation in the steady state, and any position
 * can be read. `Array.shift` moves the whole array once it is long.
 */
export class Fifo<T> {
  private ring: (T | undefined)[] = new Array(CAPACITY_MIN);
  private head = 0;
  private count = 0;

  get length(): number {
    return this.count;
  }

  push(item: T): void {
    if (this.count === this.ring.length) this.grow();
    this.ring[(this.head + this.count) & (this.ring.length - 1)] = item;
    this.count++;
  }

  /** Removes and returns the oldest item, `undefined` when there is none. */
  shift(): T | undefined {
    if (this.count === 0) return undefined;
    const item = this.ring[this.head];
    this.ring[this.head] = undefined;
    this.head = (this.head + 1) & (this.ring.length - 1);
    this.count--;
    return item;
  }

  /** The item at `index`, 0 being the oldest; `undefined` outside the queue. */
  at(index: number): T | undefined {
    if (index < 0 || index >= this.count) return undefined;
    return this.ring[(this.head + index) & (this.ring.length - 1)];
  }

  /** Keeps the `length` oldest items. */
  truncate(length: number): void {
    while (this.count > length) {
      this.count--;
      this.ring[(this.head + this.count) & (this.ring.length - 1)] = undefined;
    }
  }

  clear(): void {
    this.truncate(0);
  }

  *[Symbol.iterator](): Generator<T> {
    for (let index = 0; index < this.count; index++) {
      yield this.ring[(this.head + index) & (this.ring.length - 1)] as T;
    }
  }

  private grow(): void {
    const items = [...this];
    const ring: (T | undefined)[] = new Array(this.ring.length * 2);
    for (let index = 0; index < items.length; index++) ring[index] = items[index];
    this.ring = ring;
    this.head = 0;
  }
}
