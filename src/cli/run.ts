import { closeSync, openSync, writeFileSync } from 'node:fs';
import type { Property } from '../checkers/violation.ts';
import { runHistoryLines } from '../histories/run-history.ts';
import { runDocument, type ScenarioDocument, scenarioDocument } from '../report/json.ts';
import { renderScenario, renderScenarios } from '../report/scenario.ts';
import { renderRun } from '../report/terminal.ts';
import { TraceWriter } from '../report/trace.ts';
import { differences } from '../scenario/expectation.ts';
import { generate } from '../scenario/generate.ts';
import { InputError } from '../scenario/input-error.ts';
import type { Plan } from '../scenario/plan.ts';
import { replayLine, reproductionLine } from '../scenario/reproduction.ts';
import { type Run, type RunOptions, run } from '../scenario/run.ts';
import { EXIT, exitCodeOf } from './exit.ts';
import { type JudgeFlags, type PlanFlags, planOptions, quote } from './options.ts';
import { checkFree, readScenarios, type ScenarioFile, saveScenario } from './scenarios.ts';
import { print, stdoutScreen } from './terminal.ts';

export interface RunFlags extends PlanFlags, JudgeFlags {
  readonly seed?: string;
  readonly json?: boolean;
  readonly trace?: string;
  readonly save?: string;
  readonly history?: string;
}

const DEFAULT_SEED = '42';

/** `zabox run`: a seed, or scenarios, and their verdicts. @returns the exit code */
export function runCommand(paths: readonly string[], flags: RunFlags): number {
  return paths.length === 0 ? runSeed(flags) : runScenarios(paths, flags);
}

/** `zabox replay`: a scenario, and whether it comes to what its file says. @returns the exit code */
export function replayCommand(path: string, flags: Pick<RunFlags, 'json' | 'trace'>): number {
  return runScenarios([path], flags);
}

function runSeed(flags: RunFlags): number {
  const { seed = DEFAULT_SEED, json, trace, save, history, without = [], ...planFlags } = flags;
  const options = planOptions(planFlags);
  if (save !== undefined) checkFree(save);
  const { result, wallMicros } = timed(generate(seed, options), trace, without);
  const reproduce = reproductionLine(seed, options, without);
  if (save !== undefined) saveScenario(save, result, without);
  if (history !== undefined) saveHistory(history, result, reproduce);
  print(
    json
      ? JSON.stringify(runDocument(result, wallMicros, reproduce))
      : renderRun(result, wallMicros, reproduce, stdoutScreen()),
  );
  return exitCodeOf(result.verdict);
}

/** A scenario that comes to what is expected of it is as it should be, a violation included. */
function runScenarios(paths: readonly string[], flags: RunFlags): number {
  const { json, trace, history, ...planFlags } = flags;
  const [flag] = Object.keys(planFlags);
  if (flag !== undefined) {
    throw new InputError(`--${flag}: is for seeds; a scenario says itself what is run`);
  }
  const files = readScenarios(paths);
  if (files.length > 1 && trace !== undefined) {
    throw new InputError(`--trace: is for one scenario, and these are ${files.length}`);
  }
  if (files.length > 1 && history !== undefined) {
    throw new InputError(`--history: is for one scenario, and these are ${files.length}`);
  }
  const played = files.map((file) => runScenario(file, trace, history));
  print(json ? toJson(played) : toText(played));
  const isAsExpected = played.every(({ document }) => document.differences.length === 0);
  return isAsExpected ? EXIT.holds : EXIT.violated;
}

/** One document of one scenario, a list of several. */
function toJson(played: readonly PlayedScenario[]): string {
  const documents = played.map(({ document }) => document);
  return JSON.stringify(documents.length === 1 ? documents[0] : documents);
}

/** One scenario in full, several with a line each. */
function toText(played: readonly PlayedScenario[]): string {
  const [only] = played;
  if (only !== undefined && played.length === 1) return only.text();
  return renderScenarios(
    played.map(({ document }) => document),
    stdoutScreen(),
  );
}

interface PlayedScenario {
  readonly document: ScenarioDocument;
  text(): string;
}

function runScenario(
  { file, scenario }: ScenarioFile,
  trace: string | undefined,
  history: string | undefined,
): PlayedScenario {
  const { plan, without = [] } = scenario;
  const { result, wallMicros } = timed(plan, trace, without);
  if (history !== undefined) saveHistory(history, result, replayLine(file));
  const found = differences(result, scenario.expect);
  return {
    document: scenarioDocument(scenario, file, result, found, wallMicros),
    text: () => renderScenario(scenario, file, result, found, wallMicros, stdoutScreen()),
  };
}

/** Writes what the clients saw of registers, for `zabox check`. */
function saveHistory(path: string, { history }: Run, madeBy: string): void {
  const lines = [...runHistoryLines(history, madeBy)];
  orInputError('--history', path, () => writeFileSync(path, `${lines.join('\n')}\n`));
}

function timed(
  plan: Plan,
  trace: string | undefined,
  without: readonly Property[],
): { result: Run; wallMicros: number } {
  const options = { without };
  const startedAt = performance.now();
  const result =
    trace === undefined ? run(plan, undefined, options) : runTraced(plan, trace, options);
  return { result, wallMicros: Math.round((performance.now() - startedAt) * 1000) };
}

/** So many characters of trace are written at once. */
const CHUNK_LENGTH = 1 << 20;

function runTraced(plan: Plan, path: string, options: RunOptions): Run {
  const file = orInputError('--trace', path, () => openSync(path, 'w'));
  let chunk = '';
  const flush = (): void => {
    orInputError('--trace', path, () => writeFileSync(file, chunk));
    chunk = '';
  };
  const writer = new TraceWriter((line) => {
    chunk += `${line}\n`;
    if (chunk.length > CHUNK_LENGTH) flush();
  });
  try {
    const result = run(plan, writer, options);
    flush();
    return result;
  } finally {
    closeSync(file);
  }
}

/** A file that cannot be written is the user's to mend. */
function orInputError<T>(flag: string, path: string, write: () => T): T {
  try {
    return write();
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new InputError(`${flag}: ${quote(path)} cannot be written: ${why}`);
  }
}
