import { describe, expect, it } from 'vitest';
import { generate } from '../../src/scenario/generate.ts';
import type { Plan } from '../../src/scenario/plan.ts';
import { RECIPES, type RecipeName } from '../../src/workload/settings.ts';
import { runClientStorm, type StormRun } from '../support/client-storm.ts';
import { SECOND, story } from '../support/plans.ts';

const CLIENTS = 4;

function planOf(seed: number, recipe: RecipeName | null): Plan {
  const plan = generate(seed, { clients: CLIENTS, durationMicros: 30 * SECOND });
  const recipeClients = recipe === null ? 0 : CLIENTS - 1;
  return { ...plan, workload: { ...plan.workload, recipe, recipeClients } };
}

function storms(seeds: number, recipe: RecipeName | null): StormRun[] {
  return Array.from({ length: seeds }, (_, seed) => runClientStorm(planOf(seed, recipe)));
}

function stories(runs: readonly StormRun[]): string[] {
  return runs.filter(({ result }) => result.verdict !== 'pass').map(({ result }) => story(result));
}

describe('clients that crash at any moment and come back, or do not read for a while', () => {
  it('leave nothing wrong behind them, whatever else fails', () => {
    const runs = storms(30, null);
    expect(stories(runs)).toEqual([]);
    for (const cause of ['time', 'sent', 'received', 'event'] as const) {
      const deaths = runs.reduce((sum, run) => sum + run.deaths[cause], 0);
      expect(deaths).toBeGreaterThan(30);
    }
    expect(runs.every(({ deafnesses }) => deafnesses > 0)).toBe(true);
  });

  it.each(RECIPES)('keep the promises of what they follow: %s', (recipe) => {
    const runs = storms(4, recipe);
    expect(stories(runs)).toEqual([]);
    for (const { result } of runs) {
      const { OK = 0 } = result.stats.operations;
      expect(OK).toBeGreaterThan(0);
    }
  });
});
