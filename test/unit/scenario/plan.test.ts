import { describe, expect, it } from 'vitest';
import type { Fault, FaultAction } from '../../../src/faults/fault.ts';
import { generate } from '../../../src/scenario/generate.ts';
import { InputError } from '../../../src/scenario/input-error.ts';
import { CLIENTS_MAX, OBSERVERS_MAX, SERVERS_MAX } from '../../../src/scenario/limits.ts';
import { type Plan, parsePlan } from '../../../src/scenario/plan.ts';

/** Three servers, an observer, two clients. */
const PLAN: Plan = {
  ...generate('plan', { servers: 3, observers: 1, clients: 2, durationMicros: 1_000_000 }),
  faults: [],
};

const NOW: Fault['when'] = { atMicros: 5 };
const FOR = { forMicros: 10 } as const;

function errorOf(value: unknown): InputError | null {
  try {
    parsePlan(value);
    return null;
  } catch (error) {
    if (error instanceof InputError) return error;
    throw error;
  }
}

/** The message is one line that says where the plan is wrong, and what would be right. */
function expectRefused(value: unknown, where: string, right: RegExp): void {
  const message = errorOf(value)?.message ?? '';
  const start = where === '' ? 'plan: ' : `plan: ${where}: `;
  expect(message).toMatch(/^plan: [^\n]+$/);
  expect(message.slice(0, start.length)).toBe(start);
  expect(message.slice(start.length)).toMatch(right);
}

/** The plan with one field, given by its path, replaced. */
function withField(path: string, value: unknown): unknown {
  const [first = '', ...rest] = path.split('.');
  return replaced(PLAN, first, rest, value);
}

function replaced(parent: object, key: string, rest: readonly string[], value: unknown): unknown {
  const copy: Record<string, unknown> = { ...parent };
  const [next, ...others] = rest;
  copy[key] = next === undefined ? value : replaced(Object(copy[key]), next, others, value);
  return Array.isArray(parent) ? Object.values(copy) : copy;
}

function withFaults(...faults: readonly unknown[]): unknown {
  return { ...PLAN, faults };
}

describe('a plan', () => {
  it('is accepted as it is', () => {
    expect(parsePlan(PLAN)).toEqual(PLAN);
  });

  it.each([null, undefined, 42, 'plan', [], true])('is not %o', (value) => {
    expectRefused(value, '', /expected fields/);
  });

  it('has no fields of other names', () => {
    expectRefused({ ...PLAN, colour: 'red' }, 'colour', /^there is no such field$/);
    expectRefused(withField('timing.tickTime', 2000), 'timing.tickTime', /no such field/);
  });

  it.each(Object.keys(PLAN))('has to have the field %s', (name) => {
    const fields = Object.entries(PLAN).filter(([key]) => key !== name);
    expectRefused(Object.fromEntries(fields), name, /^is missing; expected /);
  });
});

describe('a field', () => {
  it.each([
    ['version', 2, /^expected 1, not 2$/],
    ['seed', '', /^must not be empty$/],
    ['seed', 42, /^expected text, not 42; put it in quotes$/],
    ['servers', 0, /^must be at least 1, not 0$/],
    ['servers', SERVERS_MAX + 1, /^must be at most 15, not 16$/],
    ['servers', 2.5, /^expected a whole number, not 2.5$/],
    ['servers', '3', /^expected a number, not '3'$/],
    ['servers', Number.NaN, /^expected a number, not NaN$/],
    ['observers', -1, /^must be at least 0, not -1$/],
    ['observers', OBSERVERS_MAX + 1, /^must be at most 15,/],
    ['clients', -1, /^must be at least 0,/],
    ['clients', CLIENTS_MAX + 1, /^must be at most 50,/],
    ['durationMicros', 0, /^must be at least 1,/],
    ['durationMicros', 86_400_000_001, /^must be at most 86400000000,/],
    ['healAtMicros', -1, /^must be at least 0,/],
    ['timing.tickTimeMs', 1, /^must be at least 2,/],
    ['timing.initLimit', 0, /^must be at least 1,/],
    ['timing.syncLimit', 101, /^must be at most 100,/],
    ['timing.counterStart', 2 ** 32 - 1, /^must be at most 4294967294,/],
    ['timing.snapCount', 1, /^must be at least 2,/],
    ['timing.commitLogCount', 0, /^must be at least 1,/],
    ['network.transport', 'pigeon', /^'pigeon' is unknown; there are stream, datagram$/],
    ['network.transport', 'datagrams', /^'datagrams' is unknown; did you mean datagram\?$/],
    ['network.latency.minMicros', 0, /^must be at least 1,/],
    ['network.latency.tailRatePpm', 1_000_001, /^must be at most 1000000,/],
    ['disk.syncMaxMicros', 0, /^must be at least 1,/],
    ['threads.minMicros', -1, /^must be at least 0,/],
    ['startsMicros.0', -1, /^must be at least 0,/],
    ['clocks.0.driftPpm', 500_001, /^must be at most 500000,/],
    ['clocks.0.offsetMicros', Number.POSITIVE_INFINITY, /^expected a number, not Infinity$/],
    ['workload.pipelineDepth', 0, /^must be at least 1,/],
    ['workload.keyCount', 0, /^must be at least 1,/],
    ['workload.valueBytes', 100_001, /^must be at most 100000,/],
    ['workload.weights.read', -1, /^must be at least 0,/],
    ['workload.weights.read', 0.5, /^expected a whole number, not 0.5$/],
    ['faults', {}, /^expected a list, not {}$/],
    ['bug', 'nothing-at-all', /'nothing-at-all' is unknown; there are .*quorum-of-half/],
  ])('%s that is %o is refused', (path, value, right) => {
    expectRefused(withField(path, value), path, right);
  });

  it.each([
    ['network.latency', 'minMicros', 'maxMicros'],
    ['disk', 'syncMinMicros', 'syncMaxMicros'],
    ['threads', 'minMicros', 'maxMicros'],
    ['workload', 'thinkMinMicros', 'thinkMaxMicros'],
    ['timing', 'electionPollMinMs', 'electionPollMaxMs'],
  ])('%s.%s must not be above %s', (group, min, max) => {
    const equal = withField(`${group}.${min}`, 700);
    const asParts = (value: unknown): object => Object(value);
    const set = (maximum: number): unknown => {
      const [first = '', ...rest] = `${group}.${max}`.split('.');
      return replaced(asParts(equal), first, rest, maximum);
    };
    expect(errorOf(set(700))).toBeNull();
    expectRefused(set(699), `${group}.${min}`, /^700 is above its maximum, 699$/);
  });

  it.each(['clocks', 'startsMicros'] as const)('%s has one entry for each server', (name) => {
    for (const list of [PLAN[name].slice(1), [...PLAN[name], ...PLAN[name].slice(0, 1)]]) {
      const right = `^one for each of the 4 servers is needed, not ${list.length}$`;
      expectRefused({ ...PLAN, [name]: list }, name, new RegExp(right));
    }
  });

  it('workload.weights has one that is above 0', () => {
    const none = Object.fromEntries(Object.keys(PLAN.workload.weights).map((kind) => [kind, 0]));
    expectRefused(withField('workload.weights', none), 'workload.weights', /^one must be above 0$/);
  });

  it('workload.recipeClients is at most the number of clients', () => {
    expect(errorOf(withField('workload.recipeClients', 2))).toBeNull();
    const right = /^3 is too many, there are 2 clients$/;
    expectRefused(withField('workload.recipeClients', 3), 'workload.recipeClients', right);
  });

  it('healAtMicros is not after the end of the duration', () => {
    expect(errorOf(withField('healAtMicros', 1_000_000))).toBeNull();
    const right = /^1000001 is after the end of the duration, 1000000$/;
    expectRefused(withField('healAtMicros', 1_000_001), 'healAtMicros', right);
  });
});

describe('a fault', () => {
  const crash = { kind: 'crash', server: 1, ...FOR, when: NOW };

  it.each<FaultAction>([
    { kind: 'powerOff', server: 4, ...FOR },
    { kind: 'crash', server: 'leader', ...FOR },
    { kind: 'crash', server: 'follower', ...FOR },
    { kind: 'bridge', side: [1], bridge: 4, ...FOR },
    { kind: 'ring', order: [1, 2, 3, 4], ...FOR },
    { kind: 'split', side: ['leader', 4], ...FOR },
    { kind: 'reset', server: 1, peer: 4 },
    { kind: 'reset', server: 1, peer: null },
    { kind: 'clientCut', clients: [1, 2], servers: [4], ...FOR },
    { kind: 'clockDrift', server: 4, driftPpm: -500_000, ...FOR },
  ])('of servers and clients that exist is accepted: %o', (action) => {
    expect(errorOf(withFaults({ ...action, when: NOW }))).toBeNull();
  });

  it.each<[FaultAction, string]>([
    [{ kind: 'crash', server: 5, ...FOR }, 'server'],
    [{ kind: 'powerOff', server: 5, ...FOR }, 'server'],
    [{ kind: 'tornTail', server: 5, ...FOR }, 'server'],
    [{ kind: 'pause', server: 5, ...FOR }, 'server'],
    [{ kind: 'slowThreads', server: 5, factor: 2, ...FOR }, 'server'],
    [{ kind: 'split', side: [1, 5], ...FOR }, 'side.1'],
    [{ kind: 'oneWay', side: [5], ...FOR }, 'side.0'],
    [{ kind: 'isolate', server: 5, ...FOR }, 'server'],
    [{ kind: 'bridge', side: [5], bridge: 1, ...FOR }, 'side.0'],
    [{ kind: 'bridge', side: [1], bridge: 5, ...FOR }, 'bridge'],
    [{ kind: 'ring', order: [1, 2, 3, 5], ...FOR }, 'order.3'],
    [{ kind: 'cutLink', from: 5, to: 1, ...FOR }, 'from'],
    [{ kind: 'halfDeadLink', from: 1, to: 5, ...FOR }, 'to'],
    [{ kind: 'slowLink', from: 5, to: 1, delayMicros: 1, ...FOR }, 'from'],
    [{ kind: 'flakyLink', from: 1, to: 5, ratePpm: 1, ...FOR }, 'to'],
    [{ kind: 'clientCut', clients: [1], servers: [1, 5], ...FOR }, 'servers.1'],
    [{ kind: 'reset', server: 5, peer: null }, 'server'],
    [{ kind: 'reset', server: 1, peer: 5 }, 'peer'],
    [{ kind: 'slowSync', server: 5, factor: 2, ...FOR }, 'server'],
    [{ kind: 'stalledDisk', server: 5, ...FOR }, 'server'],
    [{ kind: 'failingSync', server: 5, ...FOR }, 'server'],
    [{ kind: 'fullDisk', server: 5, ...FOR }, 'server'],
    [{ kind: 'rotRecord', server: 5, which: 'any' }, 'server'],
    [{ kind: 'rotSnapshot', server: 5 }, 'server'],
    [{ kind: 'lyingDisk', server: 5, ...FOR }, 'server'],
    [{ kind: 'clockJump', server: 5, byMicros: 1 }, 'server'],
    [{ kind: 'clockDrift', server: 5, driftPpm: 1, ...FOR }, 'server'],
  ])('of a server that does not exist is refused: %o', (action, where) => {
    const plan = withFaults({ ...action, when: NOW });
    expectRefused(plan, `faults.0.${where}`, /^there is no server 5, there are 4$/);
  });

  it.each<[FaultAction, string]>([
    [{ kind: 'crashClient', client: 3, ...FOR }, 'client'],
    [{ kind: 'pauseClient', client: 3, ...FOR }, 'client'],
    [{ kind: 'deafClient', client: 3, ...FOR }, 'client'],
    [{ kind: 'clientCut', clients: [1, 3], servers: [1], ...FOR }, 'clients.1'],
  ])('of a client that does not exist is refused: %o', (action, where) => {
    const plan = withFaults({ ...action, when: NOW });
    expectRefused(plan, `faults.0.${where}`, /^there is no client 3, there are 2$/);
  });

  it.each<[FaultAction, string, RegExp]>([
    [{ kind: 'split', side: [1, 1], ...FOR }, 'side.1', /^1 is there twice$/],
    [{ kind: 'oneWay', side: ['leader', 'leader'], ...FOR }, 'side.1', /^leader is there twice$/],
    [{ kind: 'ring', order: [1, 2, 3, 2], ...FOR }, 'order.3', /^2 is there twice$/],
    [{ kind: 'clientCut', clients: [2, 2], servers: [1], ...FOR }, 'clients.1', /^2 is there/],
    [{ kind: 'cutLink', from: 1, to: 1, ...FOR }, 'to', /^a link is between two servers$/],
  ])('that names somebody twice is refused: %o', (action, where, right) => {
    expectRefused(withFaults({ ...action, when: NOW }), `faults.0.${where}`, right);
  });

  it('is of a kind that exists', () => {
    const meteor = withFaults({ kind: 'meteor', when: NOW });
    expectRefused(meteor, 'faults.0.kind', /^'meteor' is unknown; there are crash, .*powerLoss/);
  });

  it.each([
    [{ ...crash, server: 0 }, 'server', /^must be at least 1, not 0$/],
    [{ ...crash, server: 'boss' }, 'server', /^expected the number of a server, .* not 'boss'$/],
    [{ ...crash, forMicros: 0 }, 'forMicros', /^must be at least 1, not 0$/],
    [{ ...crash, losesPower: true }, 'losesPower', /^there is no such field$/],
    [{ ...crash, name: '' }, 'name', /^must not be empty$/],
    [{ kind: 'powerLoss', when: NOW }, 'forMicros', /^is missing; expected a number$/],
    [{ kind: 'powerLoss', ...FOR, server: 1, when: NOW }, 'server', /^there is no such field$/],
    [{ kind: 'split', side: [], ...FOR, when: NOW }, 'side', /^must have at least 1 entry$/],
    [
      { kind: 'ring', order: [1, 2, 3], ...FOR, when: NOW },
      'order',
      /^must have at least 4 entries$/,
    ],
    [
      { kind: 'slowSync', server: 1, factor: 0, ...FOR, when: NOW },
      'factor',
      /^must be at least 1/,
    ],
    [{ kind: 'rotRecord', server: 1, which: 'all', when: NOW }, 'which', /^'all' is unknown/],
  ])('with a bad field is refused: %o', (fault, where, right) => {
    expectRefused(withFaults(fault), `faults.0.${where}`, right);
  });

  it.each([
    [{ times: 0, everyMicros: 1 }, 'repeat.times', /^must be at least 1, not 0$/],
    [{ times: 2 }, 'repeat.everyMicros', /^is missing; expected a number$/],
    [{ times: 2, everyMicros: 0 }, 'repeat.everyMicros', /^must be at least 1, not 0$/],
    [3, 'repeat', /^expected fields \(name: value\), not 3$/],
  ])('comes again so many times, at an interval: not %o', (repeat, where, right) => {
    expect(errorOf(withFaults({ ...crash, repeat: { times: 2, everyMicros: 1 } }))).toBeNull();
    expectRefused(withFaults({ ...crash, repeat }), `faults.0.${where}`, right);
  });

  it.each([
    { kind: 'loss', reach: 'all' },
    { kind: 'corruption', reach: 'servers' },
    { kind: 'flakyLink', from: 1, to: 2 },
  ])('does not lose or corrupt every packet, nothing would ever arrive: %o', (given) => {
    const fault = { ...given, ...FOR, when: NOW };
    expect(errorOf(withFaults({ ...fault, ratePpm: 900_000 }))).toBeNull();
    const all = withFaults({ ...fault, ratePpm: 900_001 });
    expectRefused(all, 'faults.0.ratePpm', /^must be at most 900000, not 900001$/);
  });

  it('may befall every packet if it does not take it away', () => {
    const all = { reach: 'all', ratePpm: 1_000_000, ...FOR, when: NOW } as const;
    const kinds = [
      { kind: 'duplication', ...all },
      { kind: 'reordering', delayMicros: 1, ...all },
      { kind: 'delay', delayMicros: 1, ...all },
    ];
    expect(errorOf(withFaults(...kinds))).toBeNull();
  });
});

describe('the moment of a fault', () => {
  const loss = { kind: 'powerLoss', ...FOR };

  function at(when: unknown, name?: string): object {
    return { ...loss, when, ...(name === undefined ? {} : { name }) };
  }

  it.each([
    { atMicros: 0 },
    { on: 'established' },
    { on: 'established', server: 4, nth: 200 },
    { on: 'acceptedEpochWritten', role: 'learner', delayMicros: 1 },
    { on: 'NEWLEADER sent' },
    { on: 'NOTIFICATION received', server: 1 },
  ])('is a time or an event: %o', (when) => {
    expect(errorOf(withFaults(at(when)))).toBeNull();
  });

  it('comes after that of another fault, in whatever order they stand', () => {
    const first = at({ atMicros: 1 }, 'first');
    const second = at({ after: 'first', delayMicros: 0 }, 'second');
    const third = at({ after: 'second', delayMicros: 5 });
    for (const faults of [
      [first, second, third],
      [third, second, first],
    ]) {
      expect(errorOf(withFaults(...faults))).toBeNull();
    }
  });

  it.each([
    [undefined, /^is missing; expected one of at, after or on$/],
    [null, /^expected one of at, after or on, not null$/],
    [5, /^expected one of at, after or on, not 5$/],
    [{}, /^expected one of at, after or on, not {}$/],
    [{ on: 'established', atMicros: 5 }, /^expected one of at, after or on, not several of them$/],
  ])('is nothing else: %o', (when, right) => {
    expectRefused(withFaults(at(when)), 'faults.0.when', right);
  });

  it.each([
    [{ atMicros: -1 }, 'atMicros', /^must be at least 0, not -1$/],
    [{ atMicros: 5, nth: 1 }, 'nth', /^there is no such field$/],
    [{ atMicros: 600_000 }, 'atMicros', /^600000 is too late, all faults end at 600000/],
    [{ after: 'lunch' }, 'delayMicros', /^is missing; expected a number$/],
    [{ after: 'lunch', delayMicros: 1 }, 'after', /^no fault is called 'lunch'$/],
    [{ on: 'established', nth: 0 }, 'nth', /^must be at least 1, not 0$/],
    [{ on: 'established', role: 'observer' }, 'role', /is unknown; there are leader, learner$/],
    [{ on: 'established', server: 5 }, 'server', /^there is no server 5, there are 4$/],
    [{ on: 'lunch' }, 'on', /^'lunch' is unknown; there are .*established.* and \d+ more$/],
    [{ on: 'newleader sent' }, 'on', /did you mean NEWLEADER sent\?$/],
  ])('is refused: %o', (when, where, right) => {
    expectRefused(withFaults(at(when)), `faults.0.when.${where}`, right);
  });

  it('is not one that never comes', () => {
    const circle = [
      at({ atMicros: 1 }),
      at({ after: 'b', delayMicros: 1 }, 'a'),
      at({ after: 'a', delayMicros: 1 }, 'b'),
    ];
    expectRefused(withFaults(...circle), 'faults.1.when.after', /^the faults wait for each other$/);
    const itself = at({ after: 'a', delayMicros: 1 }, 'a');
    expectRefused(withFaults(itself), 'faults.0.when.after', /^the faults wait for each other$/);
  });

  it('is not told by a name that two faults have', () => {
    const twins = [at(NOW, 'twin'), at(NOW, 'twin')];
    expectRefused(
      withFaults(...twins),
      'faults.1.name',
      /^another fault is called 'twin' already$/,
    );
  });

  it.each(['itself', 'peer'])('is an event, if the fault is to strike %s', (server) => {
    const crash = { kind: 'crash', server, ...FOR };
    expect(errorOf(withFaults({ ...crash, when: { on: 'elected' } }))).toBeNull();
    const right = new RegExp(`^'${server}' is for faults that wait for an event`);
    expectRefused(withFaults({ ...crash, when: NOW }), 'faults.0.server', right);
  });
});
