/**
 * Plans for property-based tests with fast-check. A module of its own, so that fast-check is only
 * needed by those who use it.
 */
import fc from 'fast-check';
import type { Fault } from './faults/fault.ts';
import { generate, type PlanOptions } from './scenario/generate.ts';
import type { Plan } from './scenario/plan.ts';

/**
 * Draws plans as {@link generate} does, with some of their faults left out.
 *
 * A counter-example shrinks to the fewest faults that still break the property. Every draw of a
 * plan is keyed by its seed and its own name, so taking a fault away leaves the rest of the run as
 * it was up to the moment at which the fault would have struck.
 *
 * @example
 * fc.assert(fc.property(planArbitrary({ servers: 3 }), (plan) => run(plan).verdict === 'pass'));
 */
export function planArbitrary(options: PlanOptions = {}): fc.Arbitrary<Plan> {
  return fc
    .noShrink(fc.nat())
    .map((seed) => generate(seed, options))
    .chain((plan) => {
      return fc.subarray([...plan.faults]).map((faults) => ({ ...plan, faults: heard(faults) }));
    });
}

/** Faults without those that wait for another which is not there. */
function heard(faults: readonly Fault[]): readonly Fault[] {
  const names = new Set(faults.map(({ name }) => name));
  const left = faults.filter(({ when }) => !('after' in when) || names.has(when.after));
  return left.length === faults.length ? faults : heard(left);
}
