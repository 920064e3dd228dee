import { generate } from '../../src/scenario/generate.ts';
import { run } from '../../src/scenario/run.ts';
import { type Case, timed } from './measure.ts';

/** Whole runs of the default plan, from seed to verdict; the same seeds in every round. */
export function defaultPlanRuns(seeds: number): Case {
  const sample = (): Record<string, number> => {
    let events = 0;
    const seconds = timed(() => {
      for (let seed = 0; seed < seeds; seed++) events += run(generate(seed)).events;
    });
    return {
      seeds: seeds / seconds,
      eventsPerSeed: events / seeds,
      nanoseconds: (seconds / events) * 1e9,
    };
  };
  return { sample };
}
