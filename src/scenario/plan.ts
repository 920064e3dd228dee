import type { Fault } from '../faults/fault.ts';
import type { WorkloadSettings } from '../workload/settings.ts';
import type { Latency } from '../world/link.ts';
import type { EnsembleConfig } from '../zab/config.ts';
import { findContradiction } from './contradictions.ts';
import { InputError } from './input-error.ts';
import { describeIssue, IN_MEMORY } from './issues.ts';
import { optionsSchema, planSchema } from './schema.ts';

/**
 * Everything that a run does follows from its plan: plain data, valid JSON. Times are microseconds
 * of simulated time unless their name says otherwise, rates parts per million.
 */
export interface Plan {
  readonly version: 1;
  readonly seed: string;
  /** Servers that vote; their ids are 1 to `servers`, those of the observers follow. */
  readonly servers: number;
  readonly observers: number;
  readonly clients: number;
  /** The clients work for so long. */
  readonly durationMicros: number;
  /** Then all faults end, and from then on the ensemble owes progress. */
  readonly healAtMicros: number;
  readonly timing: Omit<EnsembleConfig, 'voters' | 'observers'>;
  readonly network: {
    readonly transport: 'stream' | 'datagram';
    readonly latency: Latency;
    /** What each link carries; 0 where the length of messages is of no account. */
    readonly bytesPerSecond: number;
  };
  readonly disk: { readonly syncMinMicros: number; readonly syncMaxMicros: number };
  /** How long a thread of a server waits for the processor. */
  readonly threads: { readonly minMicros: number; readonly maxMicros: number };
  /** When each server is started for the first time, in the order of their ids. */
  readonly startsMicros: readonly number[];
  /** The clocks of the servers, in the order of their ids. */
  readonly clocks: readonly { readonly driftPpm: number; readonly offsetMicros: number }[];
  readonly workload: WorkloadSettings;
  readonly faults: readonly Fault[];
  /** The bug that the servers or the clients have; `null` for none. */
  readonly bug: string | null;
}

/** Where in a plan something is wrong, and what would be right. */
export interface Problem {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

/**
 * Checks the part of a plan that whoever generates one may choose.
 *
 * @throws {@link InputError} in one line
 */
export function checkOptions(options: unknown): void {
  const issue = optionsSchema.safeParse(options, { reportInput: true }).error?.issues[0];
  if (issue !== undefined) fail('options', describeIssue(issue, IN_MEMORY));
}

/**
 * Checks that a value is a plan.
 *
 * @throws {@link InputError} in one line: where it is wrong, and what would be right
 */
export function parsePlan(value: unknown): Plan {
  const result = planSchema.safeParse(value, { reportInput: true });
  const issue = result.error?.issues[0];
  if (issue !== undefined) fail('plan', describeIssue(issue, IN_MEMORY));
  // Without an issue there is a plan.
  const plan = result.data as Plan;
  const problem = findContradiction(plan, IN_MEMORY);
  if (problem !== null) fail('plan', problem);
  return plan;
}

function fail(what: string, { path, message }: Problem): never {
  const where = path.length === 0 ? '' : `${path.join('.')}: `;
  throw new InputError(`${what}: ${where}${message}`);
}
