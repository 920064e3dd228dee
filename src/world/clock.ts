/**
 * A host's clocks. The monotonic one runs at its own rate and drives timers; the wall clock also
 * has an offset, and can jump. Both are functions of simulated time, in microseconds.
 */
export class Clock {
  private ratePpm: number;
  private offsetMicros: number;
  /** When the rate last changed, by simulated time and by the clock. */
  private since = 0;
  private countedThen = 0;
  private readonly ownPpm: number;
  /** The rates of faults, in the order in which they came. */
  private readonly forced: number[] = [];

  /** @param driftPpm how much faster than simulated time it counts, in parts per million */
  constructor(driftPpm: number, offsetMicros: number) {
    this.ratePpm = driftPpm;
    this.ownPpm = driftPpm;
    this.offsetMicros = offsetMicros;
  }

  /** How much faster than simulated time it counts now, in parts per million. */
  get driftPpm(): number {
    return this.ratePpm;
  }

  monotonic(at: number): number {
    const passed = at - this.since;
    return this.countedThen + passed + Math.floor((passed * this.ratePpm) / 1_000_000);
  }

  wall(at: number): number {
    return this.monotonic(at) + this.offsetMicros;
  }

  jump(micros: number): void {
    this.offsetMicros += micros;
  }

  /**
   * From `at` on the clock runs at another rate; it goes on from where it is. A timer that runs
   * already keeps its length in simulated time.
   *
   * @param at not before an earlier change
   */
  setDrift(at: number, driftPpm: number): void {
    this.countedThen = this.monotonic(at);
    this.since = at;
    this.ratePpm = driftPpm;
  }

  /** A fault sets the rate. Of several that do so the last one has its way, until it ends. */
  addDrift(at: number, driftPpm: number): void {
    this.forced.push(driftPpm);
    this.setDrift(at, driftPpm);
  }

  /** A fault with this rate ends; with the last of them the clock has its own rate again. */
  removeDrift(at: number, driftPpm: number): void {
    this.forced.splice(this.forced.lastIndexOf(driftPpm), 1);
    this.setDrift(at, this.forced.at(-1) ?? this.ownPpm);
  }

  /** How long simulated time takes for this clock to count `micros`. */
  simulated(micros: number): number {
    return Math.ceil((micros * 1_000_000) / (1_000_000 + this.ratePpm));
  }
}
