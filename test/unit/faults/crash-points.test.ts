import { describe, expect, it } from 'vitest';
import { CRASH_POINTS, crashPointOf } from '../../../src/faults/crash-points.ts';
import { eventKind, TRIGGER_NAMES } from '../../../src/faults/event-names.ts';
import type { Fault } from '../../../src/faults/fault.ts';
import type { Plan } from '../../../src/scenario/plan.ts';
import { lonelyLeader } from '../../support/lonely-leader.ts';
import { at, observe, quietPlan, SECOND, story } from '../../support/plans.ts';

const START = quietPlan({ durationMicros: 20 * SECOND });

/** Between them these come to everything that a server does. */
const PLANS: readonly Plan[] = [
  { ...START, timing: { ...START.timing, snapCount: 20 } },
  // Server 1 comes to an ensemble that serves, with an empty disk.
  { ...START, startsMicros: [5 * SECOND, 0, 0] },
  // Server 3 has what the others have not, and must cut it off.
  lonelyLeader(20, 12.5),
];

/** The names of everything that a fault could wait for in a plan. */
const NAMES = PLANS.map((plan) => {
  const { events, sent, received } = observe(plan);
  return new Set([
    ...events.map(({ name }) => name),
    ...sent.map(({ packet }) => `${packet} sent`),
    ...received.map(({ packet }) => `${packet} received`),
  ]);
});

const POINTS = Object.entries(CRASH_POINTS).flatMap(([name, triggers]) => {
  return triggers.map((trigger) => ({ name, trigger }));
});

describe('a crash point', () => {
  it.each(POINTS)('$name is something that a fault can wait for: $trigger', ({ trigger }) => {
    expect(TRIGGER_NAMES).toContain(trigger.on);
  });

  it.each(POINTS)('$name is survived by an ensemble that dies there: $trigger', (point) => {
    const { name, trigger } = point;
    const plan = PLANS[NAMES.findIndex((names) => names.has(trigger.on))] ?? START;
    const crash: Fault = { kind: 'powerOff', server: 'itself', forMicros: SECOND, when: trigger };
    const { result } = observe({ ...plan, faults: [...plan.faults, crash] });
    expect(result.verdict, story(result)).toBe('pass');
    expect(result.stats.reached[`crash-point-${name}`]).toBe(1);
  });

  it('is known by its event and its role, wherever and how often that is waited for', () => {
    expect(crashPointOf({ on: 'currentEpochWritten', role: 'leader' })).toBe(
      'leader-current-epoch-written',
    );
    expect(crashPointOf({ on: 'currentEpochWritten', role: 'learner', server: 2, nth: 7 })).toBe(
      'learner-current-epoch-written',
    );
    expect(crashPointOf({ on: 'SNAP sent' })).toBe('sync-mode-sent');
    expect(crashPointOf({ on: 'SNAP sent', role: 'leader' })).toBe('sync-mode-sent');
  });

  it('is none at a time, behind another fault, with a delay, or where the role is not said', () => {
    expect(crashPointOf(at(5))).toBeNull();
    expect(crashPointOf({ after: 'x', delayMicros: 0 })).toBeNull();
    expect(crashPointOf({ on: 'SNAP sent', delayMicros: 1 })).toBeNull();
    expect(crashPointOf({ on: 'currentEpochWritten' })).toBeNull();
    expect(crashPointOf({ on: 'recovered' })).toBeNull();
  });

  it('is counted for what parts its before from its after, and for nothing else', () => {
    const when = { on: 'established' } as const;
    const reached = (fault: Fault): number | undefined => {
      return observe({ ...START, faults: [fault] }).result.stats.reached[
        'crash-point-new-leader-quorum'
      ];
    };
    expect(reached({ kind: 'isolate', server: 'itself', forMicros: SECOND, when })).toBe(1);
    expect(reached({ kind: 'pause', server: 'itself', forMicros: SECOND, when })).toBe(1);
    expect(
      reached({ kind: 'clockJump', server: 'itself', byMicros: SECOND, when }),
    ).toBeUndefined();
  });
});

describe('the names that a fault can wait for', () => {
  it('are each there once, events and packets', () => {
    expect(new Set(TRIGGER_NAMES).size).toBe(TRIGGER_NAMES.length);
    const packets = TRIGGER_NAMES.filter((name) => eventKind(name) === undefined);
    for (const name of packets) expect(name).toMatch(/^[A-Z]+ (sent|received)$/);
    expect(packets).toContain('NOTIFICATION sent');
    expect(packets).toContain('NEWLEADER received');
    expect(TRIGGER_NAMES.length - packets.length).toBeGreaterThan(60);
  });
});
