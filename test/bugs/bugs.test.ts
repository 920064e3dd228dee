import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { BUGS } from '../../src/bugs/catalogue.ts';
import { generate } from '../../src/scenario/generate.ts';
import { reproductionLine } from '../../src/scenario/reproduction.ts';
import { run } from '../../src/scenario/run.ts';

const SCENARIOS = new URL('../../scenarios/bugs/', import.meta.url);

/** A seed that shows a bug, and the property that it shows broken. */
interface BugScenario {
  readonly bug: string;
  readonly seed: string;
  readonly property: string;
}

function scenarioOf(bug: string): BugScenario {
  return JSON.parse(readFileSync(new URL(`${bug}.json`, SCENARIOS), 'utf8')) as BugScenario;
}

describe.each(BUGS)('$id', ({ id, breaks }) => {
  const { bug, seed, property } = scenarioOf(id);

  it(`is shown by seed ${seed}, which breaks ${property}`, () => {
    const { violations } = run(generate(seed, { bug }));
    expect(violations[0]?.property, reproductionLine(seed, { bug })).toBe(property);
    expect(breaks).toContain(property);
  });

  it('is what breaks it: the same seed passes without', () => {
    expect(run(generate(seed)).violations).toEqual([]);
  });
});

it('every scenario is of a bug that there is', () => {
  const files = readdirSync(SCENARIOS).map((name) => name.replace(/\.json$/, ''));
  expect(files.sort()).toEqual(BUGS.map(({ id }) => id).sort());
});
