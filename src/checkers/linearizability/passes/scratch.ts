/**
 * Columns that are needed for one part at a time: those of the next stand where they stood. With
 * thousands of parts, new ones for each would keep the garbage collector busy.
 */
export class Scratch {
  private ints = new Int32Array(0);
  private taken = 0;

  /** Makes room for so many numbers, in the place of all that were taken before. */
  begin(count: number): void {
    this.taken = 0;
    if (count > this.ints.length) this.ints = new Int32Array(count);
  }

  /** A column of so many numbers, all of them -1. */
  take(count: number): Int32Array {
    const begin = this.taken;
    this.taken += count;
    if (this.taken > this.ints.length) return new Int32Array(count).fill(-1);
    return this.ints.subarray(begin, this.taken).fill(-1);
  }
}
