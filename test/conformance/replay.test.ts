import { describe, expect, it } from 'vitest';
import { InputError } from '../../src/scenario/input-error.ts';
import { isSameOutcome } from './compare.ts';
import { parseRecording } from './recording.ts';
import { replay } from './replay.ts';

const CONFIG = {
  tickTime: 200,
  minSessionTimeout: 400,
  maxSessionTimeout: 60_000,
  extendedTypesEnabled: true,
  containerCheckIntervalMs: 3_600_000,
  superDigest: null,
  juteMaxBuffer: 1_048_575,
  maxNeverUsedIntervalMs: 0,
  enforceQuota: false,
  skipACL: false,
  reconfigEnabled: false,
};

const HEADER = { type: 'header', format: 1, config: CONFIG };
const OPEN = [{ perms: 31, scheme: 'world', id: 'anyone' }];
const CREATE = { path: '/a', data: 'x', acl: OPEN, flags: 0 };

const CONNECTED = { session: 'new', timeoutMs: 30_000 };
const CONNECT = { op: 'connect', args: { timeoutMs: 30_000 }, result: CONNECTED, events: [] };
const CREATED = { op: 'create', args: CREATE, result: { path: '/a' }, zxid: 3, events: [] };
const WATCH = { path: '/a', watch: true };
const WATCHED = { error: { code: -101, name: 'NONODE' }, zxid: 2, events: [] };

/** Two sessions, of which the first watches what the second creates. */
const STEPS = [
  { session: 'A', ...CONNECT },
  { session: 'B', ...CONNECT },
  { session: 'A', op: 'exists', args: WATCH, ...WATCHED },
  {
    session: 'B',
    ...CREATED,
    events: [{ session: 'A', type: 'NodeCreated', path: '/a' }],
  },
  {
    session: null,
    op: 'serverCounts',
    args: {},
    result: { znodes: 6, watches: 0, ephemerals: 0, globalSessions: 2 },
    events: [],
  },
];

function textOf(steps: readonly object[]): string {
  const lines = [HEADER, ...steps.map((step, index) => ({ i: index + 1, ...step }))];
  return `${lines.map((line) => JSON.stringify(line)).join('\n')}\n`;
}

/** The numbers of the steps that differ when one of the steps says something else. */
function differing(index: number, change: object): number[] {
  const steps = STEPS.map((step, at) => (at === index ? { ...step, ...change } : step));
  return replay(parseRecording('changed', textOf(steps))).map(({ step }) => step);
}

describe('a replay', () => {
  it('finds no difference where the server does what was recorded', () => {
    expect(differing(0, {})).toEqual([]);
  });

  it.each([
    ['another zxid', 3, { zxid: 4 }],
    ['another result', 3, { result: { path: '/b' } }],
    ['an error in the place of a result', 3, { result: undefined, error: { name: 'NONODE' } }],
    ['a stat where there is none', 3, { stat: {} }],
    ['no event where there is one', 3, { events: [] }],
    ['another event', 3, { events: [{ session: 'A', type: 'NodeDeleted', path: '/a' }] }],
    [
      'the event at another session',
      3,
      { events: [{ session: 'B', type: 'NodeCreated', path: '/a' }] },
    ],
    ['another error', 2, { error: { code: -102, name: 'NOAUTH' } }],
    ['another time-out', 1, { result: { session: 'new', timeoutMs: 20_000 } }],
    ['another count', 4, { result: { znodes: 6, watches: 1, ephemerals: 0, globalSessions: 2 } }],
  ])('finds the step that was recorded with %s', (_, index, change) => {
    expect(differing(index, change)).toEqual([index + 1]);
  });

  it('says of a resumption without a session what cannot be replayed', () => {
    const steps = [{ session: 'A', ...CONNECT, args: { timeoutMs: 30_000, resume: 'Z' } }];
    expect(() => replay(parseRecording('odd', textOf(steps)))).toThrow(
      new InputError('odd: step 1: Z has had no session to resume'),
    );
  });

  it('counts the zxids on where a restarted server begins another epoch', () => {
    const again = { timeoutMs: 30_000, resume: 'A', lastZxidSeen: 2 };
    const resumed = { session: 'resumed', timeoutMs: 30_000, of: 'A' };
    const stat = { czxid: 2, mzxid: 3, pzxid: 2, version: 1, cversion: 0, aversion: 0 };
    const steps = [
      { session: 'A', ...CONNECT },
      { session: 'A', ...CREATED, zxid: 2 },
      { session: null, op: 'restartServer', args: {}, result: {}, events: [] },
      { session: 'A', op: 'connect', args: again, result: resumed, events: [] },
      {
        session: 'A',
        op: 'setData',
        args: { path: '/a', data: { fill: 'y', len: 5 }, version: 0 },
        result: {},
        stat: { ...stat, ephemeralOwner: null, dataLength: 5, numChildren: 0 },
        zxid: 3,
        events: [],
      },
    ];
    expect(replay(parseRecording('restart', textOf(steps)))).toEqual([]);
  });
});

describe('a recording', () => {
  it.each([
    ['is not JSON', 'nonsense', 'bad:2: not a line of JSON'],
    ['has no events', '{"i":1,"session":"A","op":"ping","args":{},"result":{}}', 'bad:2: events: '],
    [
      'has an operation that nobody knows',
      '{"i":1,"session":"A","op":"steal","args":{},"events":[]}',
      'bad:2: op: ',
    ],
    [
      'has an argument too many',
      '{"i":1,"session":"A","op":"ping","args":{"loud":true},"events":[]}',
      'bad:2: Unrecognized key: "loud"',
    ],
  ])('is refused in one line if a step %s', (_, line, message) => {
    const text = `${JSON.stringify(HEADER)}\n${line}\n`;
    expect(() => parseRecording('bad', text)).toThrow(InputError);
    expect(() => parseRecording('bad', text)).toThrow(message);
  });

  it('is refused without a header', () => {
    expect(() => parseRecording('bad', '{"i":1}\n')).toThrow(/^bad:1: /);
  });
});

describe('the comparison of events', () => {
  const first = { session: 'A', type: 'NodeDeleted', path: '/a' };
  const second = { session: 'A', type: 'NodeDeleted', path: '/b' };
  const other = { session: 'B', type: 'NodeDeleted', path: '/a' };

  it('minds their order within a session, and not between sessions', () => {
    const recorded = { events: [first, second, other] };
    expect(isSameOutcome(recorded, { events: [other, first, second] }, false)).toBe(true);
    expect(isSameOutcome(recorded, { events: [second, first, other] }, false)).toBe(false);
  });

  it('minds how many there are, but not in which order, where several nodes of a session go', () => {
    const recorded = { events: [first, second, other] };
    expect(isSameOutcome(recorded, { events: [second, first, other] }, true)).toBe(true);
    expect(isSameOutcome(recorded, { events: [first, other] }, true)).toBe(false);
  });
});
