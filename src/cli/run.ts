import { closeSync, openSync, writeSync } from 'node:fs';
import { Chalk } from 'chalk';
import { runDocument } from '../report/json.ts';
import { renderRun } from '../report/terminal.ts';
import { TraceWriter } from '../report/trace.ts';
import { generate } from '../scenario/generate.ts';
import { InputError } from '../scenario/plan.ts';
import { reproductionLine } from '../scenario/reproduction.ts';
import { type Run, run } from '../scenario/run.ts';
import { EXIT } from './exit.ts';
import { type PlanFlags, planOptions, quote } from './options.ts';

export interface RunFlags extends PlanFlags {
  readonly seed: string;
  readonly json?: boolean;
  readonly trace?: string;
}

/** `zabox run`: one seed, one verdict. @returns the exit code */
export function runCommand(flags: RunFlags): number {
  if (flags.seed === '') throw new InputError("--seed: '' is no seed; any number or text is one");
  const options = planOptions(flags);
  const plan = generate(flags.seed, options);
  const startedAt = performance.now();
  const result = flags.trace === undefined ? run(plan) : runTraced(plan, flags.trace);
  const wallMicros = Math.round((performance.now() - startedAt) * 1000);
  const reproduce = reproductionLine(flags.seed, options);
  const text = flags.json
    ? JSON.stringify(runDocument(result, wallMicros, reproduce))
    : renderRun(result, wallMicros, reproduce, new Chalk());
  console.log(text);
  return result.verdict === 'pass' ? EXIT.holds : EXIT.violated;
}

/** So many bytes of trace are written at once. */
const CHUNK_LENGTH = 1 << 20;

function runTraced(plan: Parameters<typeof run>[0], path: string): Run {
  const file = openForWriting(path);
  let chunk = '';
  const flush = (): void => {
    writeSync(file, chunk);
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

function openForWriting(path: string): number {
  try {
    return openSync(path, 'w');
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new InputError(`--trace: ${quote(path)} cannot be written: ${why}`);
  }
}
