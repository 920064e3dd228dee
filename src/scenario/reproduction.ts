import type { Property } from '../checkers/violation.ts';
import type { PlanOptions } from './generate.ts';
import { canonicalSeed, displaySeed } from './seed.ts';

/**
 * The command that repeats a generated run, complete on its own.
 *
 * @param without the properties that were not judged
 */
export function reproductionLine(
  seed: string,
  options: PlanOptions,
  without: readonly Property[] = [],
): string {
  const words = ['npx zabox run', `--seed ${quoted(displaySeed(canonicalSeed(seed)))}`];
  if (options.servers !== undefined) words.push(`--servers ${options.servers}`);
  if (options.observers !== undefined) words.push(`--observers ${options.observers}`);
  if (options.clients !== undefined) words.push(`--clients ${options.clients}`);
  if (options.durationMicros !== undefined) {
    words.push(`--duration ${options.durationMicros / 1e6}s`);
  }
  if (options.bug !== undefined && options.bug !== null) words.push(`--bug ${options.bug}`);
  if (without.length > 0) words.push(`--without ${without.join(',')}`);
  return words.join(' ');
}

/** The command that repeats the run of a scenario file. */
export function replayLine(file: string): string {
  return `npx zabox replay ${quoted(file)}`;
}

function quoted(word: string): string {
  return /^[\w./:@+-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
