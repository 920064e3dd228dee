import type { Violation } from '../checkers/violation.ts';
import { replayLine } from '../scenario/reproduction.ts';
import type { Run, RunStats, Verdict } from '../scenario/run.ts';
import type { Scenario } from '../scenario/scenario.ts';

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

/** A scenario's run as `zabox run FILE --json` prints it. */
export interface ScenarioDocument extends RunDocument {
  readonly name: string;
  readonly file: string;
  /** How the run differs from what the scenario expects; empty if it does not. */
  readonly differences: readonly string[];
}

export function scenarioDocument(
  { name }: Scenario,
  file: string,
  run: Run,
  differences: readonly string[],
  wallMicros: number,
): ScenarioDocument {
  const document = runDocument(run, wallMicros, replayLine(file));
  return { name, file, differences, ...document };
}
