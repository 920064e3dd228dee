import { writeFileSync } from 'node:fs';
import { type Command, Option } from 'commander';
import { type Consistency, newCheck } from '../checkers/consistency/judge.ts';
import { HISTORY_MODELS } from '../checkers/linearizability/models/models.ts';
import { MODEL_NAMES } from '../histories/formats.ts';
import type { RecordedHistory } from '../histories/intake.ts';
import { type CheckedHistory, checkDocument, renderCheck, renderChecks } from '../report/check.ts';
import { renderTimeline } from '../report/timeline.ts';
import { InputError } from '../scenario/input-error.ts';
import { hint } from '../scenario/issues.ts';
import { parseTime } from '../scenario/units.ts';
import { EXIT } from './exit.ts';
import { readHistory } from './history-file.ts';
import { path, quote } from './options.ts';
import { complain, print, stdoutScreen } from './terminal.ts';

interface CheckFlags {
  readonly model?: string;
  readonly session?: boolean;
  readonly sequential?: boolean;
  /** In microseconds. */
  readonly timeout: number;
  /** In bytes. */
  readonly memory: number;
  readonly json?: boolean;
  readonly html?: string;
}

/** A history that could not be judged. */
interface RefusedHistory {
  readonly file: string;
  readonly error: string;
}

const HELP = `
Example: zabox check examples/stale-read.jsonl
         zabox check examples/jepsen.edn --model cas-register --html page.html

A history is JSON lines, plain or gzipped, or Jepsen's EDN; README.md says more.
Exit codes: 0 all are right, 1 one is not, 2 one cannot be read, 3 no verdict.`;

/** Adds `zabox check`. @param exit is told the exit code */
export function addCheck(program: Command, exit: (code: number) => void): void {
  program
    .command('check')
    .description('judge recorded histories of any system: are they linearizable?')
    .argument('<files...>', 'histories')
    .option('--model <name>', 'what the history is of, in place of its header', parseModel)
    .addOption(
      new Option('--session', 'judge what ZooKeeper promises its sessions, by zxids').conflicts(
        'sequential',
      ),
    )
    .option('--sequential', "judge by each process's own order, not by real time")
    .addOption(
      new Option('--timeout <time>', 'give up on a history after this')
        .argParser(parseTimeout)
        .default(30_000_000, '30s'),
    )
    .addOption(
      new Option('--memory <size>', 'give up beyond this, beside the history')
        .argParser(parseSize)
        .default(512 * 2 ** 20, '512MB'),
    )
    .option('--json', 'print JSON instead of the table: of several histories a list')
    .option('--html <file>', 'draw the history as a page', path('--html'))
    .addHelpText('after', HELP)
    .action(async (files: string[], flags: CheckFlags) => {
      exit(await checkCommand(files, flags));
    });
}

/** `zabox check`: histories, and their verdicts. @returns the exit code: the worst there was */
async function checkCommand(files: readonly string[], flags: CheckFlags): Promise<number> {
  if (files.length > 1 && flags.html !== undefined) {
    throw new InputError(`--html: is for one history, and these are ${files.length}`);
  }
  const all: (CheckedHistory | RefusedHistory)[] = [];
  for (const file of files) all.push(await checkFile(file, flags));
  const checked = all.filter((one) => 'result' in one);
  for (const one of all) if ('error' in one) complain(one.error);
  if (checked.length > 0) print(flags.json ? documentOf(all) : textOf(checked, files.length));
  const verdicts = new Set(checked.map(({ result }) => result.verdict));
  if (checked.length < files.length) return EXIT.badInput;
  if (verdicts.has('violation')) return EXIT.violated;
  return verdicts.has('unknown') ? EXIT.noVerdict : EXIT.holds;
}

function textOf(checked: readonly CheckedHistory[], fileCount: number): string {
  const [first] = checked;
  return fileCount === 1 && first !== undefined
    ? renderCheck(first, stdoutScreen())
    : renderChecks(checked, stdoutScreen());
}

function documentOf(all: readonly (CheckedHistory | RefusedHistory)[]): string {
  const documents = all.map((one) => ('error' in one ? one : checkDocument(one)));
  return JSON.stringify(documents.length === 1 ? documents[0] : documents);
}

/** What cannot be read does not keep the others from being judged. */
async function checkFile(
  file: string,
  flags: CheckFlags,
): Promise<CheckedHistory | RefusedHistory> {
  let history: RecordedHistory;
  try {
    history = await readHistory(file, flags.model);
    refuseForeign(file, history, flags);
  } catch (error) {
    if (error instanceof InputError) return { file, error: error.message };
    throw error;
  }
  const checked = judge(file, history, flags);
  if (flags.html !== undefined) writePage(flags.html, renderTimeline(checked));
  return checked;
}

function refuseForeign(file: string, { model }: RecordedHistory, { session }: CheckFlags): void {
  if (session !== true || model === 'znode') return;
  throw new InputError(
    `${file}: --session is for histories of the model znode, whose answers have zxids; this is of ${model}`,
  );
}

function consistencyOf({ session, sequential }: CheckFlags): Consistency {
  if (session === true) return 'session';
  return sequential === true ? 'sequential' : 'linearizable';
}

/** How many steps are taken between two looks at the clock. */
const SLICE_STEPS = 500;

function judge(file: string, history: RecordedHistory, flags: CheckFlags): CheckedHistory {
  const model = HISTORY_MODELS.get(history.model);
  if (model === undefined) throw new InputError(`${file}: nothing judges ${history.model}`);
  const consistency = consistencyOf(flags);
  const options = { memoryMax: flags.memory, order: flags.html !== undefined };
  const startedAt = performance.now();
  const check = newCheck(consistency, history.operations, model, options);
  const deadline = startedAt + flags.timeout / 1000;
  while (!check.advance(SLICE_STEPS) && performance.now() < deadline);
  const result = check.result();
  const checkMicros = Math.round((performance.now() - startedAt) * 1000);
  const { timeout: timeoutMicros } = flags;
  return { file, consistency, history, result, checkMicros, timeoutMicros };
}

function writePage(file: string, page: string): void {
  try {
    writeFileSync(file, page);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new InputError(`--html: ${quote(file)} cannot be written: ${why}`);
  }
}

// Parsers of what a flag was given.

const TIMEOUT_MAX_MICROS = 86_400_000_000;

function parseModel(text: string): string {
  if (MODEL_NAMES.includes(text)) return text;
  const likely = hint(text, MODEL_NAMES);
  const there = likely === '' ? 'there' : `${likely} There`;
  throw new InputError(
    `--model: there is no model ${quote(text)}; ${there} are ${MODEL_NAMES.join(', ')}`,
  );
}

function parseTimeout(text: string): number {
  const micros = parseTime(text);
  if (micros !== null && micros > 0 && micros <= TIMEOUT_MAX_MICROS) return micros;
  throw new InputError(
    `--timeout: ${quote(text)} is not a time up to 24h; write it like 500ms, 30s or 2m`,
  );
}

const SIZES: Readonly<Record<string, number>> = { kB: 2 ** 10, MB: 2 ** 20, GB: 2 ** 30 };

function parseSize(text: string): number {
  const [, number = '', unit = ''] = /^(\d+(?:\.\d+)?) ?(kB|MB|GB)$/.exec(text) ?? [];
  const bytes = Math.round(Number(number) * (SIZES[unit] ?? 0));
  if (bytes > 0) return bytes;
  throw new InputError(`--memory: ${quote(text)} is no size; write it like 64MB or 2GB`);
}
