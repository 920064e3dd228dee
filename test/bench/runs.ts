import { generate } from '../../src/scenario/generate.ts';
import type { Plan } from '../../src/scenario/plan.ts';
import { type RunOptions, run } from '../../src/scenario/run.ts';
import { REGISTER_KINDS } from '../../src/workload/settings.ts';
import { type Case, timed } from './measure.ts';

/** The part of the plan that has clients deal with registers alone. */
export function onRegisters(plan: Plan): Plan {
  const { weights } = plan.workload;
  const kept = Object.entries(weights).map(([kind, weight]) => {
    return [kind, REGISTER_KINDS.some((register) => register === kind) ? weight : 0];
  });
  const registers = Object.fromEntries(kept) as typeof weights;
  const workload = { ...plan.workload, recipe: null, recipeClients: 0, weights: registers };
  return { ...plan, workload };
}

/**
 * Whole runs of generated plans, from seed to verdict; the same seeds in every round.
 *
 * @param change what is made of each plan
 * @param options how they are judged
 */
export function wholeRuns(
  seeds: number,
  change: (plan: Plan) => Plan = (plan) => plan,
  options: RunOptions = {},
): Case {
  const sample = (): Record<string, number> => {
    let events = 0;
    const seconds = timed(() => {
      for (let seed = 0; seed < seeds; seed++) {
        events += run(change(generate(seed)), undefined, options).events;
      }
    });
    return {
      seeds: seeds / seconds,
      eventsPerSeed: events / seeds,
      nanoseconds: (seconds / events) * 1e9,
    };
  };
  return { sample };
}
