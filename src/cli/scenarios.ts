import { openSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
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

/**
 * Keeps a run as a scenario that expects what it came to.
 *
 * @param without what was not judged
 * @throws {@link InputError} if the file is there already, or cannot be written
 */
export function saveScenario(path: string, run: Run, without: readonly Property[]): void {
  const scenario = scenarioOf(run);
  const text = formatScenario(without.length === 0 ? scenario : { ...scenario, without });
  orInputError(path, 'written', () => {
    const file = openSync(path, 'wx');
    writeFileSync(file, text);
  });
}

function scenarioOf(run: Run): Scenario {
  const { plan, violations } = run;
  const { seed, bug } = plan;
  const shown = displaySeed(seed);
  const came =
    violations[0] === undefined
      ? 'in which all properties hold'
      : `violates ${violations[0].property}`;
  const what = bug === null ? `Seed ${shown}` : `Seed ${shown} with the bug ${bug}`;
  return {
    name: bug === null ? `seed-${shown}` : `${bug}-${shown}`,
    why: `${what} ${violations[0] === undefined ? 'is a run ' : ''}${came}.`,
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
    const { size } = statSync(path);
    if (size > SCENARIO_BYTES_MAX) {
      const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;
      throw new InputError(
        `${path}: is ${megabytes(size)} long, a scenario ${megabytes(SCENARIO_BYTES_MAX)} at most`,
      );
    }
    return readFileSync(path, 'utf8');
  });
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EEXIST: 'the file is there already',
  EACCES: 'access is denied',
  EISDIR: 'it is a directory',
};

/** A file that cannot be read or written is the user's to mend. */
function orInputError<T>(path: string, how: 'read' | 'written', act: () => T): T {
  try {
    return act();
  } catch (error) {
    if (error instanceof InputError) throw error;
    const { code, message } = error as NodeJS.ErrnoException;
    throw new InputError(`${path}: cannot be ${how}: ${REASONS[code ?? ''] ?? message}`);
  }
}
