import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { InputError } from '../../src/scenario/input-error.ts';
import { onlyDifferent } from './compare.ts';
import type { Recording } from './format.ts';
import { parseRecording } from './recording.ts';
import { type Difference, replay } from './replay.ts';

const EXIT = { equal: 0, different: 1, badInput: 2, defect: 3 };

const SHOWN = 20;
const SHOWN_LENGTH = 1000;

const USAGE = `Usage: npm run conformance -- DIR [--all]

Replays the recordings of a real ZooKeeper server that are in DIR (*.jsonl, one sequence of steps
each), every one against a simulated server of its own, and compares what comes of each step.

  DIR     for example test/conformance/recordings
  --all   show all differences, not only the first ${SHOWN}
  --help  show this

Of each difference only the fields that differ are shown.
Exit codes: 0 every step is equal, 1 some differ, 2 the input is wrong,
3 a defect in the harness itself.`;

/** @throws {@link InputError} in one line, if there is anything wrong with what is there */
function readRecordings(directory: string): Recording[] {
  let files: string[];
  try {
    files = readdirSync(directory).filter((file) => file.endsWith('.jsonl'));
  } catch {
    throw new InputError(`${directory}: no such directory`);
  }
  if (files.length === 0) throw new InputError(`${directory}: there are no recordings (*.jsonl)`);
  return files.sort().map((file) => parseRecording(file, read(join(directory, file))));
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    throw new InputError(`${file}: cannot be read`);
  }
}

function show(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length <= SHOWN_LENGTH ? text : `${text.slice(0, SHOWN_LENGTH)} …`;
}

function print(directory: string, showsAll: boolean): number {
  const recordings = readRecordings(directory);
  const differences = recordings.flatMap((recording) => replay(recording));
  const steps = recordings.reduce((sum, recording) => sum + recording.steps.length, 0);
  const different = differences.length;
  console.log(
    `sequences ${recordings.length}, steps ${steps}, equal ${steps - different}, different ${different}`,
  );
  const shown = showsAll ? differences : differences.slice(0, SHOWN);
  for (const difference of shown) printDifference(difference);
  if (shown.length < different) console.log(`\n… and ${different - shown.length} more (--all)`);
  return different === 0 ? EXIT.equal : EXIT.different;
}

function printDifference({ file, step, op, expected, got }: Difference): void {
  const parts = onlyDifferent(expected, got);
  console.log(`\n${file} step ${step} ${op}`);
  console.log(`  expected ${show(parts.expected)}`);
  console.log(`  got      ${show(parts.got)}`);
}

function main(): number {
  const { values, positionals } = parseArgs({
    options: { all: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } },
    allowPositionals: true,
  });
  if (values.help === true) {
    console.log(USAGE);
    return EXIT.equal;
  }
  const [directory, ...others] = positionals;
  if (directory === undefined || others.length > 0) {
    throw new InputError('one directory of recordings is needed; see --help');
  }
  return print(directory, values.all === true);
}

/** One line on stderr for what the user has done wrong, and all there is for what we have. */
function report(error: unknown): number {
  if (error instanceof InputError || isUsageError(error)) {
    console.error(`conformance: ${error.message.replaceAll('\n', ' ')}`);
    return EXIT.badInput;
  }
  console.error(error);
  return EXIT.defect;
}

function isUsageError(error: unknown): error is Error {
  return (
    error instanceof Error && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS')
  );
}

try {
  process.exitCode = main();
} catch (error) {
  process.exitCode = report(error);
}
