import { describe, expect, it } from 'vitest';
import type { Fault } from '../../../src/faults/fault.ts';
import { at, type Observed, SECOND } from '../../support/plans.ts';
import { crash, crashItself, endsOf, FIVE, struck, upToEnd } from '../../support/strikes.ts';

function expectPass({ result }: Observed): void {
  expect(result.violations).toEqual([]);
}

/** How often an event had happened when the first process ended, at whom it may have. */
function countBefore(seen: Observed, name: string, host?: number): number {
  return upToEnd(seen).filter((event) => event.name === name && (host ?? event.host) === event.host)
    .length;
}

describe('a fault at a time', () => {
  it('strikes then', () => {
    expect(endsOf(struck([crash(2, 10.5), crash(1, 7)]))).toEqual(['1 at 7', '2 at 10.5']);
  });

  it('strikes in the order of the plan, if several do at once', () => {
    const seen = struck([crash('leader', 8), crash('leader', 8), crash('follower', 8)]);
    expect(endsOf(seen)).toEqual(['5 at 8', '4 at 8']);
    expect(seen.result.stats.idleFaults).toEqual([1]);
  });
});

describe('a fault after another', () => {
  const second: Fault = { ...crash(2, 0), when: { after: 'first', delayMicros: 2 * SECOND } };

  it('strikes so long after it, wherever it stands in the plan', () => {
    const first: Fault = { ...crash(1, 7), name: 'first' };
    const third: Fault = { ...crash(3, 0), when: { after: 'second', delayMicros: 0 } };
    const ends = ['1 at 7', '2 at 9', '3 at 9'];
    expect(endsOf(struck([first, { ...second, name: 'second' }, third]))).toEqual(ends);
    expect(endsOf(struck([third, { ...second, name: 'second' }, first]))).toEqual(ends);
  });

  it('strikes after its first strike only, if that comes again', () => {
    const repeat = { times: 3, everyMicros: 4 * SECOND };
    const first: Fault = { ...crash(1, 5), name: 'first', repeat };
    const ends = ['1 at 5', '2 at 7', '1 at 9', '1 at 13'];
    expect(endsOf(struck([first, second]))).toEqual(ends);
  });

  it('waits for that to strike, and never comes if that finds nobody', () => {
    const early: Fault = { ...crash('leader', 0), name: 'first' };
    const seen = struck([early, second]);
    expect(endsOf(seen)).toEqual([]);
    expect(seen.result.stats.idleFaults).toEqual([0, 1]);
    const again: Fault = { ...early, repeat: { times: 2, everyMicros: 6 * SECOND } };
    expect(endsOf(struck([again, second]))).toEqual(['5 at 6', '2 at 8']);
  });

  it('may come after one that waits for an event', () => {
    const first: Fault = { ...crashItself({ on: 'delivered', server: 1, nth: 30 }), name: 'first' };
    const seen = struck([first, second]);
    const [one, two] = seen.events.filter(({ name }) => name === 'processEnded');
    expect([one?.host, two?.host]).toEqual([1, 2]);
    expect((two?.at ?? 0) - (one?.at ?? 0)).toBe(2 * SECOND);
  });
});

describe('a fault that waits for an event', () => {
  it('strikes at its n-th time at a server, before the next step of that server', () => {
    const seen = struck([crashItself({ on: 'appended', server: 2, nth: 20 })]);
    expectPass(seen);
    expect(countBefore(seen, 'appended', 2)).toBe(20);
    expect(upToEnd(seen).at(-1)).toMatchObject({ host: 2, name: 'appended' });
    expect(endsOf(seen)).toHaveLength(1);
  });

  it('strikes at its n-th time anywhere', () => {
    const seen = struck([crashItself({ on: 'appended', nth: 23 })]);
    expect(countBefore(seen, 'appended')).toBe(23);
    const hosts = new Set(upToEnd(seen).flatMap((e) => (e.name === 'appended' ? [e.host] : [])));
    expect(hosts.size).toBe(5);
  });

  it('strikes at the first time if nothing else is said', () => {
    const seen = struck([crashItself({ on: 'delivered' })]);
    expect(countBefore(seen, 'delivered')).toBe(1);
  });

  it.each([
    ['leader', [5]],
    ['learner', [1, 2, 3, 4]],
  ] as const)('of a %s does not strike at others', (role, hosts) => {
    const seen = struck([crashItself({ on: 'acceptedEpochWritten', role })]);
    const last = upToEnd(seen).at(-1);
    expect(last?.name).toBe('acceptedEpochWritten');
    expect(hosts).toContain(last?.host);
    expect(endsOf(seen)).toHaveLength(1);
  });

  it('counts the times of a role, at one server', () => {
    const when = { on: 'appended', role: 'leader', server: 4, nth: 3 } as const;
    const seen = struck([crash(5, 8, 3 * SECOND), crashItself(when)]);
    const own = seen.events.filter(({ host }) => host === 4);
    const begin = own.findIndex(({ name }) => name === 'leading');
    const end = own.findIndex(({ name }) => name === 'processEnded');
    const names = own.slice(begin, end).filter(({ name }) => name === 'appended');
    expect(begin).toBeGreaterThan(0);
    expect(names).toHaveLength(3);
  });

  it('knows the role that is over at the end of it', () => {
    const pauseAt = (on: string): Fault => {
      return { kind: 'pause', server: 1, forMicros: SECOND, when: { on, role: 'leader' } };
    };
    const seen = struck([
      pauseAt('leaving'),
      pauseAt('processEnded'),
      crash(4, 6),
      { kind: 'isolate', server: 5, forMicros: 3 * SECOND, when: at(8) },
      crash('leader', 14),
    ]);
    const times = (name: string, host: number): (number | undefined)[] => {
      return seen.events.flatMap((one) => (one.name === name && one.host === host ? [one.at] : []));
    };
    expect(times('paused', 1)).toEqual([times('leaving', 5)[0], 14 * SECOND]);
  });

  it('strikes so long after it', () => {
    const delayMicros = 1_234_567;
    const seen = struck([crashItself({ on: 'established', delayMicros })]);
    const established = seen.events.find(({ name }) => name === 'established');
    const end = seen.events.find(({ name }) => name === 'processEnded');
    expect(end?.host).toBe(established?.host);
    expect((end?.at ?? 0) - (established?.at ?? 0)).toBe(delayMicros);
  });

  it('never strikes if that never happens, nor after the heal', () => {
    const seen = struck([
      crashItself({ on: 'rolledOver' }),
      crashItself({ on: 'delivered', nth: 100_000 }),
      crashItself({ on: 'established', delayMicros: 20 * SECOND }),
    ]);
    expect(endsOf(seen)).toEqual([]);
    expect(seen.result.stats.idleFaults).toEqual([0, 1, 2]);
    const delivered = struck([]).events.filter(({ name, host }) => {
      return name === 'delivered' && host === 1;
    });
    const last = delivered.filter(({ at }) => at < FIVE.healAtMicros).length;
    expect(delivered.length).toBeGreaterThan(last);
    const faults = [0, 1].map((n) => crashItself({ on: 'delivered', server: 1, nth: last + n }));
    expect(struck(faults.slice(0, 1)).result.stats.idleFaults).toEqual([]);
    expect(struck(faults.slice(1)).result.stats.idleFaults).toEqual([0]);
  });

  it('may be one of several that wait for the same, each for its own time', () => {
    const faults = [1, 2, 3].map((nth) => crashItself({ on: 'upToDate', nth }));
    const seen = struck(faults);
    expectPass(seen);
    const names = ['upToDate', 'processEnded'];
    const story = seen.events.filter(({ name }) => names.includes(name)).slice(0, 6);
    expect(story.map(({ name }) => name)).toEqual([...names, ...names, ...names]);
    expect(story[1]?.host).toBe(story[0]?.host);
  });
});

describe('a fault that waits for a packet', () => {
  it('strikes when that has been sent, n times by anybody', () => {
    const seen = struck([crashItself({ on: 'NEWLEADER sent', nth: 2 })]);
    expectPass(seen);
    const end = seen.events.find(({ name }) => name === 'processEnded');
    const before = seen.sent.filter(({ packet, at }) => {
      return packet === 'NEWLEADER' && at <= (end?.at ?? 0);
    });
    expect(before).toHaveLength(2);
    expect(end?.host).toBe(before[1]?.from);
  });

  it('strikes when that is about to be handled, which then it is not', () => {
    const seen = struck([crashItself({ on: 'UPTODATE received', server: 2 })]);
    expectPass(seen);
    const own = seen.events.filter(({ host }) => host === 2);
    const names = own.map(({ name }) => name);
    expect(names.indexOf('upToDate')).toBeGreaterThan(names.indexOf('processEnded'));
    expect(names.indexOf('processEnded')).toBeGreaterThan(names.indexOf('newLeaderAcked'));
  });

  it('takes a server for the sender of what is sent, and the receiver of what is received', () => {
    const sent = struck([{ ...crash(1, 0), when: { on: 'ACKEPOCH sent', server: 3 } }]);
    const [acked] = sent.sent.filter(({ packet, from }) => packet === 'ACKEPOCH' && from === 3);
    expect(sent.events.find(({ name }) => name === 'processEnded')?.at).toBe(acked?.at);
    const received = struck([{ ...crash(1, 0), when: { on: 'LEADERINFO received', server: 3 } }]);
    const [told] = received.received.filter(
      ({ packet, to }) => packet === 'LEADERINFO' && to === 3,
    );
    expect(received.events.find(({ name }) => name === 'processEnded')?.at).toBe(told?.at);
  });

  it('knows who the other end is', () => {
    const when = { on: 'LEADERINFO sent', nth: 2 } as const;
    const seen = struck([{ kind: 'isolate', server: 'peer', forMicros: SECOND, when }]);
    const [, second] = seen.sent.filter(({ packet }) => packet === 'LEADERINFO');
    const cuts = seen.events.filter(({ name }) => name === 'linkCut');
    expect(cuts).toHaveLength(8);
    for (const { host, peer } of cuts) expect([host, peer]).toContain(second?.to);
  });

  it('may wait for a vote', () => {
    const seen = struck([crashItself({ on: 'NOTIFICATION sent', server: 4, nth: 3 })]);
    const end = seen.events.find(({ name }) => name === 'processEnded');
    const votes = seen.sent.filter(({ packet, from, at }) => {
      return packet === 'NOTIFICATION' && from === 4 && at <= (end?.at ?? 0);
    });
    expect(votes).toHaveLength(3);
  });

  it('leaves a run as it was up to the moment at which it strikes', () => {
    const seen = struck([crashItself({ on: 'PROPOSAL sent', server: 5, nth: 40 })]);
    const quiet = struck([]);
    const before = upToEnd(seen);
    expect(before.length).toBeGreaterThan(100);
    expect(quiet.events.slice(0, before.length)).toEqual(before);
  });
});
