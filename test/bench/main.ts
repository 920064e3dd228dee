import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import Table from 'cli-table3';
import { count, type Figure, figuresOf } from './figures.ts';
import type { Spread } from './measure.ts';
import { measureRounds } from './rounds.ts';

const USAGE = 'npm run bench -- [--rounds N] [--json]';

function readOptions(): { rounds: number; json: boolean } {
  const { values } = parseArgs({
    options: {
      rounds: { type: 'string', default: '2' },
      json: { type: 'boolean', default: false },
    },
  });
  const rounds = Number(values.rounds);
  if (!Number.isInteger(rounds) || rounds < 1) throw new Error(`usage: ${USAGE}`);
  return { rounds, json: values.json };
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

const { rounds, json } = readOptions();
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
