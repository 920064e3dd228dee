import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import Table from 'cli-table3';
import { checkHistory } from '../../../src/checkers/linearizability/history-check.ts';
import { HISTORY_MODELS } from '../../../src/checkers/linearizability/models/models.ts';
import type { CheckResult } from '../../../src/checkers/linearizability/result.ts';
import {
  type HistoryFile,
  operationsOfDefect,
  readHistoryFile,
} from '../../support/history-file.ts';
import { spread, timed } from '../measure.ts';
import { familyOf } from './families.ts';

const MILLIS = 1000;
const MEBIBYTE = 2 ** 20;
/** Timings of one history; each repeats the check until it takes so many seconds. */
const TIMINGS = 5;
const TIMING_SECONDS = 0.004;
/** A history that takes longer is timed less often. */
const SECONDS_MAX = 1.5;

/** One history's check. */
interface Checked {
  readonly name: string;
  readonly operations: number;
  readonly declared: boolean | null;
  readonly result: CheckResult;
  readonly millis: number;
  /** Operations of the planted defect that the evidence has to be measured by. */
  readonly planted: number | null;
}

/** Checks all histories in folders and prints what they take, by families; sets the exit code. */
export function benchChecks(paths: readonly string[], { each }: { each: boolean }): void {
  const checked = paths
    .flatMap(historiesIn)
    .sort()
    .map((path) => check(path));
  if (each) for (const one of checked) console.log(lineOf(one));
  const families = new Map<string, Checked[]>();
  for (const one of checked) {
    const family = familyOf(one.name);
    families.set(family, [...(families.get(family) ?? []), one]);
  }
  console.log(tableOf(families));
  const wrong = checked.filter(isWrong);
  for (const { name, result } of wrong) console.log(`${name}: ${result.verdict}`);
  if (wrong.length > 0) process.exitCode = 1;
}

function historiesIn(path: string): string[] {
  if (/\.jsonl(\.gz)?$/.test(path)) return [path];
  return readdirSync(path, { withFileTypes: true }).flatMap((entry) => {
    const inside = join(path, entry.name);
    return entry.isDirectory() || /\.jsonl(\.gz)?$/.test(entry.name) ? historiesIn(inside) : [];
  });
}

function check(path: string): Checked {
  const file = readHistoryFile(path);
  const model = HISTORY_MODELS.get(file.header.model);
  if (model === undefined) throw new Error(`${path}: no model ${file.header.model}`);
  const millis = timeOf(() => checkHistory(file.operations, model, { evidence: false }));
  return {
    name: basename(path).replace(/\.jsonl(\.gz)?$/, ''),
    operations: file.operations.length,
    declared: file.header.linearizable,
    result: checkHistory(file.operations, model),
    millis,
    planted: plantedIn(file),
  };
}

/** Milliseconds of processor time, warm. */
function timeOf(work: () => void): number {
  let repeats = 1;
  let total = 0;
  for (let took = timed(work); took < TIMING_SECONDS; repeats *= 2) {
    took = timed(() => repeat(work, repeats * 2));
  }
  const timings: number[] = [];
  while (timings.length < TIMINGS && total < SECONDS_MAX) {
    const seconds = timed(() => repeat(work, repeats));
    total += seconds;
    timings.push((seconds * MILLIS) / repeats);
  }
  return spread(timings).median;
}

function repeat(work: () => void, times: number): void {
  for (let count = 0; count < times; count++) work();
}

/** `flip` says which read was changed, not what proves it. */
function plantedIn(file: HistoryFile): number | null {
  const { defect, linearizable } = file.header;
  if (defect === undefined || defect.kind === 'flip' || linearizable !== false) return null;
  return operationsOfDefect(file).length;
}

function isWrong({ declared, result }: Checked): boolean {
  if (result.verdict === 'unknown') return true;
  return declared !== null && declared !== (result.verdict === 'pass');
}

function lineOf({ name, operations, millis, result, planted }: Checked): string {
  const { verdict, routes, steps, peakBytes, evidence } = result;
  const memory = `${(peakBytes / MEBIBYTE).toFixed(1)} MiB`;
  const proof = evidence === null ? '' : `, evidence ${evidence.operations.length}`;
  const defect = planted === null ? '' : ` of at most ${2 * planted}`;
  const work = `${millis.toFixed(3)} ms, ${steps} steps, ${memory}, ${routes.join(' ')}`;
  return `${name}: ${verdict}, ${operations} operations, ${work}${proof}${defect}`;
}

function tableOf(families: ReadonlyMap<string, readonly Checked[]>): string {
  const table = new Table({
    head: ['family', 'histories', 'operations', 'wrong', 'ms in sum', 'slowest', 'us/operation'],
    style: { head: [], border: [], compact: true },
    colAligns: ['left', 'right', 'right', 'right', 'right', 'right', 'right'],
  });
  for (const [family, checked] of families) {
    const operations = sum(checked.map((one) => one.operations));
    const millis = sum(checked.map((one) => one.millis));
    const slowest = Math.max(...checked.map((one) => one.millis));
    table.push([
      family,
      checked.length,
      operations,
      checked.filter(isWrong).length,
      millis.toFixed(1),
      slowest.toFixed(2),
      ((millis * MILLIS) / operations).toFixed(2),
    ]);
  }
  return table.toString();
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
