import { CRASH_POINTS } from '../faults/crash-points.ts';
import {
  type Cut,
  FAULT_KINDS,
  type Fault,
  type FaultAction,
  type FaultKind,
  type When,
  type Whom,
} from '../faults/fault.ts';
import type { RandomStream } from '../kernel/random.ts';
import { failuresSurvived } from './budget.ts';

const SECOND = 1_000_000;
const MS = 1000;

/** Who takes part, for faults to strike. */
export interface Cast {
  readonly servers: number;
  readonly observers: number;
  readonly clients: number;
  readonly healAtMicros: number;
}

/** How often a plan goes after one crash point besides. */
const HUNT_PPM = 250_000;

/** The crash points of a truncation, which nothing but an old leader's return leads to. */
const TRUNCATION_POINTS: ReadonlySet<string> = new Set([
  'trunc-received',
  'snapshots-cut',
  'log-cut',
  'truncated',
]);

/**
 * Goes, in some plans, after one of the crash points: chance alone comes to some of them once in a
 * thousand runs. Whoever gets there first or second is stopped.
 */
export function drawHunt(random: RandomStream, cast: Cast): Fault[] {
  if (!random.chance(HUNT_PPM)) return [];
  const [point, triggers] = random.pick(Object.entries(CRASH_POINTS));
  const isTruncation = TRUNCATION_POINTS.has(point);
  const hunt: Fault = {
    kind: random.pick(['crash', 'crash', 'powerOff', 'tornTail', 'pause'] as const),
    server: 'itself',
    forMicros: random.between(100 * MS, 5 * SECOND),
    when: { ...random.pick(triggers), nth: isTruncation ? 1 : random.between(1, 2) },
  };
  return isTruncation ? [...drawOldLeader(random, cast), hunt] : [hunt];
}

/**
 * Cuts a leader off from all others with a proposal that nobody else has heard of, and keeps the
 * clients away until it is back: once the new epoch has a transaction, it is sent SNAP.
 */
function drawOldLeader(random: RandomStream, { servers, clients }: Cast): Fault[] {
  if (servers === 1 || clients === 0) return [];
  const when: When = { on: 'proposed', nth: random.between(1, FREQUENT_COUNT_MAX) };
  const forMicros = random.between(1 * SECOND, 5 * SECOND);
  const all = (count: number): number[] => Array.from({ length: count }, (_, n) => n + 1);
  return [
    { kind: 'isolate', server: 'itself', forMicros, when },
    {
      kind: 'clientCut',
      clients: all(clients),
      servers: all(servers),
      forMicros: forMicros + SECOND,
      when,
    },
  ];
}

/** All that an ensemble survives. */
export const DRAWN_KINDS: readonly FaultKind[] = FAULT_KINDS.filter((kind) => kind !== 'lyingDisk');

/** Some runs are left in peace: what holds under faults must hold without them too. */
const QUIET_PPM = 20_000;

/**
 * What goes wrong in a run: of the kinds of fault a part, of each kind any number. All of it is
 * within what ZAB promises to survive; see `docs/fault-budget.md`.
 */
export function drawFaults(random: RandomStream, cast: Cast): Fault[] {
  if (random.chance(QUIET_PPM)) return [];
  const mortals = drawMortals(random, cast);
  const kindPpm = random.pick([100_000, 300_000, 500_000]);
  const drawn = DRAWN_KINDS.filter(() => random.chance(kindPpm));
  const kinds = drawn.filter((kind) => isPossible(kind, cast, mortals));
  if (kinds.length === 0) return [];
  const count = random.between(1, random.pick([4, 10, 20]));
  const faults: Fault[] = [];
  for (let n = 0; n < count; n++) {
    const when = drawWhen(random, cast, faults);
    const action = drawAction({ random, cast, mortals, when }, random.pick(kinds));
    faults.push({ ...action, when, ...drawRepeat(random, action) });
  }
  const awaited = new Set(faults.map(({ when }) => ('after' in when ? when.after : '')));
  return faults.map((fault, index) => {
    const name = nameOf(index);
    return awaited.has(name) ? { ...fault, name } : fault;
  });
}

function nameOf(index: number): string {
  return `fault-${index + 1}`;
}

/**
 * The servers whose disks may rot. What has rotted stays: such a server may never come back, so
 * that there have to be enough others.
 */
function drawMortals(random: RandomStream, { servers, observers }: Cast): number[] {
  const voters = random.shuffle(Array.from({ length: servers }, (_, n) => n + 1));
  const others = Array.from({ length: observers }, (_, n) => servers + n + 1);
  return [...voters.slice(0, failuresSurvived(servers)), ...others];
}

/** Whether there is anybody for a fault to strike. */
function isPossible(kind: FaultKind, cast: Cast, mortals: readonly number[]): boolean {
  const servers = cast.servers + cast.observers;
  switch (kind) {
    case 'rotRecord':
    case 'rotSnapshot':
      return mortals.length > 0;
    case 'crashClient':
    case 'pauseClient':
    case 'deafClient':
    case 'clientCut':
      return cast.clients > 0;
    case 'ring':
      return cast.servers > 3;
    case 'bridge':
      return servers > 2;
    case 'split':
    case 'isolate':
    case 'oneWay':
    case 'cutLink':
    case 'halfDeadLink':
    case 'slowLink':
    case 'flakyLink':
      return servers > 1;
    default:
      return true;
  }
}

/** How often one of these comes in a run, roughly, so that the n-th is not out of reach. */
const RARE_COUNT_MAX = 4;
const FREQUENT_COUNT_MAX = 200;
const FREQUENT = new Set([
  'PROPOSAL sent',
  'appended',
  'logSynced',
  'acked',
  'committed',
  'COMMIT sent',
  'delivered',
]);

function drawWhen(random: RandomStream, cast: Cast, before: readonly Fault[]): When {
  if (before.length > 0 && random.chance(100_000)) {
    return { after: nameOf(random.below(before.length)), delayMicros: random.below(5 * SECOND) };
  }
  if (random.chance(500_000)) return { atMicros: random.between(0, cast.healAtMicros - 1) };
  const trigger = random.pick(random.pick(Object.values(CRASH_POINTS)));
  const nth = random.between(1, FREQUENT.has(trigger.on) ? FREQUENT_COUNT_MAX : RARE_COUNT_MAX);
  return {
    ...trigger,
    nth,
    ...(random.chance(300_000) ? { server: anyServer(random, cast) } : {}),
    ...(random.chance(150_000) ? { delayMicros: random.between(1, SECOND) } : {}),
  };
}

/** What a fault that is being drawn has to go by. */
interface Draft {
  readonly random: RandomStream;
  readonly cast: Cast;
  readonly mortals: readonly number[];
  readonly when: When;
}

function drawAction(draft: Draft, kind: FaultKind): FaultAction {
  const { random, cast } = draft;
  const forMicros = random.between(10 * MS, random.pick([1, 5, 15]) * SECOND);
  switch (kind) {
    case 'crash':
    case 'powerOff':
    case 'tornTail':
    case 'pause':
    case 'stalledDisk':
    case 'failingSync':
    case 'fullDisk':
      return { kind, server: drawWhom(draft), forMicros };
    case 'powerLoss':
    case 'allRestart':
      return { kind, forMicros };
    case 'rollingRestart':
      return { kind, forMicros: Math.min(forMicros, SECOND), gapMicros: drawGap(random) };
    case 'crashClient':
    case 'pauseClient':
    case 'deafClient':
      return { kind, client: random.between(1, cast.clients), forMicros };
    case 'slowSync':
      return { kind, server: drawWhom(draft), factor: random.pick([10, 50, 200]), forMicros };
    case 'slowThreads':
      return { kind, server: drawWhom(draft), factor: random.pick([10, 100, 1000]), forMicros };
    case 'clockJump': {
      const byMicros = random.between(-10 * SECOND, 10 * SECOND);
      return { kind, server: drawWhom(draft), byMicros };
    }
    case 'clockDrift': {
      const driftPpm = random.between(-50_000, 50_000);
      return { kind, server: drawWhom(draft), driftPpm, forMicros };
    }
    case 'rotRecord':
      return { kind, server: random.pick(draft.mortals), which: drawPlace(random) };
    case 'rotSnapshot':
      return { kind, server: random.pick(draft.mortals) };
    default:
      return drawNetworkFault(draft, kind, forMicros);
  }
}

function drawNetworkFault(draft: Draft, kind: FaultKind, forMicros: number): FaultAction {
  const { random } = draft;
  const reach = random.pick(['servers', 'all'] as const);
  const ratePpm = random.pick([1000, 20_000, 200_000]);
  const delayMicros = random.pick([5, 50, 500]) * MS;
  switch (kind) {
    case 'loss':
    case 'corruption':
    case 'duplication':
      return { kind, reach, ratePpm, forMicros };
    case 'reordering':
    case 'delay':
      return { kind, reach, ratePpm, delayMicros, forMicros };
    case 'slowLink':
      return { kind, ...drawLink(draft), delayMicros, forMicros };
    case 'flakyLink':
      return { kind, ...drawLink(draft), ratePpm: random.pick([200_000, 500_000]), forMicros };
    case 'bandwidth': {
      const bytesPerSecond = random.pick([5_000, 50_000, 500_000]);
      return { kind, reach, bytesPerSecond, forMicros };
    }
    case 'reset':
      return { kind, server: drawWhom(draft), peer: null };
    default:
      return { ...drawCut(draft, kind), forMicros };
  }
}

function drawCut(draft: Draft, kind: FaultKind): Cut {
  const { random, cast } = draft;
  const servers = random.shuffle(serversOf(cast));
  const [first = 1, ...others] = servers;
  switch (kind) {
    case 'split':
    case 'oneWay':
      return { kind, side: servers.slice(0, random.between(1, servers.length - 1)) };
    case 'bridge':
      return { kind, bridge: first, side: others.slice(0, Math.ceil(others.length / 2)) };
    case 'ring':
      return { kind, order: servers.filter((server) => server <= cast.servers) };
    case 'cutLink':
    case 'halfDeadLink':
      return { kind, ...drawLink(draft) };
    case 'clientCut': {
      const clients = random.shuffle(Array.from({ length: cast.clients }, (_, n) => n + 1));
      return {
        kind,
        clients: clients.slice(0, random.between(1, clients.length)),
        servers: servers.slice(0, random.between(1, servers.length)),
      };
    }
    default:
      return { kind: 'isolate', server: drawWhom(draft) };
  }
}

/** Whoever leads is struck often, and often whoever has just done what the fault waited for. */
function drawWhom({ random, cast, when }: Draft): Whom {
  if ('on' in when && random.chance(600_000)) return random.pick(['itself', 'itself', 'peer']);
  if (random.chance(300_000)) return random.pick(['leader', 'leader', 'follower']);
  return anyServer(random, cast);
}

/** A link of two servers that are not the same. */
function drawLink({ random, cast }: Draft): { readonly from: Whom; readonly to: Whom } {
  const [one = 1, other = 1] = random.shuffle(serversOf(cast));
  if (!random.chance(300_000)) return { from: one, to: other };
  return random.pick([
    { from: 'leader', to: other },
    { from: one, to: 'leader' },
  ]);
}

function drawPlace(random: RandomStream): 'first' | 'any' | 'last' {
  return random.pick(['first', 'any', 'any', 'last']);
}

/** What comes and goes: a crash loop, a flapping link. */
function drawRepeat(random: RandomStream, action: FaultAction): Pick<Fault, 'repeat'> {
  if (!('forMicros' in action) || !REPEATED.has(action.kind)) return {};
  if (!random.chance(200_000)) return {};
  const everyMicros = Math.min(action.forMicros, SECOND) + drawGap(random);
  return { repeat: { times: random.between(2, 6), everyMicros } };
}

const REPEATED: ReadonlySet<FaultKind> = new Set([
  'crash',
  'pause',
  'isolate',
  'split',
  'cutLink',
  'halfDeadLink',
  'clientCut',
]);

function drawGap(random: RandomStream): number {
  return random.between(50 * MS, 3 * SECOND);
}

function anyServer(random: RandomStream, cast: Cast): number {
  return random.between(1, cast.servers + cast.observers);
}

function serversOf(cast: Cast): number[] {
  return Array.from({ length: cast.servers + cast.observers }, (_, n) => n + 1);
}
