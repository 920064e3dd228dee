import { closeSync, openSync, writeFileSync } from 'node:fs';
import { runDocument } from '../report/json.ts';
import { renderRun } from '../report/terminal.ts';
import { TraceWriter } from '../report/trace.ts';
import { generate } from '../scenario/generate.ts';
import { InputError, type Plan } from '../scenario/plan.ts';
import { reproductionLine } from '../scenario/reproduction.ts';
import { type Run, run } from '../scenario/run.ts';
import { exitCodeOf } from './exit.ts';
import { type PlanFlags, planOptions, quote } from './options.ts';
import { print, stdoutScreen } from './terminal.ts';

export interface RunFlags extends PlanFlags {
  readonly seed: string;
  readonly json?: boolean;
  readonly trace?: string;
}

/** `zabox run`: one seed, one verdict. @returns the exit code */
export function runCommand({ seed, json, trace, ...planFlags }: RunFlags): number {
  const options = planOptions(planFlags);
  const plan = generate(seed, options);
  const startedAt = performance.now();
  const result = trace === undefined ? run(plan) : runTraced(plan, trace);
  const wallMicros = Math.round((performance.now() - startedAt) * 1000);
  const reproduce = reproductionLine(seed, options);
  print(
    json
      ? JSON.stringify(runDocument(result, wallMicros, reproduce))
      : renderRun(result, wallMicros, reproduce, stdoutScreen()),
  );
  return exitCodeOf(result.verdict);
}

/** So many characters of trace are written at once. */
const CHUNK_LENGTH = 1 << 20;

function runTraced(plan: Plan, path: string): Run {
  const file = orInputError(path, () => openSync(path, 'w'));
  let chunk = '';
  const flush = (): void => {
    orInputError(path, () => writeFileSync(file, chunk));
    chunk = '';
  };
  const writer = new TraceWriter((line) => {
    chunk += `${line}\n`;
    if (chunk.length > CHUNK_LENGTH) flush();
  });
  try {
    const result = run(plan, writer);
    flush();
    return result;
  } finally {
    closeSync(file);
  }
}

/** A file that cannot be written is the user's to mend. */
function orInputError<T>(path: string, write: () => T): T {
  try {
    return write();
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new InputError(`--trace: ${quote(path)} cannot be written: ${why}`);
  }
}
