/** Counts the bytes of columns, states and memos, and says when there are no more. */
export class MemoryBudget {
  readonly max: number;
  private used = 0;
  private most = 0;

  constructor(max: number) {
    this.max = max;
  }

  get peak(): number {
    return this.most;
  }

  /** Whether so many more may be used; then they count as used. */
  take(bytes: number): boolean {
    if (this.used + bytes > this.max) return false;
    this.used += bytes;
    if (this.used > this.most) this.most = this.used;
    return true;
  }

  give(bytes: number): void {
    this.used -= bytes;
  }
}
