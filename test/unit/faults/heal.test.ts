import { describe, expect, it } from 'vitest';
import { FAULT_KINDS, type Fault, type FaultAction } from '../../../src/faults/fault.ts';
import { type Observed, observe, SECOND, story } from '../../support/plans.ts';
import { crash, endsOf, FIVE, struck } from '../../support/strikes.ts';
import { type Effect, planOf } from './effects/effect.ts';
import { EFFECTS } from './effects/effects.ts';

const HOUR = 3600 * SECOND;

type Lasting = Extract<FaultAction, { readonly forMicros: number }>;

const LASTING = Object.values(EFFECTS).flatMap((effect): [string, Effect, Lasting][] => {
  const { fault } = effect;
  return 'forMicros' in fault && effect.violates === undefined ? [[fault.kind, effect, fault]] : [];
});

/** How often each of two events happened that undo one another. */
function counts({ events }: Observed, begin: string, end: string): [number, number] {
  const count = (name: string): number => events.filter((event) => event.name === name).length;
  return [count(begin), count(end)];
}

describe('the heal', () => {
  it.each(LASTING)('ends a %s that would last for an hour', (_kind, effect, fault) => {
    const plan = planOf({ ...effect, fault: { ...fault, forMicros: HOUR } });
    const seen = observe(plan);
    expect(seen.result.verdict, story(seen.result)).toBe('pass');
    const last = seen.events.filter(({ name }) => {
      return ['linkHealed', 'resumed', 'readingResumed'].includes(name);
    });
    if (effect.more === undefined) {
      for (const { at } of last) expect(at).toBe(plan.healAtMicros);
    }
    const [cut, healed] = counts(seen, 'linkCut', 'linkHealed');
    expect(healed).toBe(cut);
  });

  it('is of all kinds that last', () => {
    const instant = ['reset', 'rotRecord', 'rotSnapshot', 'clockJump', 'lyingDisk'];
    const kinds = LASTING.map(([kind]) => kind);
    expect([...kinds, ...instant].sort()).toEqual([...FAULT_KINDS].sort());
  });

  it('starts everybody who is down, also who was to be started later', () => {
    const plan = { ...FIVE, startsMicros: [0, 0, 0, 0, 25 * SECOND] };
    const seen = struck(
      [
        crash(1, 8, HOUR),
        { kind: 'crashClient', client: 1, forMicros: HOUR, when: crash(1, 9).when },
      ],
      plan,
    );
    const started = seen.events.filter(({ name, at }) => {
      return name === 'processStarted' && at >= plan.healAtMicros;
    });
    expect(started.map(({ host }) => host).sort()).toEqual([1, 5, 6]);
    for (const { at } of started) expect(at).toBe(plan.healAtMicros);
  });

  it('ends each fault once: what ends before it does not end again', () => {
    const faults: Fault[] = [
      { kind: 'isolate', server: 1, forMicros: 2 * SECOND, when: crash(1, 8).when },
      { kind: 'isolate', server: 1, forMicros: HOUR, when: crash(1, 9).when },
    ];
    const seen = struck(faults);
    expect(seen.result.violations).toEqual([]);
    expect(counts(seen, 'linkCut', 'linkHealed')).toEqual([16, 16]);
  });

  it('lets no fault strike at its moment or later, whatever it waits for', () => {
    const when = { after: 'first', delayMicros: 10 * SECOND };
    const first: Fault = { ...crash(1, 8), name: 'first' };
    const seen = struck([first, { ...crash(2, 0), when }]);
    expect(FIVE.healAtMicros).toBe(18 * SECOND);
    expect(endsOf(seen)).toEqual(['1 at 8']);
  });
});

describe('a process that ends by itself', () => {
  it('is started again a second later', () => {
    const full: Fault = {
      kind: 'fullDisk',
      server: 2,
      forMicros: SECOND / 2,
      when: crash(2, 8).when,
    };
    const seen = struck([full]);
    const [end] = seen.events.filter(({ name, host }) => name === 'processEnded' && host === 2);
    const starts = seen.events.filter(({ name, host }) => name === 'processStarted' && host === 2);
    expect(end?.value).toBe(2);
    expect(starts.map(({ at }) => at)[1]).toBe((end?.at ?? 0) + SECOND);
    expect(seen.result.violations).toEqual([]);
  });
});
