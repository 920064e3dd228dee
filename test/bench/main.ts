import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import Table from 'cli-table3';
import { benchChecks } from './check/check.ts';
import { count, type Figure, figuresOf } from './figures.ts';
import type { Spread } from './measure.ts';
import { measureRounds } from './rounds.ts';

const USAGE = `usage: npm run bench -- [--rounds N] [--json]
         The simulator: N rounds, 2 if not given.
       npm run bench -- check [--each] [HISTORIES ...]
         The linearizability checker, by family, or each history with --each.
         Files or folders; without them, what ZABOX_HISTORIES names.`;

interface Options {
  readonly rounds: number;
  readonly json: boolean;
  readonly each: boolean;
  readonly positionals: readonly string[];
}

function readOptions(): Options {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      rounds: { type: 'string', default: '2' },
      json: { type: 'boolean', default: false },
      each: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    console.log(USAGE);
    process.exit();
  }
  const rounds = Number(values.rounds);
  if (!Number.isInteger(rounds) || rounds < 1) {
    throw new Error(`--rounds takes a whole number of at least 1, not ${values.rounds}`);
  }
  return { rounds, json: values.json, each: values.each, positionals };
}

function historiesOf(paths: readonly string[]): readonly string[] {
  const { ZABOX_HISTORIES: folder } = process.env;
  if (paths.length > 0) return paths;
  if (folder === undefined) throw new Error('name histories, or set ZABOX_HISTORIES');
  return [folder];
}

function swing({ median, least, most }: Spread): string {
  const percent = (value: number): string => Math.round((value / median - 1) * 100).toFixed(0);
  return `${percent(least)}/+${percent(most)} %`;
}

function tableOf(figures: readonly Figure[]): string {
  const table = new Table({
    head: ['what', 'per second of processor time', 'median', 'spread', 'ratio', ''],
    style: { head: [], border: [], compact: true },
    colAligns: ['left', 'left', 'right', 'right', 'right', 'left'],
  });
  for (const { name, unit, value, ratio, meaning } of figures) {
    const quotient = ratio === null ? '' : ratio.median.toFixed(2);
    table.push([name, unit, count(value.median), swing(value), quotient, meaning]);
  }
  return table.toString();
}

async function benchRuns({ rounds, json }: Options): Promise<void> {
  const figures = figuresOf(await measureRounds(rounds));
  const machine = `${cpus().length} cores, ${cpus()[0]?.model.trim()}`;
  const node = process.version;
  if (json) {
    console.log(JSON.stringify({ machine, node, rounds, figures }, null, 2));
  } else {
    console.log(tableOf(figures));
    console.log(
      `medians of three times ${rounds} rounds, with the least and the most; Node ${node}; ${machine}`,
    );
  }
}

async function main(): Promise<void> {
  const options = readOptions();
  const [what, ...paths] = options.positionals;
  if (what === undefined) await benchRuns(options);
  else if (what === 'check') benchChecks(historiesOf(paths), options);
  else throw new Error(`there is no benchmark ${what}`);
}

try {
  await main();
} catch (error) {
  console.error(error instanceof Error ? `bench: ${error.message}` : error);
  console.error(USAGE);
  process.exitCode = 2;
}
