import { describe, expect, it } from 'vitest';
import { ProtocolChecker } from '../../src/checkers/protocol-checker.ts';
import type { Violation } from '../../src/checkers/violation.ts';
import { RandomStream } from '../../src/kernel/random.ts';
import { generate } from '../../src/scenario/generate.ts';
import { run } from '../../src/scenario/run.ts';
import { ZAB_EVENTS } from '../../src/zab/events.ts';
import type { Snapshot, Txn } from '../../src/zab/txn.ts';
import { asZxid } from '../../src/zab/zxid.ts';

const E = ZAB_EVENTS;

interface Event {
  readonly host: number;
  readonly kind: number;
  readonly value: number;
  readonly peer: number;
  readonly subject: unknown;
}

/** A server as its events show it; the digest follows from what it has applied. */
class Mirror {
  readonly role = 'none';
  acceptedEpoch = 0;
  currentEpoch = 0;
  /** The digest behind each transaction. */
  states: { zxid: number; digest: number }[] = [{ zxid: 0, digest: 0 }];

  get digest(): number {
    return this.states.at(-1)?.digest ?? 0;
  }

  see({ kind, value, subject }: Event, snapshots: Map<unknown, Mirror['states']>): void {
    switch (kind) {
      case E.acceptedEpochWritten:
        this.acceptedEpoch = value;
        break;
      case E.currentEpochWritten:
        this.currentEpoch = value;
        break;
      case E.captured:
        snapshots.set(
          subject,
          this.states.filter(({ zxid }) => zxid <= value),
        );
        break;
      case E.restored:
        this.states = [...(snapshots.get(subject) ?? [{ zxid: 0, digest: 0 }])];
        break;
      case E.replayed:
      case E.delivered: {
        const { zxid } = subject as Txn;
        this.states.push({ zxid, digest: (this.digest * 31 + zxid) % 1_000_003 });
        break;
      }
    }
  }
}

const PLAN = { ...generate('corruptions', { servers: 3, observers: 0, clients: 2 }), faults: [] };

function record(): Event[] {
  const events: Event[] = [];
  run(PLAN, {
    begin: () => {},
    observe: (host, kind, value, peer, subject) => {
      // What a server's role is nobody tells here, and so who may end sessions.
      if (host <= PLAN.servers && kind < 100) events.push({ host, kind, value, peer, subject });
    },
    sent: () => {},
    received: () => {},
  });
  return events;
}

function judge(events: readonly Event[]): Violation | null {
  const mirrors = [0, 1, 2, 3].map(() => new Mirror());
  const snapshots = new Map<Snapshot, Mirror['states']>();
  const views = {
    now: 0,
    eventCount: 0,
    voters: [1, 2, 3],
    isServer: () => true,
    server: (sid: number) => mirrors[sid] as Mirror,
  };
  const checker = new ProtocolChecker(views, PLAN.timing.counterStart);
  for (const event of events) {
    mirrors[event.host]?.see(event, snapshots);
    checker.observe(event.host, event.kind, event.value, event.peer, event.subject);
  }
  return checker.violation;
}

const LEGAL = record();

/** One event is corrupted; `null` if it cannot be, like that. */
type Corrupt = (at: number) => Event[] | null;

const CORRUPTIONS: Readonly<Record<string, Corrupt>> = {
  'left out': (at) => LEGAL.toSpliced(at, 1),
  'told twice': (at) => LEGAL.toSpliced(at, 0, LEGAL[at] as Event),
  'told after the next of its kind': (at) => {
    const { host, kind } = LEGAL[at] as Event;
    const next = LEGAL.findIndex(
      (other, n) => n > at && other.host === host && other.kind === kind,
    );
    if (next < 0) return null;
    return LEGAL.toSpliced(next + 1, 0, LEGAL[at] as Event).toSpliced(at, 1);
  },
  'told with the next zxid': (at) => changed(at, 1),
  'told with the zxid before': (at) => changed(at, -1),
  'told of the next epoch': (at) => changed(at, 2 ** 32),
  'told by another server': (at) => {
    const event = LEGAL[at] as Event;
    return LEGAL.with(at, { ...event, host: (event.host % PLAN.servers) + 1 });
  },
};

function changed(at: number, by: number): Event[] {
  const event = LEGAL[at] as Event;
  const txn = event.subject as Txn;
  const zxid = asZxid(txn.zxid + by);
  return LEGAL.with(at, { ...event, value: zxid, subject: { ...txn, zxid } });
}

/** What no run is right without, to the letter. */
const KINDS = {
  proposed: E.proposed,
  appended: E.appended,
  committed: E.committed,
  delivered: E.delivered,
} as const;

const TIMES = 25;

/** How many of so many corruptions at random places, the end left out, are seen. */
function countSeen(kind: number, corrupt: Corrupt): { tried: number; seen: number } {
  const random = new RandomStream('corruptions', String(kind));
  const places = LEGAL.flatMap((event, at) => (event.kind === kind ? [at] : []));
  const early = places.slice(0, places.length / 2);
  let tried = 0;
  let seen = 0;
  for (let n = 0; n < TIMES; n++) {
    const corrupted = corrupt(early[random.below(early.length)] as number);
    if (corrupted === null) continue;
    tried++;
    if (judge(corrupted) !== null) seen++;
  }
  return { tried, seen };
}

describe('the events of a run', () => {
  it('are accepted as they are', () => {
    expect(LEGAL.length).toBeGreaterThan(1000);
    expect(judge(LEGAL)).toBeNull();
  });

  const rows = Object.entries(KINDS).flatMap(([name, kind]) => {
    return Object.entries(CORRUPTIONS).map(([how, corrupt]) => ({ name, kind, how, corrupt }));
  });

  it.each(rows)('are rejected when one of $name is $how', ({ kind, corrupt }) => {
    const { tried, seen } = countSeen(kind, corrupt);
    expect(tried).toBe(TIMES);
    expect(seen).toBe(tried);
  });
});
