import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Property } from '../checkers/violation.ts';
import { expectationOf } from '../scenario/expectation.ts';
import { InputError } from '../scenario/input-error.ts';
import type { Run } from '../scenario/run.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { formatScenario, parseScenario, SCENARIO_BYTES_MAX } from '../scenario/scenario-file.ts';
import { displaySeed } from '../scenario/seed.ts';

/** A scenario, and where it was found. */
export interface ScenarioFile {
  readonly file: string;
  readonly scenario: Scenario;
}

const SCENARIO_NAME = /(?<!\.schema)\.(ya?ml|json)$/;

/**
 * Reads scenario files, and all of those in directories.
 *
 * @throws {@link InputError} at the first that cannot be read, or is not a scenario
 */
export function readScenarios(paths: readonly string[]): ScenarioFile[] {
  const files = paths.flatMap((path) => (isDirectory(path) ? scenariosIn(path) : [path]));
  return files.map((file) => ({ file, scenario: parseScenario(readText(file), file) }));
}

/** @throws {@link InputError} if there is a file already where a scenario is to be kept */
export function checkFree(path: string): void {
  if (existsSync(path)) throw new InputError(`${path}: cannot be written: ${THERE_ALREADY}`);
}

/**
 * Keeps a run as a scenario that expects what it came to.
 *
 * @param without what was not judged
 * @throws {@link InputError} if the file is there already, or cannot be written
 */
export function saveScenario(path: string, run: Run, without: readonly Property[]): void {
  const scenario = scenarioOf(run);
  const text = formatScenario(without.length === 0 ? scenario : { ...scenario, without });
  orInputError(path, 'written', () => writeFileSync(path, text, { flag: 'wx' }));
}

const SEED_SHOWN_MAX = 40;

function scenarioOf(run: Run): Scenario {
  const { plan, violations } = run;
  const { seed, bug } = plan;
  const [first] = violations;
  const shown = displaySeed(seed).slice(0, SEED_SHOWN_MAX);
  const what = bug === null ? `Seed ${shown}` : `Seed ${shown} with the bug ${bug}`;
  const came =
    first === undefined ? 'is a run in which all properties hold' : `violates ${first.property}`;
  return {
    name: `${bug ?? 'seed'}-${shown}`,
    why: `${what} ${came}.`,
    expect: expectationOf(run),
    plan,
  };
}

function scenariosIn(directory: string): string[] {
  const entries = readdirSync(directory, { recursive: true, encoding: 'utf8' });
  const files = entries.filter((name) => SCENARIO_NAME.test(name)).sort();
  if (files.length > 0) return files.map((name) => join(directory, name));
  throw new InputError(`${directory}: there is no scenario in this directory`);
}

function isDirectory(path: string): boolean {
  return orInputError(path, 'read', () => statSync(path).isDirectory());
}

function readText(path: string): string {
  return orInputError(path, 'read', () => {
    const stat = statSync(path);
    // What a shell's <(…) stands for has no length beforehand.
    if (!stat.isFile() && !stat.isFIFO()) throw new InputError(`${path}: is not a file`);
    if (stat.size > SCENARIO_BYTES_MAX) {
      const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;
      throw new InputError(
        `${path}: is ${megabytes(stat.size)} long, a scenario ${megabytes(SCENARIO_BYTES_MAX)} at most`,
      );
    }
    return readFileSync(path, 'utf8');
  });
}

const THERE_ALREADY = 'the file is there already';

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EEXIST: THERE_ALREADY,
  EACCES: 'access is denied',
  EISDIR: 'it is a directory',
};

/** A file that cannot be read or written is the user's to mend. */
function orInputError<T>(path: string, how: 'read' | 'written', act: () => T): T {
  try {
    return act();
  } catch (error) {
    if (error instanceof InputError) throw error;
    const { code = '', message } = error as NodeJS.ErrnoException;
    const reason = REASONS[code] ?? message;
    throw new InputError(`${path}: cannot be ${how}: ${reason}${hintAtSeed(path, code)}`);
  }
}

/** Whoever gives a number in the place of a file means a seed. */
function hintAtSeed(path: string, code: string): string {
  return code === 'ENOENT' && /^(\d+|0x[\da-f]+)$/i.test(path)
    ? `; did you mean --seed ${path}?`
    : '';
}
