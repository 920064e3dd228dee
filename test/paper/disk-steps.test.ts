import { describe, expect, it } from 'vitest';
import type { Fault } from '../../src/faults/fault.ts';
import type { Plan } from '../../src/scenario/plan.ts';
import { ZAB_EVENTS } from '../../src/zab/events.ts';
import { lonelyLeader } from '../support/lonely-leader.ts';
import { observe, quietPlan, SECOND, type SeenEvent, story } from '../support/plans.ts';
import { create } from '../support/questions.ts';
import { ServiceWorld } from '../support/service-world.ts';

/** The ensemble starts, and works on. */
const START = quietPlan();
/** Server 1 comes to an ensemble that serves, with an empty disk. */
const LATE = { ...START, startsMicros: [10 * SECOND, 0, 0] };
/** All save snapshots often. */
const OFTEN = { ...START, timing: { ...START.timing, snapCount: 8 } };
/** Server 3 has what the others have not, and must cut it off. */
const CUT = lonelyLeader(20, 12.5);

function struck(plan: Plan, ...faults: readonly Fault[]): ReturnType<typeof observe> {
  return observe({ ...plan, faults: [...plan.faults, ...faults] });
}

function crashOn(on: string, server: number, nth: number, losesPower: boolean): Fault {
  const kind = losesPower ? 'powerOff' : 'crash';
  return { kind, server, forMicros: SECOND, when: { on, server, nth } };
}

/** What happens at a server behind the n-th time of an event. */
function behind(events: readonly SeenEvent[], host: number, name: string, nth = 1): SeenEvent[] {
  const own = events.filter((event) => event.host === host);
  const places = own.flatMap((event, index) => (event.name === name ? [index] : []));
  return own.slice((places[nth - 1] ?? own.length) + 1);
}

describe('a server that crashes between two steps of a write', () => {
  it.each([
    { on: 'snapshotHalfWritten', server: 1, nth: 1, plan: START },
    { on: 'snapshotSaved', server: 1, nth: 1, plan: START },
    { on: 'snapshotSynced', server: 1, nth: 1, plan: START },
    { on: 'acceptedEpochTmpWritten', server: 3, nth: 1, plan: START },
    { on: 'acceptedEpochWritten', server: 3, nth: 1, plan: START },
    { on: 'currentEpochTmpWritten', server: 3, nth: 1, plan: START },
    { on: 'currentEpochWritten', server: 3, nth: 1, plan: START },
    { on: 'acceptedEpochTmpWritten', server: 1, nth: 1, plan: START },
    { on: 'acceptedEpochWritten', server: 1, nth: 1, plan: START },
    { on: 'currentEpochTmpWritten', server: 1, nth: 1, plan: START },
    { on: 'currentEpochWritten', server: 1, nth: 1, plan: START },
    { on: 'snapshotTmpWritten', server: 1, nth: 1, plan: LATE },
    { on: 'snapshotInstalled', server: 1, nth: 1, plan: LATE },
    { on: 'snapshotBegun', server: 2, nth: 4, plan: OFTEN },
    { on: 'snapshotHalfWritten', server: 2, nth: 4, plan: OFTEN },
    { on: 'snapshotSaved', server: 2, nth: 4, plan: OFTEN },
    { on: 'snapshotsCut', server: 3, nth: 1, plan: CUT },
    { on: 'logCut', server: 3, nth: 1, plan: CUT },
    { on: 'truncated', server: 3, nth: 1, plan: CUT },
  ])('($on at server $server) comes back and loses nothing', ({ on, server, nth, plan }) => {
    for (const losesPower of [false, true]) {
      const { result, events } = struck(plan, crashOn(on, server, nth, losesPower));
      expect(result.verdict, story(result)).toBe('pass');
      const names = behind(events, server, on, nth).map(({ name }) => name);
      expect(names[0]).toBe('processEnded');
      expect(names.slice(1)).toContain('recovered');
      expect(names.includes('upToDate') || names.includes('established')).toBe(true);
    }
  });

  it('does so however often it happens while it starts', () => {
    const steps = ['snapshotHalfWritten', 'snapshotSaved', 'snapshotSynced'];
    const faults = steps.flatMap((on) => [1, 2].map((nth) => crashOn(on, 1, nth, nth === 1)));
    const { result, events } = struck(START, ...faults);
    expect(result.verdict, story(result)).toBe('pass');
    const starts = events.filter(({ host, name }) => host === 1 && name === 'processStarted');
    expect(starts.length).toBeGreaterThan(3);
  });
});

describe('the first snapshot', () => {
  it('is made durable by the next process if its own has ended before', () => {
    const { events } = struck(START, crashOn('snapshotSaved', 1, 1, false));
    const names = behind(events, 1, 'snapshotSaved').map(({ name }) => name);
    const voting = names.indexOf('looking');
    expect(names.slice(0, voting)).toContain('snapshotSynced');
    expect(names.slice(0, voting)).not.toContain('snapshotHalfWritten');
  });

  it('is begun anew if a crash has left half of it', () => {
    const { events } = struck(START, crashOn('snapshotHalfWritten', 1, 1, false));
    const names = behind(events, 1, 'snapshotHalfWritten').map(({ name }) => name);
    const steps = names.slice(0, names.indexOf('looking')).filter((name) => /snapshot/.test(name));
    expect(steps).toEqual(['snapshotHalfWritten', 'snapshotSaved', 'snapshotSynced']);
  });
});

describe('an epoch', () => {
  /** A follower is killed at this moment of taking a new leader's epoch. */
  function killedOn(kind: number): { ensemble: ServiceWorld; sid: number } {
    const ensemble = new ServiceWorld();
    const [sid = 0] = ensemble.followers;
    let isStruck = false;
    ensemble.world.timeline.addObserver({
      observe: (host, what) => {
        if (host !== sid || what !== kind || isStruck) return;
        isStruck = true;
        ensemble.kill(sid);
      },
    });
    ensemble.kill(ensemble.leader);
    ensemble.runUntil(() => isStruck);
    return { ensemble, sid };
  }

  it.each([
    { event: 'acceptedEpochTmpWritten', accepted: 1, current: 1 },
    { event: 'acceptedEpochWritten', accepted: 2, current: 1 },
    { event: 'currentEpochTmpWritten', accepted: 2, current: 1 },
    { event: 'currentEpochWritten', accepted: 2, current: 2 },
  ] as const)('after a crash at $event is $accepted promised, $current taken', (given) => {
    const { ensemble, sid } = killedOn(ZAB_EVENTS[given.event]);
    const { disk } = ensemble.world.host(sid);
    expect(disk.cell('acceptedEpoch')).toBe(given.accepted);
    expect(disk.cell('currentEpoch')).toBe(given.current);
    const dead = ensemble.serverIds.filter((id) => !ensemble.world.host(id).isRunning);
    ensemble.restart(...dead);
    expect(disk.cell('currentEpoch')).toBe(ensemble.server(sid).currentEpoch);
    expect(ensemble.server(sid).currentEpoch).toBeGreaterThan(1);
  });
});

describe('a history that is being cut', () => {
  const whole = observe(CUT).events;
  const before = behind(whole, 3, 'processStarted', 2).find(({ name }) => name === 'recovered');
  const after = behind(whole, 3, 'logCut')[0];

  function recoveredAfter(on: string, losesPower: boolean): number | undefined {
    const { events } = struck(CUT, crashOn(on, 3, 1, losesPower));
    return behind(events, 3, on).find(({ name }) => name === 'recovered')?.value;
  }

  it('is the old one after a crash before the log is cut, and the cut one after it', () => {
    const cut = whole.find(({ name }) => name === 'truncated')?.value ?? 0;
    expect(after?.name).toBe('restored');
    expect(before?.value).toBeGreaterThan(cut);
    for (const losesPower of [false, true]) {
      expect(recoveredAfter('snapshotsCut', losesPower)).toBe(before?.value);
      expect(recoveredAfter('logCut', losesPower)).toBe(cut);
    }
  });

  it.each(['truncReceived', 'snapshotsCut'])(
    'is read again before the server votes, if its leader is lost meanwhile (%s)',
    (on) => {
      const reset: Fault = {
        kind: 'reset',
        server: 3,
        peer: null,
        when: { on, server: 3, nth: 1 },
      };
      // The news is there before the next step is done.
      const slow = { ...CUT, disk: { syncMinMicros: 5000, syncMaxMicros: 5000 } };
      const { result, events } = struck(slow, reset);
      expect(result.verdict, story(result)).toBe('pass');
      const names = behind(events, 3, on).map(({ name }) => name);
      expect(names.indexOf('looking')).toBeGreaterThan(names.indexOf('leaving'));
      const between = names.slice(0, names.indexOf('looking'));
      expect(between).not.toContain('truncated');
      expect(between.lastIndexOf('restored')).toBeGreaterThan(between.lastIndexOf('logCut'));
    },
  );
});

describe('a snapshot', () => {
  it('that a crash has left incomplete keeps nobody from saving the next', () => {
    const ensemble = new ServiceWorld({ timing: { snapCount: 4 } });
    const [sid = 0] = ensemble.followers;
    const { disk } = ensemble.world.host(sid);
    let isStruck = false;
    ensemble.world.timeline.addObserver({
      observe: (host, kind) => {
        if (host !== sid || kind !== ZAB_EVENTS.snapshotHalfWritten || isStruck) return;
        isStruck = true;
        ensemble.kill(sid);
      },
    });
    const client = ensemble.connect(ensemble.leader);
    for (let n = 0; n < 6; n++) client.ask(create(`/before-${n}`));
    expect(isStruck).toBe(true);
    expect(disk.snapshots.at(-1)?.flaw).toBe('incomplete');
    ensemble.restart(sid);
    for (let n = 0; n < 8; n++) client.ask(create(`/after-${n}`));
    ensemble.runFor(50_000);
    expect(disk.snapshots.map(({ flaw }) => flaw)).not.toContain('incomplete');
    expect(disk.snapshots.length).toBeGreaterThan(1);
  });
});
