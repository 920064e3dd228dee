/** How much slower something is than it should be: the worst of what slows it down. */
export class Slowdown {
  /** 1 when nothing slows it down. */
  factor = 1;
  private readonly causes: number[] = [];

  add(factor: number): void {
    this.causes.push(factor);
    this.factor = Math.max(1, ...this.causes);
  }

  remove(factor: number): void {
    this.causes.splice(this.causes.indexOf(factor), 1);
    this.factor = Math.max(1, ...this.causes);
  }
}
