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

  /** @param driftPpm how much faster than simulated time it counts, in parts per million */
  constructor(driftPpm: number, offsetMicros: number) {
    this.ratePpm = driftPpm;
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

  /** How long simulated time takes for this clock to count `micros`. */
  simulated(micros: number): number {
    return Math.ceil((micros * 1_000_000) / (1_000_000 + this.ratePpm));
  }
}
