import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Clock } from '../../../src/world/clock.ts';
import { advance, Station, settle, steadyWorld } from '../../support/stations.ts';

const SECOND = 1_000_000;
const DAY = 86_400 * SECOND;

const drift = fc.integer({ min: -500_000, max: 500_000 });
const time = fc.integer({ min: 0, max: DAY });

describe('a perfect clock', () => {
  it('counts simulated time', () => {
    const clock = new Clock(0, 0);
    expect(clock.monotonic(123_456)).toBe(123_456);
    expect(clock.wall(123_456)).toBe(123_456);
    expect(clock.simulated(123_456)).toBe(123_456);
  });
});

describe('a clock that drifts', () => {
  it.each([
    { driftPpm: 100_000, counts: 1_100_000, needs: 909_091 },
    { driftPpm: -100_000, counts: 900_000, needs: 1_111_112 },
    { driftPpm: 50, counts: 1_000_050, needs: 999_951 },
  ])('by $driftPpm ppm counts $counts in a second', ({ driftPpm, counts, needs }) => {
    const clock = new Clock(driftPpm, 0);
    expect(clock.monotonic(SECOND)).toBe(counts);
    expect(clock.simulated(SECOND)).toBe(needs);
  });

  it('never goes back', () => {
    const property = fc.property(drift, time, fc.nat(1000), (driftPpm, at, later) => {
      const clock = new Clock(driftPpm, 0);
      expect(clock.monotonic(at + later)).toBeGreaterThanOrEqual(clock.monotonic(at));
    });
    fc.assert(property, { numRuns: 500, seed: 1 });
  });

  it('has counted what a timer asked for when it fires, and hardly more', () => {
    const wait = fc.integer({ min: 0, max: 3600 * SECOND });
    const property = fc.property(drift, time, wait, (driftPpm, at, micros) => {
      const clock = new Clock(driftPpm, 0);
      const counted = clock.monotonic(at + clock.simulated(micros)) - clock.monotonic(at);
      expect(counted).toBeGreaterThanOrEqual(micros);
      expect(counted).toBeLessThanOrEqual(micros + 3);
    });
    fc.assert(property, { numRuns: 500, seed: 2 });
  });

  it('makes the timers of its host late or early', () => {
    const world = steadyWorld();
    const slow = new Station(world, 1, { driftPpm: -500_000, offsetMicros: 0 });
    const fast = new Station(world, 2, { driftPpm: 250_000, offsetMicros: 0 });
    slow.process.setTimer(SECOND, slow, 1);
    fast.process.setTimer(SECOND, fast, 2);
    settle(world);
    expect(slow.fired).toEqual([{ timer: 1, at: 2 * SECOND }]);
    expect(fast.fired).toEqual([{ timer: 2, at: 0.8 * SECOND }]);
    expect(slow.process.now()).toBe(SECOND);
  });
});

describe('a clock whose rate changes', () => {
  const changes = fc.array(fc.tuple(fc.nat(10 * SECOND), drift), { maxLength: 20 });

  it('goes on from where it is, at the new rate', () => {
    const clock = new Clock(0, 0);
    clock.setDrift(SECOND, 100_000);
    expect(clock.monotonic(SECOND)).toBe(SECOND);
    expect(clock.monotonic(2 * SECOND)).toBe(2_100_000);
    expect(clock.driftPpm).toBe(100_000);
    clock.setDrift(2 * SECOND, -500_000);
    expect(clock.monotonic(2 * SECOND)).toBe(2_100_000);
    expect(clock.monotonic(4 * SECOND)).toBe(3_100_000);
    expect(clock.simulated(SECOND)).toBe(2 * SECOND);
  });

  it('never goes back, and never stands still for long, whatever the changes', () => {
    const property = fc.property(drift, changes, fc.nat(1000), (driftPpm, list, later) => {
      const clock = new Clock(driftPpm, 0);
      let at = 0;
      for (const [passed, rate] of list) {
        const before = clock.monotonic(at);
        at += passed;
        const counted = clock.monotonic(at);
        expect(counted - before).toBeGreaterThanOrEqual(Math.floor(passed / 2) - 1);
        clock.setDrift(at, rate);
        expect(clock.monotonic(at)).toBe(counted);
        expect(clock.monotonic(at + later)).toBeGreaterThanOrEqual(counted);
      }
    });
    fc.assert(property, { numRuns: 300, seed: 3 });
  });

  it('has counted what a timer asked for that is set after the change', () => {
    const property = fc.property(drift, drift, fc.nat(DAY), fc.nat(DAY), (a, b, at, micros) => {
      const clock = new Clock(a, 0);
      clock.setDrift(at, b);
      const counted = clock.monotonic(at + clock.simulated(micros)) - clock.monotonic(at);
      expect(counted).toBeGreaterThanOrEqual(micros);
      expect(counted).toBeLessThanOrEqual(micros + 3);
    });
    fc.assert(property, { numRuns: 300, seed: 4 });
  });

  it('leaves a timer that runs as it is, and makes later ones early or late', () => {
    const world = steadyWorld();
    const one = new Station(world, 1);
    one.process.setTimer(10 * SECOND, one, 1);
    advance(world, SECOND);
    one.host.clock.setDrift(world.timeline.now, 1_000_000 / 4);
    one.process.setTimer(SECOND, one, 2);
    settle(world);
    expect(one.fired).toEqual([
      { timer: 2, at: 1.8 * SECOND },
      { timer: 1, at: 10 * SECOND },
    ]);
  });

  it('has the rate of the last fault that is not over, in whatever order they end', () => {
    const [first, second, third] = [1000, 2000, -3000];
    const rates = (ends: readonly number[]): number[] => {
      const clock = new Clock(7, 0);
      for (const [index, ppm] of [first, second, third].entries()) clock.addDrift(index, ppm);
      return ends.map((ppm, index) => {
        clock.removeDrift(3 + index, ppm);
        return clock.driftPpm;
      });
    };
    expect(rates([first, second, third])).toEqual([third, third, 7]);
    expect(rates([third, second, first])).toEqual([second, first, 7]);
    expect(rates([second, third, first])).toEqual([third, first, 7]);
  });

  it('keeps its offset and its rate when its host is started again', () => {
    const world = steadyWorld();
    const one = new Station(world, 1, { driftPpm: 0, offsetMicros: SECOND });
    one.host.clock.setDrift(0, 500_000);
    one.host.losePower();
    one.host.start();
    advance(world, 2 * SECOND);
    expect(one.process.now()).toBe(3 * SECOND);
    expect(one.process.wallClockMs()).toBe(4000);
  });
});

describe('a wall clock', () => {
  it('is ahead or behind by its offset, and jumps', () => {
    const clock = new Clock(0, -5 * SECOND);
    expect(clock.wall(7 * SECOND)).toBe(2 * SECOND);
    clock.jump(10 * SECOND);
    clock.jump(-SECOND);
    expect(clock.wall(7 * SECOND)).toBe(11 * SECOND);
  });

  it('shows whole milliseconds to the processes of its host', () => {
    const world = steadyWorld();
    const one = new Station(world, 1, { driftPpm: 0, offsetMicros: 60 * SECOND });
    advance(world, 1_234_999);
    expect(one.process.wallClockMs()).toBe(61_234);
    one.host.clock.jump(-61 * SECOND);
    expect(one.process.wallClockMs()).toBe(234);
  });

  it('that jumps moves neither the monotonic clock nor the timers', () => {
    const world = steadyWorld();
    const one = new Station(world, 1);
    one.process.setTimer(SECOND, one, 1);
    one.host.clock.jump(3600 * SECOND);
    expect(one.process.now()).toBe(0);
    settle(world);
    expect(one.fired).toEqual([{ timer: 1, at: SECOND }]);
  });

  it('keeps its offset when its host is started again', () => {
    const world = steadyWorld();
    const one = new Station(world, 1, { driftPpm: 0, offsetMicros: SECOND });
    one.host.clock.jump(SECOND);
    one.host.losePower();
    one.host.start();
    expect(one.process.wallClockMs()).toBe(2000);
  });
});
