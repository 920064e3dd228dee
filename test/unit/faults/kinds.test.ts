import { describe, expect, it } from 'vitest';
import { FAULT_KINDS } from '../../../src/faults/fault.ts';
import { observe, story } from '../../support/plans.ts';
import { planOf } from './effects/effect.ts';
import { EFFECTS } from './effects/effects.ts';

const CASES = Object.entries(EFFECTS).map(
  ([kind, effect]) => [kind, effect.claim, effect] as const,
);

describe('a fault of the kind', () => {
  it.each(CASES)('%s %s', (kind, _claim, effect) => {
    const plan = planOf(effect);
    const seen = observe(plan);
    const { violations, stats } = seen.result;
    expect(violations[0]?.property, story(seen.result)).toBe(effect.violates);
    expect(stats.faults[kind]).toBeGreaterThan(0);
    expect(stats.idleFaults).toEqual([]);
    effect.shows(seen, () => observe({ ...plan, faults: plan.faults.slice(1) }));
  });
});

it('every kind of fault is shown here, under its own name', () => {
  expect(Object.keys(EFFECTS).sort()).toEqual([...FAULT_KINDS].sort());
  for (const [kind, , { fault }] of CASES) expect(fault.kind).toBe(kind);
});
