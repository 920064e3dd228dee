import { describe, expect, it } from 'vitest';
import { findBug } from '../../src/bugs/catalogue.ts';
import type { Fault } from '../../src/faults/fault.ts';
import type { Plan } from '../../src/scenario/plan.ts';
import { run } from '../../src/scenario/run.ts';
import { at, quietPlan, SECOND, story, weightsOf } from '../support/plans.ts';

const CLIENTS = 4;
const EVERYBODY = Array.from({ length: CLIENTS }, (_, n) => n + 1);

function crash(server: number, when: Fault['when'], forSeconds: number): Fault {
  return { kind: 'crash', server, forMicros: forSeconds * SECOND, when };
}

/** No client reaches these servers. */
function cutClients(servers: readonly number[], from: number, to: number): Fault {
  const forMicros = (to - from) * SECOND;
  return { kind: 'clientCut', clients: EVERYBODY, servers, forMicros, when: at(from) };
}

function isolate(server: number, when: Fault['when'], forSeconds: number): Fault {
  return { kind: 'isolate', server, forMicros: forSeconds * SECOND, when };
}

/**
 * Server 3 starts from a snapshot. It comes to lead, logs the first transaction of its epoch, which
 * nobody else gets, and is told later to cut its log behind the snapshot.
 */
function truncatedToSnapshot(): Plan {
  const plan = quietPlan({ servers: 3, clients: CLIENTS });
  return {
    ...plan,
    startsMicros: [0, 10_000, 15 * SECOND],
    faults: [
      cutClients([1, 2], 9, 30),
      cutClients([3], 9, 18.5),
      crash(2, at(17), 3),
      isolate(3, { on: 'proposed', server: 3, nth: 1 }, 5),
      crash(3, at(19.5), 3),
    ],
  };
}

/**
 * Server 3 logs what it can send to nobody, and saves it in a snapshot when it is elected again. It
 * ends before it has led, and is told by the next leader to cut its log in front of that.
 */
function truncatedBelowSnapshot(): Plan {
  return {
    ...quietPlan({ servers: 3, clients: CLIENTS }),
    faults: [
      cutClients([1, 2], 5, 20),
      crash(1, at(10), 3),
      crash(2, at(10), 3),
      crash(3, { on: 'snapshotSaved', server: 3, nth: 2 }, 1),
    ],
  };
}

/**
 * Server 5 has proposals that nobody else has, and gets a snapshot of a later epoch in their place.
 * Then it leads, and server 1 comes back, which it could bring up to date from its log.
 */
function ledByGappedLog(): Plan {
  const plan = quietPlan({ servers: 5, clients: CLIENTS });
  return {
    ...plan,
    timing: {
      ...plan.timing,
      commitLogCount: 5,
      preAllocBytes: 0,
      snapshotSizePpm: 1_000_000_000,
    },
    faults: [
      crash(1, at(8), 20),
      cutClients([2, 3, 4], 5, 11.5),
      isolate(5, at(10), 2),
      crash(5, at(10.8), 10),
      crash(4, at(25), 2),
    ],
  };
}

/** A client reads from a new leader, and moves to a follower that has heard of no write since. */
function readsAndMoves(): Plan {
  const plan = quietPlan({ servers: 3, clients: 1 });
  const all = { clients: [1], forMicros: 5 * SECOND };
  return {
    ...plan,
    workload: { ...plan.workload, sessionTimeoutMs: 4000, weights: weightsOf({ read: 1 }) },
    faults: [
      crash(3, at(10), 2),
      { kind: 'clientCut', ...all, servers: [1, 3], forMicros: 5 * SECOND, when: at(10) },
      { kind: 'clientCut', ...all, servers: [2], forMicros: 5 * SECOND, when: at(15) },
    ],
  };
}

/** The leader's threads are slow: what it commits is known to others before it knows it itself. */
function slowLeader(): Plan {
  const plan = quietPlan({ servers: 3, clients: CLIENTS });
  return {
    ...plan,
    workload: {
      ...plan.workload,
      keyCount: 1,
      pipelineDepth: 8,
      weights: weightsOf({ read: 4, write: 4, syncRead: 4 }),
    },
    faults: [{ kind: 'slowThreads', server: 3, factor: 1000, forMicros: 20 * SECOND, when: at(5) }],
  };
}

/** A server has written what it missed to its log, and ends before its epoch file says so. */
function endsBetweenFiles(): Plan {
  return {
    ...quietPlan({ servers: 3, clients: CLIENTS }),
    faults: [
      crash(1, at(10), 10),
      crash(3, at(12), 1),
      crash(1, { on: 'historySynced', server: 1, nth: 2 }, 1),
    ],
  };
}

/** What no seed may come to for long, and what each of these stories does. */
describe.each([
  { bug: 'truncates-too-little', plan: truncatedToSnapshot, property: 'agreement' },
  { bug: 'zookeeper-4837', plan: truncatedBelowSnapshot, property: 'agreement' },
  { bug: 'zookeeper-2846', plan: ledByGappedLog, property: 'channel-order' },
  { bug: 'epoch-locks-out-clients', plan: readsAndMoves, property: 'turned-away' },
  { bug: 'zookeeper-1675', plan: slowLeader, property: 'linearizability' },
  { bug: 'zookeeper-1653', plan: endsBetweenFiles, property: 'convergence' },
])('$bug', ({ bug, plan, property }) => {
  it(`breaks ${property} where a story leads to it`, () => {
    const result = run({ ...plan(), bug });
    expect(result.violations[0]?.property, story(result)).toBe(property);
    expect(findBug(bug)?.breaks).toContain(property);
  });

  it('is what breaks it: the same story ends well without', () => {
    const result = run(plan());
    expect(result.verdict, story(result)).toBe('pass');
  });
});
