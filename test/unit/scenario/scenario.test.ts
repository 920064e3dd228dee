import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Fault } from '../../../src/faults/fault.ts';
import { after, at, on } from '../../../src/scenario/builder.ts';
import { generate } from '../../../src/scenario/generate.ts';
import { InputError } from '../../../src/scenario/input-error.ts';
import { parsePlan } from '../../../src/scenario/plan.ts';
import { run } from '../../../src/scenario/run.ts';
import { type Scenario, scenario, type WrittenScenario } from '../../../src/scenario/scenario.ts';
import { formatScenario, parseScenario } from '../../../src/scenario/scenario-file.ts';
import { planOf } from '../faults/effects/effect.ts';
import { EFFECTS } from '../faults/effects/effects.ts';

const ABOUT = { name: 'a-name', why: 'To see that it is read.', expect: 'pass' } as const;

/** The scenario in these lines of YAML, behind its head. */
function read(...lines: readonly string[]): Scenario {
  const head = ['name: a-name', 'why: To see that it is read.', 'expect: pass'];
  return parseScenario([...head, ...lines, ''].join('\n'), 'a.yaml');
}

function made(written: Omit<WrittenScenario, 'name' | 'why' | 'expect'>): Scenario {
  return scenario({ ...ABOUT, ...written });
}

describe('a scenario that is written down', () => {
  it('is read as it was, whatever the plan', () => {
    const options = fc.record(
      {
        servers: fc.integer({ min: 1, max: 15 }),
        observers: fc.integer({ min: 0, max: 3 }),
        clients: fc.integer({ min: 0, max: 10 }),
        bug: fc.constantFrom(null, 'quorum-of-half'),
      },
      { requiredKeys: [] },
    );
    const seed = fc.oneof(fc.nat(), fc.string({ minLength: 1, unit: 'grapheme', maxLength: 8 }));
    const property = fc.property(seed, options, (given, shape) => {
      const kept: Scenario = { ...ABOUT, expect: {}, plan: generate(given, shape) };
      expect(parseScenario(formatScenario(kept), 'kept.yaml')).toEqual(kept);
    });
    fc.assert(property, { numRuns: 100, seed: 1 });
  });

  it.each(Object.entries(EFFECTS))('keeps a fault of the kind %s', (_kind, effect) => {
    const kept: Scenario = { ...ABOUT, expect: {}, plan: planOf(effect) };
    expect(parseScenario(formatScenario(kept), 'kept.yaml')).toEqual(kept);
  });

  it('keeps what is expected, and texts with whatever is in them', () => {
    const kept: Scenario = {
      name: 'it\'s: "odd" #1',
      why: 'true',
      look: 'two\nlines, and\ta tab: [x]',
      expect: {
        violates: 'agreement',
        leader: 3,
        leaders: [5, 3],
        epochs: [1, 2],
        syncs: { 1: ['DIFF', 'SNAP'], 2: [] },
        adopted: 1,
        discarded: 0,
        happens: ['established'],
        never: ['rolledOver'],
        digest: '0123456789012345',
      },
      plan: { ...generate(1), seed: 'null' },
    };
    expect(parseScenario(formatScenario(kept), 'kept.yaml')).toEqual(kept);
  });

  it('has a line for each of its fields, and one for each fault', () => {
    const plan = generate(3);
    expect(plan.faults.length).toBeGreaterThan(1);
    const lines = formatScenario({ ...ABOUT, expect: {}, plan })
      .trimEnd()
      .split('\n');
    expect(lines[0]).toBe('name: a-name');
    expect(lines).toContain('expect: pass');
    expect(lines).toHaveLength(3 + Object.keys(plan).length + plan.faults.length);
    const faults = lines.slice(lines.indexOf('faults:') + 1);
    for (const line of faults) expect(line).toMatch(/^ {2}- \{ kind: \w+, .* \}$/);
  });

  it('gives every number that has one its unit', () => {
    const text = formatScenario({ ...ABOUT, expect: {}, plan: generate(3) });
    expect(text).not.toMatch(/Micros|Ppm|\w+Ms\b/);
    expect(text).toMatch(/^duration: 1m$/m);
    expect(text).toMatch(/tickTime: \d+ms/);
    expect(text).toMatch(/tailRate: [\d.]+%/);
  });
});

describe('what a scenario leaves out', () => {
  const { plan } = made({});

  it('is an ensemble on a good day', () => {
    expect(parsePlan(plan)).toEqual(plan);
    expect(plan).toMatchObject({
      servers: 5,
      observers: 0,
      clients: 3,
      durationMicros: 30_000_000,
      healAtMicros: 20_000_000,
      faults: [],
      bug: null,
    });
    expect(plan.clocks).toEqual(new Array(5).fill({ driftPpm: 0, offsetMicros: 0 }));
    expect(plan.startsMicros).toEqual([0, 0, 0, 0, 0]);
    const { violations, stats } = run(plan);
    expect(violations).toEqual([]);
    expect(stats.leaders).toHaveLength(1);
    const { OK } = stats.operations;
    expect(OK).toBeGreaterThan(100);
  });

  it('follows from what it says: starts and clocks from the servers, the heal from the duration', () => {
    const small = made({ servers: 2, observers: 1, duration: '9s' }).plan;
    expect(small.startsMicros).toHaveLength(3);
    expect(small.clocks).toHaveLength(3);
    expect(small.healAtMicros).toBe(6_000_000);
  });

  it('stays as it is beside what is said in the same group', () => {
    const { timing, network } = made({
      timing: { tickTime: '200ms' },
      network: { latency: { max: '3ms' } },
    }).plan;
    expect(timing).toEqual({ ...plan.timing, tickTimeMs: 200 });
    expect(network.latency).toEqual({ ...plan.network.latency, maxMicros: 3000 });
    expect(network.transport).toBe('stream');
  });

  it('is nothing of the other operations, where the weight of some is said', () => {
    const { weights } = made({ workload: { weights: { multi: 2 } } }).plan.workload;
    expect(Object.entries(weights).filter(([, weight]) => weight > 0)).toEqual([['multi', 2]]);
  });

  it('is that all clients follow a recipe, where one is said', () => {
    const { workload } = made({ clients: 4, workload: { recipe: 'lock' } }).plan;
    expect(workload).toMatchObject({ recipe: 'lock', recipeClients: 4 });
    const some = made({ clients: 4, workload: { recipe: 'lock', recipeClients: 2 } }).plan;
    expect(some.workload.recipeClients).toBe(2);
  });

  it('is a perfect rate, where the offset of a clock is said', () => {
    const clocks = [{ offset: '5s' }, { drift: '-1%' }, {}];
    expect(made({ servers: 3, clocks }).plan.clocks).toEqual([
      { driftPpm: 0, offsetMicros: 5_000_000 },
      { driftPpm: -10_000, offsetMicros: 0 },
      { driftPpm: 0, offsetMicros: 0 },
    ]);
  });
});

describe('the seed of a scenario', () => {
  it.each([
    ['42', '42'],
    ['0x2a', '42'],
    ['"0x2a"', '42'],
    ['0', '0'],
    ['any words', 'any words'],
    ['"-5"', '-5'],
    ['"123456789012345678901234567890"', '123456789012345678901234567890'],
  ])('may be %s', (written, seed) => {
    expect(read(`seed: ${written}`).plan.seed).toBe(seed);
  });

  it('may be a number in code too', () => {
    expect(made({ seed: 42 })).toEqual(made({ seed: '0x2a' }));
  });
});

describe('a scenario in code', () => {
  it('is the same as in a file', () => {
    const inCode = made({
      look: 'the old leader steps down',
      servers: 3,
      duration: '20s',
      starts: ['0s', '100ms', '1.5s'],
      network: { latency: { min: '1ms', max: '2ms', tailRate: '0.1%', tail: '50ms' } },
      faults: [
        { kind: 'isolate', server: 'leader', when: at('8s'), for: '3s', name: 'cut' },
        { kind: 'crash', server: 2, when: after('cut', '500ms'), for: '1s' },
        { kind: 'crash', server: 'itself', when: on('upToDate'), for: '1s' },
        {
          kind: 'pause',
          server: 'peer',
          when: on('NEWLEADER sent', { server: 3, role: 'leader', nth: 2, delay: '1ms' }),
          for: '250ms',
          repeat: { times: 3, every: '2s' },
        },
        { kind: 'loss', reach: 'servers', rate: '5%', when: at('1s'), for: '4s' },
        { kind: 'clockJump', server: 1, by: '-1h', when: at('2s') },
      ],
    });
    const inFile = read(
      'look: the old leader steps down',
      'servers: 3',
      'duration: 20s',
      'starts: [0s, 100ms, 1.5s]',
      'network: { latency: { min: 1ms, max: 2ms, tailRate: 0.1%, tail: 50ms } }',
      'faults:',
      '  - { kind: isolate, server: leader, when: { at: 8s }, for: 3s, name: cut }',
      '  - { kind: crash, server: 2, when: { after: cut, delay: 500ms }, for: 1s }',
      '  - { kind: crash, server: itself, when: { on: upToDate }, for: 1s }',
      '  - kind: pause',
      '    server: peer',
      '    when: { on: NEWLEADER sent, server: 3, role: leader, nth: 2, delay: 1ms }',
      '    for: 250ms',
      '    repeat: { times: 3, every: 2s }',
      '  - { kind: loss, reach: servers, rate: 5%, when: { at: 1s }, for: 4s }',
      '  - { kind: clockJump, server: 1, by: -1h, when: { at: 2s } }',
    );
    expect(inFile).toEqual(inCode);
    const faults: readonly Fault[] = inCode.plan.faults;
    expect(faults[0]).toEqual({
      kind: 'isolate',
      server: 'leader',
      when: { atMicros: 8_000_000 },
      forMicros: 3_000_000,
      name: 'cut',
    });
    expect(faults[5]).toMatchObject({ byMicros: -3_600_000_000 });
  });

  it('is refused in one line that says where it is wrong', () => {
    const wrong = (): Scenario => {
      return made({ faults: [{ kind: 'crash', server: 9, for: '1s', when: at('5s') }] });
    };
    expect(wrong).toThrow(InputError);
    expect(wrong).toThrow('scenario: faults.0.server: there is no server 9, there are 5');
  });
});

describe('a scenario file', () => {
  it('may be JSON', () => {
    const text = JSON.stringify({ ...ABOUT, servers: 3, duration: '10s' }, null, 2);
    expect(parseScenario(text, 'a.json')).toEqual(made({ servers: 3, duration: '10s' }));
  });

  it('may have comments, long texts, anchors, and any ends of lines', () => {
    const lines = [
      '# yaml-language-server: $schema=../scenario.schema.json',
      'name: a-name # short',
      'why: >-',
      '  To see that',
      '  it is read.',
      'expect: pass',
      'faults:',
      '  - { kind: crash, server: 1, for: &long 3s, when: { at: 5s } }',
      '  - { kind: crash, server: 2, for: *long, when: { at: 5s } }',
    ];
    const expected = made({
      faults: [1, 2].map((server) => ({ kind: 'crash', server, for: '3s', when: at('5s') })),
    });
    for (const end of ['\n', '\r\n']) {
      expect(parseScenario(lines.join(end), 'a.yaml')).toEqual(expected);
      expect(parseScenario(`\ufeff${lines.join(end)}${end}`, 'a.yaml')).toEqual(expected);
    }
  });

  it('expects what it says, and that all properties hold if it says pass', () => {
    expect(read().expect).toEqual({});
    const text = 'name: a\nwhy: b\nexpect: { leader: 3, syncs: { 1: [DIFF] } }\n';
    expect(parseScenario(text, 'a.yaml').expect).toEqual({ leader: 3, syncs: { 1: ['DIFF'] } });
  });

  it('has no more to say than its name, why it is there, and what it expects', () => {
    expect(read()).toEqual(made({}));
  });
});
