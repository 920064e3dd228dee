import type { Property } from '../checkers/violation.ts';
import type { Run } from './run.ts';

/** How a learner is brought to its leader's history. */
export const SYNC_MODES = ['DIFF', 'TRUNC', 'SNAP'] as const;

export type SyncMode = (typeof SYNC_MODES)[number];

/** What a run is to come to. What is left out is left open. */
export interface Expectation {
  /** The property that is violated, the first of them if there are several. Default: none is. */
  readonly violates?: Property;
  /** Who was established as a leader last. */
  readonly leader?: number;
  /** Everybody who was established as a leader, in order. */
  readonly leaders?: readonly number[];
  /** The epochs of those. */
  readonly epochs?: readonly number[];
  /** By the number of a learner: how it was synchronised, each time. */
  readonly syncs?: Readonly<Record<string, readonly SyncMode[]>>;
  /** How many proposals were committed by a later leader than the one that had made them. */
  readonly adopted?: number;
  /** How many proposals were never committed. */
  readonly discarded?: number;
  /** Events that happen at least once: by their names in a trace, or in `SERVICE_EVENTS`. */
  readonly happens?: readonly string[];
  /** Events that do not happen. */
  readonly never?: readonly string[];
  /** As `zabox run` prints it. */
  readonly digest?: string;
}

/** How a run differs from what was expected of it, in words; empty if it does not. */
export function differences(run: Run, expected: Expectation): string[] {
  const { leaders, synchronised, proposals, happened } = run.stats;
  const found: string[] = [...verdictDifference(run, expected)];
  const compare = (what: string, given: unknown, wanted: unknown): void => {
    if (wanted === undefined || JSON.stringify(given) === JSON.stringify(wanted)) return;
    found.push(`expected ${what} ${show(wanted)}, not ${show(given)}`);
  };
  compare('the leader', leaders.at(-1)?.server ?? 'nobody', expected.leader);
  compare(
    'the leaders',
    leaders.map(({ server }) => server),
    expected.leaders,
  );
  compare(
    'the epochs',
    leaders.map(({ epoch }) => epoch),
    expected.epochs,
  );
  for (const [server, modes] of Object.entries(expected.syncs ?? {})) {
    const given = synchronised.filter((sync) => sync.server === Number(server));
    const what = `server ${server} to be synchronised by`;
    compare(
      what,
      given.map(({ mode }) => mode),
      modes,
    );
  }
  compare('adopted proposals:', proposals.adopted, expected.adopted);
  compare('discarded proposals:', proposals.discarded, expected.discarded);
  for (const name of expected.happens ?? []) {
    if (happened[name] === undefined) found.push(`expected ${name} to happen, but it never does`);
  }
  for (const name of expected.never ?? []) {
    const times = happened[name] ?? 0;
    if (times === 0) continue;
    const often = times === 1 ? 'once' : `${times} times`;
    found.push(`expected ${name} never to happen, but it does ${often}`);
  }
  compare('the digest', run.digest, expected.digest);
  return found;
}

/** What a run came to, as an expectation that it meets. */
export function expectationOf({ violations, digest }: Run): Expectation {
  const [first] = violations;
  return first === undefined ? { digest } : { violates: first.property, digest };
}

function verdictDifference({ violations }: Run, { violates }: Expectation): string[] {
  const [first] = violations;
  if (first?.property === violates) return [];
  if (first === undefined) return [`expected ${violates} to be violated, but all properties hold`];
  const wanted = violates === undefined ? 'all properties to hold' : `${violates} to be violated`;
  return [`expected ${wanted}, but ${first.property} is violated: ${first.message}`];
}

function show(value: unknown): string {
  if (!Array.isArray(value)) return String(value);
  return value.length === 0 ? 'none' : value.join(', ');
}
