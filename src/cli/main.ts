#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { Command, CommanderError } from 'commander';
import { Defect } from '../kernel/assert.ts';
import { InputError } from '../scenario/plan.ts';
import { EXIT } from './exit.ts';
import { fuzzCommand } from './fuzz.ts';
import { runCommand } from './run.ts';

const EXIT_CODES = `
Exit codes: 0 all properties hold, 1 a property is violated, 2 the input is wrong,
3 a defect in zabox itself, 4 nothing was proved.`;

let exitCode: number = EXIT.holds;

function newProgram(): Command {
  const program = new Command('zabox')
    .description("deterministic simulation and fault injection for ZooKeeper's consensus")
    .version(version(), '-V, --version', 'print the version')
    .exitOverride()
    .configureOutput({ outputError: () => {} })
    .showSuggestionAfterError(true)
    .addHelpText('after', EXIT_CODES);
  const run = program.command('run').description('run one seed and judge it');
  addPlanFlags(run.option('--seed <seed>', 'any number or text; 42 and 0x2a are the same', '42'))
    .option('--json', 'print one JSON document instead of the table')
    .option('--trace <file>', 'write everything that happens to a file, as JSON lines')
    .addHelpText('after', '\nExample: zabox run --seed 0x2a --servers 3 --bug skip-trunc')
    .action((flags) => {
      exitCode = runCommand(flags);
    });
  const fuzz = program.command('fuzz').description('run many seeds and judge them');
  addPlanFlags(
    fuzz
      .requiredOption('--seeds <number>', 'how many')
      .option('--seed-start <seed>', 'the first seed; the others count on', '0'),
  )
    .option('--json', 'print one JSON document instead of the summary')
    .addHelpText('after', '\nExample: zabox fuzz --seeds 1000 --bug zookeeper-4646')
    .action(async (flags) => {
      exitCode = await fuzzCommand(flags);
    });
  return program;
}

/** Of this package, from the file that names it. */
function version(): string {
  const file = new URL('../../package.json', import.meta.url);
  const { version } = JSON.parse(readFileSync(file, 'utf8')) as { version: string };
  return version;
}

function addPlanFlags(command: Command): Command {
  return command
    .option('--servers <number>', 'servers that vote (default: 5)')
    .option('--observers <number>', 'servers that do not vote (default: drawn from the seed)')
    .option('--clients <number>', 'clients (default: drawn from the seed)')
    .option('--duration <time>', 'simulated time, like 90s or 2m (default: 60s)')
    .option('--bug <id>', 'give the servers a bug')
    .allowExcessArguments(false);
}

/** One line on stderr: what is wrong, where, and what would be right. */
function report(error: unknown): number {
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) return EXIT.holds;
    if (error.code === 'commander.help') return EXIT.badInput;
    complain(`${error.message.replace(/^error: /, '').replaceAll('\n', ' ')}; see zabox --help`);
    return EXIT.badInput;
  }
  if (error instanceof InputError) {
    complain(error.message);
    return EXIT.badInput;
  }
  complain(error instanceof Defect ? `defect: ${error.message}` : 'defect');
  if (error instanceof Error) console.error(error.stack);
  return EXIT.defect;
}

function complain(text: string): void {
  console.error(`zabox: ${text}`);
}

try {
  await newProgram().parseAsync();
} catch (error) {
  exitCode = report(error);
}
process.exitCode = exitCode;
