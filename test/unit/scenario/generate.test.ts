import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FAULT_KINDS, PARTITION_SHAPES } from '../../../src/faults/fault.ts';
import { generate, type PlanOptions } from '../../../src/scenario/generate.ts';
import { type Plan, parsePlan } from '../../../src/scenario/plan.ts';
import { OPERATION_KINDS } from '../../../src/workload/settings.ts';

const FC = { numRuns: 100, seed: 1 };

const seeds = fc.oneof(fc.nat(), fc.string({ minLength: 1, maxLength: 8 }));

const options: fc.Arbitrary<PlanOptions> = fc.record(
  {
    servers: fc.integer({ min: 1, max: 15 }),
    observers: fc.integer({ min: 0, max: 15 }),
    clients: fc.integer({ min: 0, max: 50 }),
    durationMicros: fc.oneof(
      fc.constant(1),
      fc.integer({ min: 1, max: 10 }),
      fc.integer({ min: 1_000_000, max: 3_600_000_000 }),
    ),
    bug: fc.constantFrom(null, 'quorum-of-half'),
  },
  { requiredKeys: [] },
);

const SAMPLE: readonly Plan[] = Array.from({ length: 300 }, (_, seed) => generate(seed));

describe('a generated plan', () => {
  it('is the same for the same seed and options', () => {
    const property = fc.property(seeds, options, (seed, given) => {
      expect(generate(seed, given)).toEqual(generate(seed, given));
    });
    fc.assert(property, FC);
  });

  it('is the same for every spelling of a seed', () => {
    expect(generate('0x2A')).toEqual(generate(42));
    expect(generate('042')).toEqual(generate('42'));
  });

  it('is another for another seed', () => {
    const texts = SAMPLE.map((plan) => JSON.stringify({ ...plan, seed: '' }));
    expect(new Set(texts).size).toBe(SAMPLE.length);
  });

  it('is valid', () => {
    const property = fc.property(seeds, options, (seed, given) => {
      const plan = generate(seed, given);
      expect(parsePlan(plan)).toEqual(plan);
    });
    fc.assert(property, FC);
  });

  it('is what the options ask for', () => {
    const property = fc.property(seeds, options, (seed, given) => {
      const plan = generate(seed, given);
      expect(plan).toMatchObject(given);
      expect(plan.clocks).toHaveLength(plan.servers + plan.observers);
      expect(plan.startsMicros).toHaveLength(plan.servers + plan.observers);
    });
    fc.assert(property, FC);
  });

  it('has five servers, up to two observers and three to six clients for a minute by default', () => {
    const property = fc.property(seeds, (seed) => {
      const { servers, observers, clients, durationMicros, bug } = generate(seed);
      expect([servers, durationMicros, bug]).toEqual([5, 60_000_000, null]);
      expect([0, 1, 2]).toContain(observers);
      expect([3, 4, 5, 6]).toContain(clients);
    });
    fc.assert(property, FC);
  });

  it('differs in nothing but the bug if a bug is asked for', () => {
    const property = fc.property(seeds, options, (seed, given) => {
      const plan = generate(seed, { ...given, bug: null });
      const buggy = generate(seed, { ...given, bug: 'elect-by-id' });
      expect(buggy).toEqual({ ...plan, bug: 'elect-by-id' });
    });
    fc.assert(property, FC);
  });

  it('keeps network, disks, timing and workload when the cast changes', () => {
    const property = fc.property(seeds, options, (seed, given) => {
      const { network, disk, timing, workload: drawn } = generate(seed);
      const { recipe, recipeClients: _clients, ...workload } = drawn;
      const plan = generate(seed, given);
      expect(plan).toMatchObject({ network, disk, timing, workload });
      // A recipe takes two clients.
      expect(plan.workload.recipe).toBe(plan.clients < 2 ? null : recipe);
    });
    fc.assert(property, FC);
  });
});

describe('the fault budget', () => {
  it('ends with a heal, before which every timed fault strikes, and after which clients go on', () => {
    const property = fc.property(seeds, options, (seed, given) => {
      const { faults, healAtMicros, durationMicros } = generate(seed, given);
      expect(healAtMicros).toBeLessThanOrEqual(durationMicros);
      for (const { when } of faults) if ('at' in when) expect(when.at).toBeLessThan(healAtMicros);
    });
    fc.assert(property, FC);
  });

  it('holds at most twenty faults, each of bounded length', () => {
    for (const { faults } of SAMPLE) {
      expect(faults.length).toBeLessThanOrEqual(20);
      for (const fault of faults) {
        if ('forMicros' in fault) expect(fault.forMicros).toBeLessThanOrEqual(15_000_000);
        if ('times' in fault) expect(fault.times).toBeLessThanOrEqual(10);
      }
    }
  });

  it('lets most packets through', () => {
    const faults = SAMPLE.flatMap((plan) => plan.faults);
    const packets = faults.filter((fault) => fault.kind === 'packets');
    expect(packets.length).toBeGreaterThan(0);
    for (const { lossPpm, corruptPpm } of packets) {
      expect(Math.max(lossPpm, corruptPpm)).toBeLessThanOrEqual(200_000);
    }
  });

  it('strikes nobody who is not there', () => {
    const alone = { servers: 1, observers: 0, clients: 0 };
    const property = fc.property(seeds, (seed) => {
      const kinds = generate(seed, alone).faults.map(({ kind }) => kind);
      for (const kind of ['partition', 'flappingLink', 'clientCut', 'pauseClient'] as const) {
        expect(kinds).not.toContain(kind);
      }
    });
    fc.assert(property, FC);
  });
});

describe('a swarm of plans', () => {
  function expectInSome(count: number): void {
    expect(count).toBeGreaterThan(0);
    expect(count).toBeLessThan(SAMPLE.length);
  }

  it.each(FAULT_KINDS)('has %s in some plans and not in others', (kind) => {
    expectInSome(SAMPLE.filter(({ faults }) => faults.some((fault) => fault.kind === kind)).length);
  });

  it.each(PARTITION_SHAPES)('has the partition %s in some plans and not in others', (shape) => {
    const has = ({ faults }: Plan): boolean =>
      faults.some((fault) => fault.kind === 'partition' && fault.cut.shape === shape);
    expectInSome(SAMPLE.filter(has).length);
  });

  it('has faults at a time in some plans, and faults that wait for an event', () => {
    expectInSome(SAMPLE.filter(({ faults }) => faults.some(({ when }) => 'at' in when)).length);
    expectInSome(SAMPLE.filter(({ faults }) => faults.some(({ when }) => 'on' in when)).length);
  });

  it('always reads and writes', () => {
    for (const { workload } of SAMPLE) {
      expect(workload.weights.read).toBeGreaterThan(0);
      expect(workload.weights.write).toBeGreaterThan(0);
    }
  });

  const others = OPERATION_KINDS.filter((kind) => kind !== 'read' && kind !== 'write');

  it.each(others)('has clients that do %s in some plans and not in others', (kind) => {
    expectInSome(SAMPLE.filter(({ workload }) => workload.weights[kind] > 0).length);
  });

  it('comes near a rollover of the counter in some plans', () => {
    expectInSome(SAMPLE.filter(({ timing }) => timing.counterStart > 0).length);
  });
});
