import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { findBug } from '../../src/bugs/catalogue.ts';
import { PROPERTY_IDS } from '../../src/checkers/tally.ts';
import type { Property } from '../../src/checkers/violation.ts';
import { generate } from '../../src/scenario/generate.ts';
import type { Plan } from '../../src/scenario/plan.ts';
import { run } from '../../src/scenario/run.ts';
import { scenario, type WrittenScenario } from '../../src/scenario/scenario.ts';
import { parseScenario } from '../../src/scenario/scenario-file.ts';
import { SCENARIOS } from '../support/stories.ts';

/** A plan with a bug that no other property sees. */
interface Proof {
  readonly bug: string;
  readonly plan: Plan;
}

/** A story once more, at servers that have the bug. */
function story(path: string, bug: string): Proof {
  const { plan } = parseScenario(readFileSync(`${SCENARIOS}${path}.yaml`, 'utf8'), path);
  const recipe = findBug(bug)?.recipe;
  if (recipe === undefined) return { bug, plan: { ...plan, bug } };
  return { bug, plan: { ...plan, bug, workload: { ...plan.workload, recipe } } };
}

function seed(number: number, bug: string): Proof {
  return { bug, plan: generate(number, { bug, servers: 3, durationMicros: 20_000_000 }) };
}

type Told = Omit<WrittenScenario, 'name' | 'why' | 'expect' | 'bug'>;

function told(bug: string, what: Told): Proof {
  const { plan } = scenario({ name: bug, why: 'To see who sees it.', expect: {}, ...what, bug });
  return { bug, plan };
}

const WRITES = { weights: { write: 1 } } as const;

/** Server 1 comes back into epoch 2, without what that begins with, while the client is silent. */
const LAGGARD: Told = {
  clients: 1,
  duration: '14s',
  faults: [
    { kind: 'crash', server: 1, when: { at: '2s' }, for: '2s' },
    { kind: 'crash', server: 5, when: { at: '2500ms' }, for: '4s' },
    { kind: 'pauseClient', client: 1, when: { at: '2500ms' }, for: '4s' },
  ],
};

/** Clients move to server 1, which is late; what each has seen and written hangs on the seed. */
function movers(seed: string): Proof {
  return told('stale-server-admits', {
    seed,
    servers: 3,
    clients: 6,
    duration: '8s',
    threads: { min: '500us', max: '1ms' },
    workload: { keyCount: 1, weights: { read: 12, write: 1 } },
    faults: [
      { kind: 'slowThreads', server: 1, factor: 1000, when: { at: '2s' }, for: '5s' },
      { kind: 'crash', server: 2, when: { at: '3s' }, for: '3s' },
    ],
  });
}

/** Each property that is needed, by a mistake that passes when it alone is not judged. */
const NEEDED: Readonly<Partial<Record<Property, Proof>>> = {
  leadership: story('election/leader-crashes-when-established', 'epoch-not-advanced'),
  'live-leadership': told('epoch-not-advanced', {
    clients: 1,
    duration: '12s',
    timing: { initLimit: 4 },
    faults: [{ kind: 'pause', server: 'itself', when: { on: 'ackEpochQuorum' }, for: '4s' }],
  }),
  // Two of four go on while the client rests, and the others elect; then the first two commit.
  'total-order': told('quorum-of-half', {
    servers: 4,
    clients: 1,
    duration: '14s',
    workload: WRITES,
    faults: [
      { kind: 'split', side: [3, 4], when: { at: '3s' }, for: '5s' },
      { kind: 'pauseClient', client: 1, when: { at: '2990ms' }, for: '4s' },
      { kind: 'crash', server: 4, when: { on: 'committed', server: 4, nth: 40 }, for: '3s' },
    ],
  }),
  agreement: story('election/started-together', 'apply-on-proposal'),
  recoverability: story('recovery/returned-with-an-acknowledged-tail', 'ack-outlives-cut'),
  // The old leader acknowledges with a tail of its own under the snapshot, and dies at once.
  'log-consistency': told('zookeeper-2846', {
    clients: 1,
    duration: '9s',
    workload: WRITES,
    faults: [
      { kind: 'isolate', server: 5, when: { on: 'proposed', nth: 20 }, for: '3s' },
      { kind: 'crash', server: 5, when: { on: 'newLeaderAcked', server: 5 }, for: '1s' },
    ],
  }),
  // What server 1 has on its disk is committed when it is back, and the leader has not applied it.
  'committed-log-durability': told('ack-outlives-cut', {
    clients: 1,
    duration: '8s',
    threads: { min: '100us', max: '100us' },
    workload: WRITES,
    faults: [
      ...[2, 3, 4].map((server) => {
        const when = { on: 'proposed', nth: 30 } as const;
        return { kind: 'stalledDisk', server, when, for: '213ms' } as const;
      }),
      {
        kind: 'slowThreads',
        server: 5,
        factor: 1000,
        when: { on: 'following', server: 1, nth: 2 },
        for: '1s',
      },
      {
        kind: 'reset',
        server: 1,
        peer: 5,
        when: { on: 'acked', server: 1, nth: 30, delay: '2ms' },
      },
    ],
  }),
  'acknowledged-is-durable': story('recovery/power-lost-with-newleader-acked', 'zookeeper-4646'),
  'epochs-rise': story(
    'recovery/crash-before-the-epoch-file-is-renamed',
    'accepted-epoch-volatile',
  ),
  'history-in-epoch': story('recovery/old-leader-gets-a-snapshot', 'newleader-acked-before-epoch'),
  'channel-order': story('recovery/rejoin-by-diff', 'zookeeper-4685'),
  'legal-states': story('election/started-together', 'current-epoch-not-written'),
  'legal-acks': told('newleader-acked-before-log', LAGGARD),
  'legal-commits': story('operations/observers-added', 'observer-without-log'),
  'serve-complete': told('history-not-applied', {
    ...LAGGARD,
    faults: [
      ...(LAGGARD.faults ?? []),
      { kind: 'crash', server: 1, when: { on: 'upToDate', server: 1, nth: 2 }, for: '1s' },
    ],
  }),
  'answers-in-broadcast': seed(20, 'connections-kept'),
  'zxid-order': seed(70, 'sequence-reused'),
  'fresh-sync': story('sessions/sync-at-a-slow-leader', 'zookeeper-1675'),
  'monotonic-reads': movers('1'),
  'read-your-writes': movers('4'),
  'fifo-client-order': story('sessions/read-behind-a-write', 'reads-overtake-writes'),
  'monotonic-writes': story('sessions/write-through-a-server-left', 'no-session-owner-check'),
  ephemerals: story('sessions/request-behind-its-session', 'ephemeral-outlives-session'),
  'session-expiry': story('sessions/session-moves', 'follower-expires-sessions'),
  'turned-away': story('sessions/reader-of-a-new-leader-moves', 'epoch-locks-out-clients'),
  reaping: story('sessions/container-left-unused', 'container-reaped-unused'),
  watches: story('sessions/watch-before-data', 'event-after-data'),
  recipes: story('applications/lock-holder-paused', 'lock-without-fencing'),
  convergence: story('recovery/crash-with-the-snapshot-in-place', 'zookeeper-1653'),
  answers: story('sessions/leader-dies-with-requests', 'connections-kept'),
};

/** Whatever breaks these breaks another too; they tell it earlier, or say more. */
const IMPLIED: Readonly<Partial<Record<Property, string>>> = {
  integrity: 'by leadership, legal-proposals and log-contiguity, or by legal-acks',
  'prefix-consistency': 'by agreement: the committed sequence is one',
  'commit-consistency': 'by agreement: the committed sequence is one',
  'local-primary-order': 'by agreement and primary-order',
  'global-primary-order': 'by agreement and primary-order',
  'primary-integrity': 'by agreement and total-order',
  'primary-order': 'by log-contiguity, or by recoverability: no log holds what was committed',
  'log-contiguity': 'by log-consistency, or by primary-order if all logs have the gap',
  'committed-never-lost': 'by leader-log-complete: the state of a leader is what its log holds',
  'leader-log-complete': 'by committed-never-lost and legal-states',
  'initial-history': 'by committed-never-lost: what an epoch begins with is committed',
  'leader-reads': 'by agreement and committed-never-lost',
  'process-consistency': "by log-consistency, with the leader's next proposal",
  linearizability: 'by zxid-order: a search says what the same finding means to clients',
  leader: 'by convergence: nobody serves, or a second leader stays behind',
};

/** No bug of the catalogue is seen by these alone, though there could be one, such as these. */
const UNPROVED: Readonly<Partial<Record<Property, string>>> = {
  'equal-digests': 'a tree that differs for a while, and nobody reads it',
  'legal-proposals': 'a server that proposes before it is established, and dies',
  'sequential-consistency': 'a read that shows less than the state has',
  'writes-follow-reads': 'an answer to a write that later reads overtake',
  'asked-for': 'a write that a server makes up',
  'recipe-progress': 'a client that takes from a queue and does not look again',
};

const ROWS = Object.entries(NEEDED).map(([property, proof]) => {
  return { property: property as Property, ...proof };
});

describe.each(ROWS)('$property', ({ property, bug, plan }) => {
  it(`sees ${bug}, as nothing else does`, () => {
    expect(run(plan).violations.map((violation) => violation.property)).toEqual([property]);
    expect(run(plan, undefined, { without: [property] }).violations).toEqual([]);
  });

  it(`sees nothing without ${bug}`, () => {
    const { workload } = plan;
    const recipe = findBug(bug)?.recipe === undefined ? workload.recipe : 'lock';
    const sound = { ...plan, bug: null, workload: { ...workload, recipe } };
    expect(run(sound).violations).toEqual([]);
  });
});

it('every property is needed, or is known to follow from others, or waits for its proof', () => {
  const listed = [NEEDED, IMPLIED, UNPROVED].flatMap(Object.keys);
  expect(listed.sort()).toEqual([...PROPERTY_IDS].sort());
});
