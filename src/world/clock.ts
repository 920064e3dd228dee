/**
 * A host's clocks. The monotonic one runs at its own rate and drives timers; the wall clock also
 * has an offset, and can jump. Both are functions of simulated time, in microseconds.
 */
export class Clock {
  /** How much faster than simulated time the host counts, in parts per million. */
  readonly driftPpm: number;
  private offsetMicros: number;

  constructor(driftPpm: number, offsetMicros: number) {
    this.driftPpm = driftPpm;
    this.offsetMicros = offsetMicros;
  }

  monotonic(at: number): number {
    return at + Math.floor((at * this.driftPpm) / 1_000_000);
  }

  wall(at: number): number {
    return this.monotonic(at) + this.offsetMicros;
  }

  jump(micros: number): void {
    this.offsetMicros += micros;
  }

  /** How long simulated time takes for this clock to count `micros`. */
  simulated(micros: number): number {
    return Math.ceil((micros * 1_000_000) / (1_000_000 + this.driftPpm));
  }
}
