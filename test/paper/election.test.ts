import { describe, expect, it } from 'vitest';
import type { Plan } from '../../src/scenario/plan.ts';
import { run } from '../../src/scenario/run.ts';
import { at, observe, quietPlan, SECOND, story } from '../support/plans.ts';

/** Starts the servers in the given order, so many seconds apart. */
function started(order: readonly number[], gapSeconds: number): Plan {
  const plan = quietPlan({ servers: order.length });
  return {
    ...plan,
    startsMicros: plan.startsMicros.map(
      (_, index) => order.indexOf(index + 1) * gapSeconds * SECOND,
    ),
  };
}

describe('a cold start', () => {
  it.each([
    { order: [1, 2, 3, 4, 5], leader: 3, after: 6 },
    { order: [5, 4, 3, 2, 1], leader: 5, after: 6 },
    { order: [1, 2, 3], leader: 2, after: 3 },
    { order: [2, 5, 1, 4, 3], leader: 5, after: 6 },
  ])('of servers $order elects $leader as soon as a majority is up', ({ order, leader, after }) => {
    const { stats, verdict } = run(started(order, 3));
    expect(verdict).toBe('pass');
    expect(stats.leaders).toHaveLength(1);
    expect(stats.leaders[0]).toMatchObject({ epoch: 1, server: leader });
    expect(stats.leaders[0]?.at).toBeGreaterThan(after * SECOND);
    expect(stats.leaders[0]?.at).toBeLessThan((after + 1) * SECOND);
  });

  it('of all servers at once elects the highest id', () => {
    expect(run(started([1, 2, 3, 4, 5], 0)).stats.leaders).toMatchObject([{ epoch: 1, server: 5 }]);
  });

  it('without a majority elects nobody', () => {
    const plan = started([1, 2, 3, 4, 5], 0);
    const late = plan.startsMicros.map((_, index) => (index < 2 ? 0 : 30 * SECOND));
    const { events } = observe({ ...plan, startsMicros: late });
    const elected = events.find(({ name }) => name === 'elected');
    expect(elected?.at).toBeGreaterThan(30 * SECOND);
  });

  it('lets late-comers follow whatever their id', () => {
    const { events } = observe(started([1, 2, 3, 4, 5], 3));
    const joined = events.filter(({ name }) => name === 'joined');
    expect(joined).toMatchObject([
      { host: 4, peer: 3 },
      { host: 5, peer: 3 },
    ]);
  });
});

describe('the end of a leader', () => {
  const kill = { kind: 'crash', forMicros: 5 * SECOND } as const;

  it('gives the leadership to the highest id among equals, in the next epoch', () => {
    const plan = quietPlan({ servers: 5 });
    const { stats, verdict } = run({ ...plan, faults: [{ ...kill, server: 5, when: at(10) }] });
    expect(verdict).toBe('pass');
    expect(stats.leaders).toMatchObject([
      { epoch: 1, server: 5 },
      { epoch: 2, server: 4 },
    ]);
  });

  it('is noticed at once when its process dies, and after syncLimit when it falls silent', () => {
    const plan = { ...quietPlan({ servers: 5 }), faults: [] };
    const killed = run({ ...plan, faults: [{ ...kill, server: 5, when: at(10) }] });
    const silent = run({
      ...plan,
      faults: [{ kind: 'pause', server: 5, forMicros: 10 * SECOND, when: at(10) }],
    });
    const { syncLimit, tickTimeMs } = plan.timing;
    const limitMicros = syncLimit * tickTimeMs * 1000;
    expect(killed.stats.leaders[1]?.at).toBeLessThan(10 * SECOND + limitMicros);
    expect(silent.stats.leaders[1]?.at).toBeGreaterThan(10 * SECOND + limitMicros);
    expect(silent.stats.leaders[1]?.at).toBeLessThan(11 * SECOND + 2 * limitMicros);
  });

  it('in a minority partition is its own doing: it steps down when its quorum is gone', () => {
    const plan = quietPlan({ servers: 5 });
    const { result, events } = observe({
      ...plan,
      faults: [{ kind: 'split', side: [4, 5], forMicros: 15 * SECOND, when: at(10) }],
    });
    expect(result.verdict, story(result)).toBe('pass');
    expect(events.some(({ name, host }) => name === 'quorumLost' && host === 5)).toBe(true);
    expect(result.stats.leaders.map(({ server }) => server)).toEqual([5, 3]);
  });

  it('of a single server changes nothing but the epoch', () => {
    const plan = quietPlan({ servers: 1 });
    const { stats, verdict } = run({ ...plan, faults: [{ ...kill, server: 1, when: at(10) }] });
    expect(verdict).toBe('pass');
    expect(stats.leaders.map(({ epoch }) => epoch)).toEqual([1, 2]);
  });
});
