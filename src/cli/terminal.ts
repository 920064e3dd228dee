import { Chalk } from 'chalk';
import type { Screen } from '../report/terminal.ts';

/** What stdout can show. Colour on a terminal only, and never against `NO_COLOR`. */
export function stdoutScreen(): Screen {
  const { NO_COLOR } = process.env;
  return {
    color: NO_COLOR ? new Chalk({ level: 0 }) : new Chalk(),
    columns: process.stdout.isTTY ? process.stdout.columns : Number.POSITIVE_INFINITY,
  };
}

export function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** One line on stderr, whatever was quoted from the input. */
export function complain(text: string): void {
  process.stderr.write(`zabox: ${text.replaceAll(/\p{Cc}+/gu, ' ')}\n`);
}
