import { describe, expect, it } from 'vitest';
import { CUT_KINDS, type Fault } from '../../../src/faults/fault.ts';
import { at, type Observed, SECOND } from '../../support/plans.ts';
import { crash, crashItself, endsOf, FIVE, struck } from '../../support/strikes.ts';

const FOR = { forMicros: SECOND } as const;

function cutLinks({ events }: Observed): string[] {
  return events
    .filter(({ name }) => name === 'linkCut')
    .map(({ host, peer }) => `${host}>${peer}`)
    .sort();
}

describe('a fault that strikes', () => {
  it('a server by its number strikes that, whatever it is', () => {
    expect(endsOf(struck([crash(2, 8), crash(5, 10)]))).toEqual(['2 at 8', '5 at 10']);
  });

  it('an observer by its number strikes that', () => {
    const plan = { ...FIVE, observers: 1, startsMicros: [...FIVE.startsMicros, 0] };
    const [clock] = FIVE.clocks;
    const clocks = clock === undefined ? [] : [...FIVE.clocks, clock];
    expect(endsOf(struck([crash(6, 8)], { ...plan, clocks }))).toEqual(['6 at 8']);
  });

  it('the leader strikes whoever leads then', () => {
    const seen = struck([crash('leader', 8), crash('leader', 12)]);
    expect(seen.result.stats.leaders.map(({ server }) => server)).toEqual([5, 4, 5]);
    expect(endsOf(seen)).toEqual(['5 at 8', '4 at 12']);
  });

  it('the leader strikes nobody while none is established', () => {
    const seen = struck([crash('leader', 8), crash('leader', 8.1)]);
    expect(endsOf(seen)).toEqual(['5 at 8']);
    expect(seen.result.stats.idleFaults).toEqual([1]);
  });

  it('the leader strikes the one that is cut off as long as it has not given up', () => {
    const isolate: Fault = { kind: 'isolate', server: 5, forMicros: 4 * SECOND, when: at(8) };
    const seen = struck([isolate, crash('leader', 8.2)]);
    expect(endsOf(seen)).toEqual(['5 at 8.2']);
  });

  it('a follower strikes the highest voter that runs and does not lead', () => {
    const seen = struck([
      crash(4, 8, 8 * SECOND),
      crash('follower', 9),
      crash('leader', 12),
      crash('follower', 14),
    ]);
    expect(endsOf(seen)).toEqual(['4 at 8', '3 at 9', '5 at 12', '5 at 14']);
  });

  it('itself strikes where it happened, and its peer who it had to do with', () => {
    const when = { on: 'upToDateSent', nth: 3 } as const;
    const itself = struck([crashItself(when)]);
    const peer = struck([{ ...crashItself(when), server: 'peer' } as Fault]);
    const sent = itself.events.filter(({ name }) => name === 'upToDateSent')[2];
    expect(endsOf(itself)).toEqual([`${sent?.host} at ${(sent?.at ?? 0) / SECOND}`]);
    expect(endsOf(peer)).toEqual([`${sent?.peer} at ${(sent?.at ?? 0) / SECOND}`]);
    expect(sent?.host).toBe(5);
  });

  it('links between roles cuts those of whoever has them', () => {
    const link = struck([{ kind: 'cutLink', from: 'leader', to: 'follower', ...FOR, when: at(8) }]);
    expect(cutLinks(link)).toEqual(['4>5', '5>4']);
    const side = struck([{ kind: 'oneWay', side: ['leader', 1], ...FOR, when: at(8) }]);
    expect(cutLinks(side)).toEqual(['1>2', '1>3', '1>4', '5>2', '5>3', '5>4']);
  });
});

/** Everything that happened. */
function outline({ events }: Observed): string {
  return events.map((one) => `${one.at} ${one.host} ${one.name} ${one.value}`).join('\n');
}

const QUIET = outline(struck([]));

describe('a fault that finds nobody', () => {
  const early = { ...FOR, when: at(0) } as const;
  const down = crash(2, 8, 5 * SECOND);
  const meanwhile = at(10);

  it.each<Fault>([
    { kind: 'crash', server: 'leader', ...early },
    { kind: 'pause', server: 'leader', ...early },
    { kind: 'isolate', server: 'leader', ...early },
    { kind: 'split', side: [1, 'leader'], ...early },
    { kind: 'bridge', side: [1, 2], bridge: 'leader', ...early },
    { kind: 'cutLink', from: 'leader', to: 1, ...early },
    { kind: 'slowLink', from: 1, to: 'leader', delayMicros: 1, ...early },
    { kind: 'clientCut', clients: [1], servers: ['leader'], ...early },
    { kind: 'reset', server: 'leader', peer: null, when: at(0) },
    { kind: 'slowSync', server: 'leader', factor: 2, ...early },
    { kind: 'stalledDisk', server: 'leader', ...early },
    { kind: 'fullDisk', server: 'leader', ...early },
    { kind: 'clockJump', server: 'leader', byMicros: 1, when: at(0) },
    { kind: 'clockDrift', server: 'leader', driftPpm: 1, ...early },
    { kind: 'crashClient', client: 1, ...early },
    { kind: 'rotRecord', server: 1, which: 'any', when: at(0) },
    { kind: 'rotSnapshot', server: 1, when: at(0) },
    { kind: 'crash', server: 'peer', ...FOR, when: { on: 'established' } },
    { kind: 'cutLink', from: 'leader', to: 5, ...FOR, when: meanwhile },
    { kind: 'split', side: [1, 2, 3, 4, 5], ...FOR, when: meanwhile },
  ])('does not strike, and is not counted: %o', (fault) => {
    const seen = struck([fault]);
    expect(seen.result.stats.idleFaults).toEqual([0]);
    expect(seen.result.stats.faults).toEqual({});
    expect(outline(seen)).toBe(QUIET);
  });

  it.each<Fault>([
    { kind: 'crash', server: 2, ...FOR, when: meanwhile },
    { kind: 'powerOff', server: 2, ...FOR, when: meanwhile },
    { kind: 'tornTail', server: 2, ...FOR, when: meanwhile },
    { kind: 'pause', server: 2, ...FOR, when: meanwhile },
    { kind: 'reset', server: 2, peer: null, when: meanwhile },
    { kind: 'reset', server: 1, peer: 2, when: meanwhile },
  ])('since its victim is down does not strike: %o', (fault) => {
    const seen = struck([down, fault]);
    expect(seen.result.stats.idleFaults).toEqual([1]);
    expect(seen.result.stats.faults).toEqual({ crash: 1 });
  });

  it('may strike somebody the next time', () => {
    const loop: Fault = { ...crash('leader', 0), repeat: { times: 3, everyMicros: 5 * SECOND } };
    const seen = struck([loop]);
    expect(endsOf(seen)).toEqual(['5 at 5', '4 at 10']);
    expect(seen.result.stats.idleFaults).toEqual([]);
    expect(seen.result.stats.faults).toEqual({ crash: 2, 'crash-leader': 2, 'crash-loop': 2 });
  });
});

describe('a fault that comes again', () => {
  it('strikes so many times, at its interval: a crash loop', () => {
    const loop: Fault = { ...crash(2, 6), repeat: { times: 4, everyMicros: 2_500_000 } };
    const seen = struck([loop]);
    expect(seen.result.violations).toEqual([]);
    expect(endsOf(seen)).toEqual(['2 at 6', '2 at 8.5', '2 at 11', '2 at 13.5']);
    expect(seen.result.stats.faults).toEqual({ crash: 4, 'crash-loop': 4 });
  });

  it('cuts and heals a link in turn: a link that flaps', () => {
    const repeat = { times: 3, everyMicros: 2 * SECOND };
    const flap: Fault = { kind: 'cutLink', from: 5, to: 1, ...FOR, when: at(6), repeat };
    const seen = struck([flap]);
    expect(seen.result.violations).toEqual([]);
    const story = seen.events.flatMap(({ name, host, at }) => {
      return name.startsWith('link') && host === 5 ? [`${name} at ${at / SECOND}`] : [];
    });
    expect(story).toEqual([
      'linkCut at 6',
      'linkHealed at 7',
      'linkCut at 8',
      'linkHealed at 9',
      'linkCut at 10',
      'linkHealed at 11',
    ]);
    expect(seen.result.stats.faults).toEqual({ cutLink: 3, flapping: 3 });
  });

  it('overlaps itself if it lasts longer than its interval: a link heals with the last', () => {
    const repeat = { times: 2, everyMicros: SECOND };
    const cut = { kind: 'halfDeadLink', from: 5, to: 1, forMicros: 3 * SECOND } as const;
    const seen = struck([{ ...cut, when: at(6), repeat }]);
    const arrivals = seen.received.filter(({ at, from, to }) => {
      return from === 5 && to === 1 && at > 6 * SECOND && at < 10 * SECOND;
    });
    expect(arrivals).toEqual([]);
  });

  it('may begin with an event', () => {
    const when = { on: 'delivered', server: 2, nth: 30 } as const;
    const repeat = { times: 2, everyMicros: 3 * SECOND };
    const seen = struck([{ ...crashItself(when), repeat }]);
    const ends = seen.events.filter(({ name }) => name === 'processEnded');
    expect(ends.map(({ host }) => host)).toEqual([2, 2]);
    expect((ends[1]?.at ?? 0) - (ends[0]?.at ?? 0)).toBe(3 * SECOND);
  });

  it('does not come again after the heal', () => {
    const loop: Fault = { ...crash(2, 6), repeat: { times: 9, everyMicros: 5 * SECOND } };
    expect(endsOf(struck([loop]))).toEqual(['2 at 6', '2 at 11', '2 at 16']);
    expect(FIVE.healAtMicros).toBe(18 * SECOND);
  });

  it('is counted as flapping, whatever it cuts', () => {
    expect(CUT_KINDS).toContain('isolate');
    const repeat = { times: 2, everyMicros: 3 * SECOND };
    const seen = struck([{ kind: 'isolate', server: 'leader', ...FOR, when: at(6), repeat }]);
    expect(seen.result.stats.faults).toEqual({ isolate: 2, 'isolate-leader': 2, flapping: 2 });
  });
});
