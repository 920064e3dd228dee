import { describe, expect, it } from 'vitest';
import type { Plan } from '../../src/scenario/plan.ts';
import { crash, lonelyLeader } from '../support/lonely-leader.ts';
import { observe, quietPlan, SECOND, type SeenEvent, story } from '../support/plans.ts';

const SYNCS = ['diffChosen', 'diffFromDiskChosen', 'truncChosen', 'truncDiffChosen', 'snapChosen'];

/** How server `sid` was synchronised, in order, from `from` seconds on. */
function syncsOf(events: readonly SeenEvent[], sid: number, from: number): string[] {
  return events
    .filter(({ name, peer, at }) => SYNCS.includes(name) && peer === sid && at > from * SECOND)
    .map(({ name }) => name);
}

function withTiming(plan: Plan, timing: Partial<Plan['timing']>): Plan {
  return { ...plan, timing: { ...plan.timing, ...timing } };
}

describe('a server that comes back', () => {
  it('gets what it missed by DIFF, as long as the leader has it in memory', () => {
    const { result, events } = observe({ ...quietPlan(), faults: [crash(1, 10, 3)] });
    expect(result.verdict, story(result)).toBe('pass');
    expect(syncsOf(events, 1, 10)).toEqual(['diffChosen']);
  });

  it('gets a snapshot when it missed more than that', () => {
    const plan = withTiming(quietPlan(), { commitLogCount: 5 });
    const { result, events } = observe({ ...plan, faults: [crash(1, 10, 10)] });
    expect(result.verdict, story(result)).toBe('pass');
    expect(syncsOf(events, 1, 10)).toEqual(['snapChosen']);
  });

  it('gets it from the log on disk when that is small beside a snapshot', () => {
    const plan = withTiming(quietPlan(), {
      commitLogCount: 5,
      preAllocBytes: 0,
      snapshotSizePpm: 1_000_000_000,
    });
    const { result, events } = observe({ ...plan, faults: [crash(1, 10, 10)] });
    expect(result.verdict, story(result)).toBe('pass');
    expect(syncsOf(events, 1, 10)).toEqual(['diffFromDiskChosen']);
  });

  it('with an empty disk gets a snapshot from an ensemble that serves', () => {
    const plan = quietPlan();
    const { events } = observe({ ...plan, startsMicros: [20 * SECOND, 0, 0] });
    expect(syncsOf(events, 1, 0)).toEqual(['snapChosen']);
  });
});

describe('a leader that logged what nobody else did', () => {
  it('has it cut off by TRUNC if the new epoch has no transaction yet', () => {
    const { result, events } = observe(lonelyLeader(20, 12.5));
    expect(result.verdict, story(result)).toBe('pass');
    expect(syncsOf(events, 3, 10)).toEqual(['truncChosen']);
    const [cut] = events.filter(({ name, host }) => name === 'truncated' && host === 3);
    const lonely = events.filter(({ name, host, at }) => {
      return name === 'proposed' && host === 3 && at > 10 * SECOND;
    });
    expect(lonely.length).toBeGreaterThan(0);
    expect(cut?.value).toBeLessThan(lonely[0]?.value ?? 0);
  });

  it('has it replaced by a snapshot once the new epoch has transactions', () => {
    const { result, events } = observe(lonelyLeader(12, 20));
    expect(result.verdict, story(result)).toBe('pass');
    expect(syncsOf(events, 3, 10)).toEqual(['snapChosen']);
  });
});

describe('the order of durability', () => {
  const events = observe({
    ...quietPlan({ servers: 5 }),
    faults: [crash(5, 10, 5), crash(1, 20, 5)],
  }).events;

  /** The places of these events at one server, in one taking of office. */
  function places(host: number, names: readonly string[]): number[] {
    return names.map((name) =>
      events.findIndex((event) => event.host === host && event.name === name),
    );
  }

  it('at a learner is promise, answer, history, current epoch, acknowledgement', () => {
    const order = places(2, [
      'acceptedEpochWritten',
      'ackEpochSent',
      'historySynced',
      'currentEpochWritten',
      'newLeaderAcked',
      'upToDate',
    ]);
    expect(order.every((place) => place >= 0)).toBe(true);
    expect(order).toEqual([...order].sort((a, b) => a - b));
  });

  it('at a leader is accepted epoch before LEADERINFO, current epoch before it counts itself', () => {
    const order = places(5, [
      'epochFixed',
      'acceptedEpochWritten',
      'leaderInfoSent',
      'ackEpochQuorum',
      'currentEpochWritten',
      'established',
      'upToDateSent',
    ]);
    expect(order.every((place) => place >= 0)).toBe(true);
    expect(order).toEqual([...order].sort((a, b) => a - b));
  });

  it('of a transaction is append, sync, acknowledgement, on every server', () => {
    for (const host of [1, 2, 3, 4]) {
      const seen = events.filter((event) => event.host === host);
      const acked = seen.filter(({ name }) => name === 'acked');
      expect(acked.length).toBeGreaterThan(50);
      for (const { value } of acked) {
        const [append, sync, ack] = ['appended', 'logSynced', 'acked'].map((name) =>
          seen.findIndex((event) => event.name === name && event.value >= value),
        ) as [number, number, number];
        expect(append).toBeGreaterThanOrEqual(0);
        expect(sync).toBeGreaterThan(append);
        expect(ack).toBeGreaterThan(sync);
      }
    }
  });
});
