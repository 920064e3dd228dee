import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { BUGS } from '../../src/bugs/catalogue.ts';
import { differences } from '../../src/scenario/expectation.ts';
import type { Plan } from '../../src/scenario/plan.ts';
import { run } from '../../src/scenario/run.ts';
import type { Scenario } from '../../src/scenario/scenario.ts';
import { parseScenario } from '../../src/scenario/scenario-file.ts';

const SCENARIOS = new URL('../../scenarios/bugs/', import.meta.url);

function scenarioOf(bug: string): Scenario {
  const file = `${bug}.yaml`;
  return parseScenario(readFileSync(new URL(file, SCENARIOS), 'utf8'), file);
}

/** The same without the mistake, the servers' or the clients'. */
function mended(plan: Plan, recipe: string | undefined): Plan {
  if (recipe === undefined) return { ...plan, bug: null };
  return { ...plan, bug: null, workload: { ...plan.workload, recipe: 'lock' } };
}

describe.each(BUGS)('$id', ({ id, breaks, recipe }) => {
  const { expect: expected, plan, without = [] } = scenarioOf(id);

  it('is shown by its scenario, which breaks what it says', () => {
    expect(plan.bug).toBe(id);
    expect(differences(run(plan, undefined, { without }), expected)).toEqual([]);
    expect(breaks).toContain(expected.violates);
  });

  it('is what breaks it: the same plan passes without', () => {
    expect(run(mended(plan, recipe)).violations).toEqual([]);
  });
});

it('every scenario is of a bug that there is', () => {
  const files = readdirSync(SCENARIOS).map((name) => name.replace(/\.yaml$/, ''));
  expect(files.sort()).toEqual(BUGS.map(({ id }) => id).sort());
});
