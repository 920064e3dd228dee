import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { planArbitrary } from '../../src/fast-check.ts';
import { parsePlan } from '../../src/scenario/plan.ts';
import { run } from '../../src/scenario/run.ts';

const SECOND = 1_000_000;

describe('every plan within the fault budget', () => {
  it.each([
    { servers: 1, runs: 10 },
    { servers: 2, runs: 15 },
    { servers: 3, runs: 40 },
    { servers: 4, runs: 20 },
    { servers: 5, runs: 40 },
    { servers: 7, runs: 10 },
  ])('leaves an ensemble of $servers correct', ({ servers, runs }) => {
    const property = fc.property(
      planArbitrary({ servers, durationMicros: 30 * SECOND }),
      (plan) => {
        expect(run(plan).violations).toEqual([]);
      },
    );
    fc.assert(property, { numRuns: runs, seed: servers });
  });

  it('is one that the validator accepts, also after a round trip through JSON', () => {
    const property = fc.property(planArbitrary(), (plan) => {
      expect(parsePlan(JSON.parse(JSON.stringify(plan)))).toEqual(plan);
    });
    fc.assert(property, { numRuns: 200, seed: 1 });
  });
});

describe('a counter-example', () => {
  it('shrinks to the faults that matter', () => {
    const property = fc.property(planArbitrary({ bug: 'quorum-of-half' }), (plan) => {
      return run(plan).verdict === 'pass';
    });
    const details = fc.check(property, { numRuns: 60, seed: 3, endOnFailure: false });
    expect(details.failed).toBe(true);
    const [plan] = details.counterexample ?? [];
    expect(plan?.faults.length).toBeLessThanOrEqual(2);
  });
});
