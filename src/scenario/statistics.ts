import { staleSyncs } from '../checkers/operations-checker.ts';
import type { History } from '../client/history.ts';
import { CRASH_POINTS } from '../faults/crash-points.ts';
import { EVENT_KIND_COUNT, EVENT_NAMES } from '../faults/event-names.ts';
import { CODE, OP } from '../keeper/codes.ts';
import { KEEPER_EVENTS } from '../keeper/events.ts';
import type { Transaction } from '../keeper/transaction.ts';
import { WORLD_EVENTS } from '../world/events.ts';
import type { Observer } from '../world/timeline.ts';
import { ZAB_EVENTS } from '../zab/events.ts';
import { DRAWN_KINDS } from './draw-faults.ts';
import type { SyncMode } from './expectation.ts';

/** A leader was established. */
export interface Leadership {
  readonly epoch: number;
  readonly server: number;
  /** Microseconds of simulated time. */
  readonly at: number;
}

/** A leader has chosen how to bring a learner to its history. */
export interface Synchronisation {
  readonly server: number;
  readonly leader: number;
  readonly mode: SyncMode;
  /** Microseconds of simulated time. */
  readonly at: number;
}

/** By the number of the event. */
const SYNC_MODES: (SyncMode | undefined)[] = new Array(EVENT_KIND_COUNT).fill(undefined);
SYNC_MODES[ZAB_EVENTS.diffChosen] = 'DIFF';
SYNC_MODES[ZAB_EVENTS.diffFromDiskChosen] = 'DIFF';
SYNC_MODES[ZAB_EVENTS.truncChosen] = 'TRUNC';
SYNC_MODES[ZAB_EVENTS.truncDiffChosen] = 'TRUNC';
SYNC_MODES[ZAB_EVENTS.snapChosen] = 'SNAP';

/**
 * What a campaign must have come to before its silence means anything, and the event that tells.
 * A property that was never put to the test is not one that holds.
 */
export const REACHABLE: Readonly<Record<string, number>> = {
  'txn-committed': ZAB_EVENTS.committed,
  'sync-diff': ZAB_EVENTS.diffChosen,
  'sync-diff-from-disk': ZAB_EVENTS.diffFromDiskChosen,
  'sync-trunc': ZAB_EVENTS.truncChosen,
  'sync-trunc-diff': ZAB_EVENTS.truncDiffChosen,
  'sync-snap': ZAB_EVENTS.snapChosen,
  'ensemble-joined': ZAB_EVENTS.joined,
  'learner-ahead-of-leader': ZAB_EVENTS.learnerAhead,
  'learner-in-later-epoch': ZAB_EVENTS.higherEpochMet,
  'cut-impossible': ZAB_EVENTS.cutImpossible,
  'quorum-lost': ZAB_EVENTS.quorumLost,
  'zxid-rollover': ZAB_EVENTS.rolledOver,
  'session-moved': KEEPER_EVENTS.sessionMoved,
  'session-expired': KEEPER_EVENTS.sessionExpired,
  'request-of-moved-session': KEEPER_EVENTS.requestMoved,
  'client-ahead-of-server': KEEPER_EVENTS.clientAheadRefused,
  'unsynced-records-lost': WORLD_EVENTS.unsyncedLost,
  'torn-tail': WORLD_EVENTS.tornTail,
};

/** What generated plans, besides, must come to: every kind of fault that they draw, and every crash point. */
export const GENERATED_GOALS: readonly string[] = [
  ...DRAWN_KINDS.map((kind) => `fault-${kind}`),
  ...Object.keys(CRASH_POINTS).map((point) => `crash-point-${point}`),
];

/** Counts what happens in a run. */
export class Statistics implements Observer {
  /** In the order of their establishment. */
  readonly leaders: Leadership[] = [];
  readonly synchronised: Synchronisation[] = [];
  private readonly counts = new Int32Array(EVENT_KIND_COUNT);
  private readonly now: () => number;

  constructor(now: () => number) {
    this.now = now;
  }

  observe(host: number, kind: number, value: number, peer: number): void {
    this.counts[kind] = (this.counts[kind] as number) + 1;
    if (kind === ZAB_EVENTS.established) {
      this.leaders.push({ epoch: value, server: host, at: this.now() });
      return;
    }
    const mode = SYNC_MODES[kind];
    if (mode !== undefined) {
      this.synchronised.push({ server: peer, leader: host, mode, at: this.now() });
    }
  }

  count(kind: number): number {
    return this.counts[kind] ?? 0;
  }

  /** How often each event happened, by its name. */
  happened(): Record<string, number> {
    return Object.fromEntries([...EVENT_NAMES].map(([kind, name]) => [name, this.count(kind)]));
  }

  reached(): Record<string, number> {
    const entries = Object.entries(REACHABLE).map(([name, kind]) => [name, this.count(kind)]);
    return Object.fromEntries(entries);
  }
}

/** What is rare in the service. */
export const SERVICE_EVENTS = [
  'watch-fired',
  'watch-caught-up',
  'multi-undone',
  'node-reaped',
  'access-refused',
  'stale-sync',
] as const;

/** How often a run came to what is rare in the service. */
export function serviceReached(
  { operations, events }: History,
  committed: readonly Transaction[],
): Record<(typeof SERVICE_EVENTS)[number], number> {
  const countErrors = (code: number): number => operations.filter(({ err }) => err === code).length;
  return {
    'watch-fired': events.length,
    'watch-caught-up': events.filter(({ zxid }) => zxid < 0).length,
    'multi-undone': committed.filter(isUndone).length,
    'node-reaped': committed.filter(({ type }) => type === OP.deleteContainer).length,
    'access-refused': countErrors(CODE.NOAUTH),
    'stale-sync': staleSyncs(operations),
  };
}

function isUndone({ type, body }: Transaction): boolean {
  return type === OP.multi && body.changes.some((change) => change.type === OP.error);
}
