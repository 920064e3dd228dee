import type { Violation } from '../checkers/violation.ts';
import type { Run, RunStats, Verdict } from '../scenario/run.ts';

/** A run as `zabox run --json` prints it. */
export interface RunDocument {
  readonly seed: string;
  readonly verdict: Verdict;
  readonly violations: readonly Violation[];
  readonly digest: string;
  readonly simulatedMicros: number;
  readonly wallMicros: number;
  readonly events: number;
  readonly stats: RunStats;
  /** The command that repeats it. */
  readonly reproduce: string;
}

export function runDocument(run: Run, wallMicros: number, reproduce: string): RunDocument {
  const { plan, verdict, violations, digest, simulatedMicros, events, stats } = run;
  const { seed } = plan;
  return {
    seed,
    verdict,
    violations,
    digest,
    simulatedMicros,
    wallMicros,
    events,
    stats,
    reproduce,
  };
}
