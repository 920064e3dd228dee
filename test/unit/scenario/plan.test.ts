import { describe, expect, it } from 'vitest';
import type { Fault, FaultAction } from '../../../src/faults/fault.ts';
import { generate } from '../../../src/scenario/generate.ts';
import {
  CLIENTS_MAX,
  InputError,
  OBSERVERS_MAX,
  type Plan,
  parsePlan,
  SERVERS_MAX,
} from '../../../src/scenario/plan.ts';

/** Three servers, an observer, two clients. */
const PLAN: Plan = {
  ...generate('plan', { servers: 3, observers: 1, clients: 2, durationMicros: 1_000_000 }),
  faults: [],
};

const NOW: Fault['when'] = { at: 5 };
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
  const message = errorOf(value)?.message;
  expect(message).toMatch(/^plan: [^\n]+$/);
  expect(message?.startsWith(where === '' ? 'plan: ' : `plan: ${where}: `), message).toBe(true);
  expect(message).toMatch(right);
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

function withFault(fault: unknown): unknown {
  return { ...PLAN, faults: [fault] };
}

describe('a plan', () => {
  it('is accepted as it is', () => {
    expect(parsePlan(PLAN)).toEqual(PLAN);
  });

  it.each([null, undefined, 42, 'plan', [], true])('is not %o', (value) => {
    expectRefused(value, '', /expected object/);
  });

  it('has no fields of other names', () => {
    expectRefused({ ...PLAN, colour: 'red' }, '', /"colour"/);
    expectRefused(withField('timing.tickTime', 2000), 'timing', /"tickTime"/);
  });

  it.each(Object.keys(PLAN))('has to have the field %s', (name) => {
    const fields = Object.entries(PLAN).filter(([key]) => key !== name);
    expectRefused(Object.fromEntries(fields), name, /expected/i);
  });
});

describe('a field', () => {
  it.each([
    ['version', 2, /expected 1/],
    ['seed', '', />=1/],
    ['seed', 42, /expected string/],
    ['servers', 0, />=1/],
    ['servers', SERVERS_MAX + 1, /<=15/],
    ['servers', 2.5, /expected int/],
    ['servers', '3', /expected number/],
    ['servers', Number.NaN, /expected number/],
    ['observers', -1, />=0/],
    ['observers', OBSERVERS_MAX + 1, /<=15/],
    ['clients', -1, />=0/],
    ['clients', CLIENTS_MAX + 1, /<=50/],
    ['durationMicros', 0, />=1/],
    ['durationMicros', 86_400_000_001, /<=86400000000/],
    ['healAtMicros', -1, />=0/],
    ['timing.tickTimeMs', 1, />=2/],
    ['timing.initLimit', 0, />=1/],
    ['timing.syncLimit', 101, /<=100/],
    ['timing.counterStart', 2 ** 32 - 1, /<=4294967294/],
    ['timing.snapCount', 1, />=2/],
    ['timing.commitLogCount', 0, />=1/],
    ['network.transport', 'pigeon', /"stream"\|"datagram"/],
    ['network.latency.minMicros', 0, />=1/],
    ['network.latency.tailRatePpm', 1_000_001, /<=1000000/],
    ['disk.syncMaxMicros', 0, />=1/],
    ['threads.minMicros', -1, />=0/],
    ['startsMicros.0', -1, />=0/],
    ['clocks.0.driftPpm', 500_001, /<=500000/],
    ['clocks.0.offsetMicros', Number.POSITIVE_INFINITY, /expected number/],
    ['workload.pipelineDepth', 0, />=1/],
    ['workload.keyCount', 0, />=1/],
    ['workload.valueBytes', 100_001, /<=100000/],
    ['workload.weights.read', -1, />=0/],
    ['workload.weights.read', 0.5, /expected int/],
    ['faults', {}, /expected array/],
    ['bug', 'nothing-at-all', /"quorum-of-half"/],
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
    expectRefused(set(699), `${group}.${min}`, /700 is above its maximum, 699/);
  });

  it.each(['clocks', 'startsMicros'] as const)('%s has one entry for each server', (name) => {
    for (const list of [PLAN[name].slice(1), [...PLAN[name], ...PLAN[name].slice(0, 1)]]) {
      expectRefused({ ...PLAN, [name]: list }, name, /one for each of the 4 servers/);
    }
  });

  it('workload.weights has one that is above 0', () => {
    const none = Object.fromEntries(Object.keys(PLAN.workload.weights).map((kind) => [kind, 0]));
    expectRefused(withField('workload.weights', none), 'workload.weights', /one must be above 0/);
  });
});

describe('a fault', () => {
  const crash = { kind: 'crash', server: 1, losesPower: false, ...FOR };

  it.each<FaultAction>([
    { kind: 'crash', server: 4, losesPower: true, ...FOR },
    { kind: 'partition', cut: { shape: 'bridge', side: [1], bridge: 4 }, ...FOR },
    { kind: 'partition', cut: { shape: 'ring', order: [1, 2, 3, 4] }, ...FOR },
    { kind: 'reset', server: 1, peer: 4 },
    { kind: 'reset', server: 1, peer: null },
    { kind: 'clientCut', clients: [1, 2], servers: [4], ...FOR },
  ])('of servers and clients that exist is accepted: %o', (action) => {
    expect(errorOf(withFault({ ...action, when: NOW }))).toBeNull();
  });

  it.each<FaultAction>([
    { kind: 'crash', server: 5, losesPower: true, ...FOR },
    { kind: 'crashLoop', server: 5, times: 2, upMicros: 1, ...FOR },
    { kind: 'pause', server: 5, ...FOR },
    { kind: 'partition', cut: { shape: 'split', side: [1, 5] }, ...FOR },
    { kind: 'partition', cut: { shape: 'oneWay', side: [5] }, ...FOR },
    { kind: 'partition', cut: { shape: 'isolate', server: 5 }, ...FOR },
    { kind: 'partition', cut: { shape: 'bridge', side: [5], bridge: 1 }, ...FOR },
    { kind: 'partition', cut: { shape: 'bridge', side: [1], bridge: 5 }, ...FOR },
    { kind: 'partition', cut: { shape: 'ring', order: [1, 2, 5] }, ...FOR },
    { kind: 'flappingLink', a: 5, b: 1, times: 1, upMicros: 1, ...FOR },
    { kind: 'flappingLink', a: 1, b: 5, times: 1, upMicros: 1, ...FOR },
    { kind: 'clientCut', clients: [1], servers: [1, 5], ...FOR },
    { kind: 'reset', server: 5, peer: null },
    { kind: 'reset', server: 1, peer: 5 },
    { kind: 'slowDisk', server: 5, factor: 2, ...FOR },
    { kind: 'stalledDisk', server: 5, ...FOR },
    { kind: 'failingDisk', server: 5, logOnly: true, ...FOR },
    { kind: 'slowThreads', server: 5, factor: 2, ...FOR },
    { kind: 'clockJump', server: 5, byMicros: 1 },
  ])('of a server that does not exist is refused: %o', (action) => {
    expectRefused(withFault({ ...action, when: NOW }), 'faults.0', /there is no server 5/);
  });

  it.each<FaultAction>([
    { kind: 'pauseClient', client: 3, ...FOR },
    { kind: 'clientCut', clients: [1, 3], servers: [1], ...FOR },
  ])('of a client that does not exist is refused: %o', (action) => {
    expectRefused(withFault({ ...action, when: NOW }), 'faults.0', /there is no client 3/);
  });

  it('is of a kind that exists', () => {
    expectRefused(withFault({ kind: 'meteor', when: NOW }), 'faults.0.kind', /'powerLoss'/);
  });

  it.each([
    [{ ...crash, server: 0, when: NOW }, 'faults.0.server', />=1/],
    [{ ...crash, forMicros: 0, when: NOW }, 'faults.0.forMicros', />=1/],
    [{ ...crash, losesPower: 1, when: NOW }, 'faults.0.losesPower', /expected boolean/],
    [{ kind: 'powerLoss', when: NOW }, 'faults.0.forMicros', /expected number/],
    [{ kind: 'powerLoss', ...FOR, server: 1, when: NOW }, 'faults.0', /"server"/],
    [
      { kind: 'partition', cut: { shape: 'star' }, ...FOR, when: NOW },
      'faults.0.cut.shape',
      /'bridge'/,
    ],
    [
      { kind: 'partition', cut: { shape: 'split', side: [] }, ...FOR, when: NOW },
      'faults.0.cut.side',
      />=1/,
    ],
    [
      { kind: 'partition', cut: { shape: 'ring', order: [1, 2] }, ...FOR, when: NOW },
      'faults.0.cut.order',
      />=3/,
    ],
    [{ kind: 'slowDisk', server: 1, factor: 0, ...FOR, when: NOW }, 'faults.0.factor', />=1/],
  ])('with a bad field is refused: %o', (fault, where, right) => {
    expectRefused(withFault(fault), where, right);
  });

  it('does not lose or corrupt every packet: nothing would ever arrive', () => {
    const packets = {
      kind: 'packets',
      clients: true,
      lossPpm: 900_000,
      corruptPpm: 0,
      duplicatePpm: 1_000_000,
      reorderPpm: 0,
      delayPpm: 0,
      delayMicros: 1,
      ...FOR,
      when: NOW,
    };
    expect(errorOf(withFault(packets))).toBeNull();
    for (const name of ['lossPpm', 'corruptPpm']) {
      const fault = { ...packets, [name]: 900_001 };
      expectRefused(withFault(fault), `faults.0.${name}`, /<=900000/);
    }
  });
});

describe('the moment of a fault', () => {
  function at(when: unknown): unknown {
    return withFault({ kind: 'powerLoss', ...FOR, when });
  }

  it('is a time or an event, at one server or any', () => {
    expect(errorOf(at({ at: 0 }))).toBeNull();
    expect(errorOf(at({ on: 'established', server: 0, nth: 1 }))).toBeNull();
    expect(errorOf(at({ on: 'established', server: 4, nth: 200 }))).toBeNull();
  });

  it.each([
    undefined,
    null,
    5,
    {},
    { after: 5 },
    { on: 'established' },
    { on: 'established', server: 1, nth: 1, at: 5 },
  ])('is nothing else: %o', (when) => {
    expectRefused(at(when), 'faults.0.when', /expected \{ at \} .* \{ on, server, nth \}/);
  });

  it.each([
    [{ at: -1 }, 'faults.0.when.at', />=0/],
    [{ on: 'established', server: 0, nth: 0 }, 'faults.0.when.nth', />=1/],
    [{ on: 'lunch', server: 0, nth: 1 }, 'faults.0.when.on', /no event 'lunch'/],
    [{ on: 'established', server: 5, nth: 1 }, 'faults.0', /there is no server 5/],
  ])('is refused: %o', (when, where, right) => {
    expectRefused(at(when), where, right);
  });
});
