import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CRASH_POINTS } from '../../../src/faults/crash-points.ts';
import { FAULT_KINDS, type Fault } from '../../../src/faults/fault.ts';
import { beyondBudget } from '../../../src/scenario/budget.ts';
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

const FAULTS: readonly Fault[] = SAMPLE.flatMap(({ faults }) => faults);

describe('the faults of a plan', () => {
  it('end with a heal, before which every timed fault strikes, and after which clients go on', () => {
    const property = fc.property(seeds, options, (seed, given) => {
      const { faults, healAtMicros, durationMicros } = generate(seed, given);
      expect(healAtMicros).toBeLessThanOrEqual(durationMicros);
      for (const { when } of faults) {
        if ('atMicros' in when) expect(when.atMicros).toBeLessThan(healAtMicros);
      }
    });
    fc.assert(property, FC);
  });

  it('are within what ZAB promises to survive, whatever the seed and the options', () => {
    const property = fc.property(seeds, options, (seed, given) => {
      expect(beyondBudget(generate(seed, given))).toEqual([]);
    });
    fc.assert(property, { ...FC, numRuns: 400 });
    for (const plan of SAMPLE) expect(beyondBudget(plan)).toEqual([]);
  });

  it('are at most twenty and a hunt for a crash point, each of bounded length', () => {
    for (const { faults } of SAMPLE) expect(faults.length).toBeLessThanOrEqual(23);
    for (const fault of FAULTS) {
      if ('forMicros' in fault) expect(fault.forMicros).toBeLessThanOrEqual(15_000_000);
      expect(fault.repeat?.times ?? 2).toBeGreaterThanOrEqual(2);
      expect(fault.repeat?.times ?? 2).toBeLessThanOrEqual(10);
    }
  });

  it('let most packets through', () => {
    const rates = FAULTS.flatMap((fault) => {
      return fault.kind === 'loss' || fault.kind === 'corruption' ? [fault.ratePpm] : [];
    });
    expect(rates.length).toBeGreaterThan(0);
    expect(Math.max(...rates)).toBeLessThanOrEqual(200_000);
    const links = FAULTS.flatMap((fault) => (fault.kind === 'flakyLink' ? [fault.ratePpm] : []));
    expect(links.length).toBeGreaterThan(0);
    expect(Math.max(...links)).toBeLessThanOrEqual(500_000);
  });

  it('strike nobody who is not there', () => {
    const absent = (given: PlanOptions, kinds: readonly Fault['kind'][]): void => {
      const property = fc.property(seeds, (seed) => {
        const drawn = generate(seed, { observers: 0, ...given }).faults.map(({ kind }) => kind);
        for (const kind of kinds) expect(drawn).not.toContain(kind);
      });
      fc.assert(property, FC);
    };
    absent({ clients: 0 }, ['crashClient', 'pauseClient', 'deafClient', 'clientCut']);
    absent({ servers: 1 }, ['split', 'isolate', 'oneWay', 'cutLink', 'halfDeadLink']);
    absent({ servers: 1 }, ['slowLink', 'flakyLink', 'rotRecord', 'rotSnapshot']);
    absent({ servers: 2 }, ['bridge', 'rotRecord', 'rotSnapshot']);
    absent({ servers: 3 }, ['ring']);
  });

  it('name whom others are not, where two are asked for', () => {
    for (const fault of FAULTS) {
      if ('from' in fault) expect(fault.from).not.toBe(fault.to);
    }
  });
});

describe('a swarm of plans', () => {
  function expectInSome(has: (plan: Plan) => boolean): void {
    const count = SAMPLE.filter(has).length;
    expect(count).toBeGreaterThan(0);
    expect(count).toBeLessThan(SAMPLE.length);
  }

  function expectFaultInSome(is: (fault: Fault) => boolean): void {
    expectInSome(({ faults }) => faults.some(is));
  }

  const drawn = FAULT_KINDS.filter((kind) => kind !== 'lyingDisk');

  it.each(drawn)('has %s in some plans and not in others', (kind) => {
    expectFaultInSome((fault) => fault.kind === kind);
  });

  it('never has a disk that lies: no ensemble survives that', () => {
    expect(FAULTS.filter(({ kind }) => kind === 'lyingDisk')).toEqual([]);
  });

  it('has none at all in some plans', () => {
    expectInSome(({ faults }) => faults.length === 0);
  });

  it('has faults at a time in some plans, that wait for an event, and that come after others', () => {
    expectFaultInSome(({ when }) => 'atMicros' in when);
    expectFaultInSome(({ when }) => 'on' in when);
    expectFaultInSome(({ when }) => 'after' in when);
  });

  it('has faults that wait for what happens at one server, to one role, or to a packet', () => {
    expectFaultInSome(({ when }) => 'on' in when && when.server !== undefined);
    expectFaultInSome(({ when }) => 'on' in when && when.role !== undefined);
    expectFaultInSome(({ when }) => 'on' in when && when.on.endsWith(' sent'));
    expectFaultInSome(({ when }) => 'on' in when && when.on.endsWith(' received'));
    expectFaultInSome(({ when }) => 'on' in when && when.delayMicros !== undefined);
    expectFaultInSome(({ when }) => 'on' in when && (when.nth ?? 1) > 1);
  });

  it.each(Object.entries(CRASH_POINTS))('has faults at the crash point %s', (_name, triggers) => {
    const names = triggers.map(({ on }) => on);
    expectFaultInSome(({ when }) => 'on' in when && names.includes(when.on));
  });

  it('has faults that come again', () => {
    expectFaultInSome(({ kind, repeat }) => kind === 'crash' && repeat !== undefined);
    expectFaultInSome(({ kind, repeat }) => kind === 'cutLink' && repeat !== undefined);
  });

  it.each(['leader', 'follower', 'itself', 'peer', 1])('has faults that strike %s', (whom) => {
    expectFaultInSome((fault) => 'server' in fault && fault.server === whom);
  });

  it('has rot at observers, and at any voter', () => {
    const rotten = SAMPLE.flatMap(({ faults, servers }) => {
      return faults.flatMap((fault) => {
        if (fault.kind !== 'rotRecord' && fault.kind !== 'rotSnapshot') return [];
        return [Number(fault.server) > servers ? 'observer' : fault.server];
      });
    });
    expect([...new Set(rotten)].sort()).toEqual([1, 2, 3, 4, 5, 'observer']);
  });

  it('always reads and writes', () => {
    for (const { workload } of SAMPLE) {
      expect(workload.weights.read).toBeGreaterThan(0);
      expect(workload.weights.write).toBeGreaterThan(0);
    }
  });

  const others = OPERATION_KINDS.filter((kind) => kind !== 'read' && kind !== 'write');

  it.each(others)('has clients that do %s in some plans and not in others', (kind) => {
    expectInSome(({ workload }) => workload.weights[kind] > 0);
  });

  it('comes near a rollover of the counter in some plans', () => {
    expectInSome(({ timing }) => timing.counterStart > 0);
  });
});
