import { generate } from '../../src/scenario/generate.ts';
import { run } from '../../src/scenario/run.ts';
import { cpuSeconds } from './measure.ts';

export interface RunRates {
  readonly seedsPerSecond: number;
  readonly eventsPerSeed: number;
  readonly nanosecondsPerEvent: number;
}

/** Whole runs of the default plan, from seed to verdict, per second of processor time. */
export function runRates(seeds: number): RunRates {
  for (let n = 0; n < seeds / 4; n++) run(generate(`warm/${n}`));
  let events = 0;
  const before = cpuSeconds();
  for (let n = 0; n < seeds; n++) events += run(generate(n)).events;
  const seconds = cpuSeconds() - before;
  return {
    seedsPerSecond: seeds / seconds,
    eventsPerSeed: events / seeds,
    nanosecondsPerEvent: (seconds / events) * 1e9,
  };
}
