#!/usr/bin/env -S node --max-semi-space-size=64
// A run makes little but short-lived objects: a larger nursery spares a tenth of its time.
import { readFileSync } from 'node:fs';
import { Command, CommanderError } from 'commander';
import { bugIds } from '../bugs/catalogue.ts';
import { Defect } from '../kernel/assert.ts';
import { InputError } from '../scenario/input-error.ts';
import { CLIENTS_MAX, OBSERVERS_MAX, SERVERS_MAX } from '../scenario/limits.ts';
import { addCheck } from './check.ts';
import { addDemo } from './demo.ts';
import { EXIT } from './exit.ts';
import { type FuzzFlags, fuzzCommand } from './fuzz.ts';
import { parseBug, parseDuration, parseWithout, path, seed, wholeNumber } from './options.ts';
import { type RunFlags, replayCommand, runCommand } from './run.ts';
import { complain } from './terminal.ts';

const SEEDS_MAX = 1_000_000_000;

const GENERAL_HELP = `
Example: zabox run --seed 42

Exit codes: 0 all properties hold, 1 a property is violated,
2 the input is wrong, 3 no verdict (a check that gave up, or a defect in zabox),
4 nothing was proved.`;

let exitCode: number = EXIT.holds;

function exitWith(code: number): void {
  exitCode = code;
}

function newProgram(): Command {
  const program = new Command('zabox')
    .description("deterministic simulation and fault injection for ZooKeeper's consensus")
    .version(version(), '-V, --version', 'print the version')
    .exitOverride()
    .configureOutput({ writeErr: () => {} })
    .addHelpText('after', GENERAL_HELP);
  addRun(program);
  addReplay(program);
  addFuzz(program);
  addCheck(program, exitWith);
  addDemo(program, exitWith);
  return program;
}

function addRun(program: Command): void {
  const run = program
    .command('run')
    .description('run one seed, or scenario files, and judge what happens')
    .argument('[files...]', 'scenario files, or directories of them')
    .option(
      '--seed <seed>',
      'a number or a word; 42 and 0x2a are the same (default: 42)',
      seed('--seed'),
    );
  addPlanFlags(run)
    .option('--json', 'print one JSON document instead of the table')
    .option('--trace <file>', 'write everything that happens, as JSON lines', path('--trace'))
    .option('--save <file>', "keep the seed's run as a scenario file", path('--save'))
    .option('--history <file>', 'write what clients saw, for zabox check', path('--history'))
    .addHelpText('after', RUN_HELP)
    .action((files: string[], flags: RunFlags) => {
      exitCode = runCommand(files, flags);
    });
}

const RUN_HELP = `
Example: zabox run --seed 0x2a --servers 3 --bug skip-trunc
         zabox run scenarios/election

A scenario that comes to what its file expects exits with 0, violation or not.`;

function addReplay(program: Command): void {
  program
    .command('replay')
    .description('run a saved scenario again; exit 1 if it is not what the file says')
    .argument('<file>', 'a scenario file')
    .option('--json', 'print one JSON document instead of the table')
    .option('--trace <file>', 'write everything that happens, as JSON lines', path('--trace'))
    .addHelpText('after', '\nExample: zabox replay scenarios/split-brain/leader-isolated.yaml')
    .allowExcessArguments(false)
    .action((file: string, flags: RunFlags) => {
      exitCode = replayCommand(file, flags);
    });
}

function addFuzz(program: Command): void {
  const fuzz = program
    .command('fuzz')
    .description('run many seeds and judge them')
    .requiredOption('--seeds <number>', 'how many', wholeNumber('--seeds', 1, SEEDS_MAX))
    .option(
      '--seed-start <seed>',
      'the first seed; the others count on',
      seed('--seed-start'),
      '0',
    );
  addPlanFlags(fuzz)
    .allowExcessArguments(false)
    .option('--json', 'print one JSON document instead of the summary')
    .addHelpText('after', '\nExample: zabox fuzz --seeds 1000 --bug zookeeper-4646')
    .action(async (flags: FuzzFlags) => {
      exitCode = await fuzzCommand(flags);
    });
}

/** Of this package, from the file that names it. */
function version(): string {
  const file = new URL('../../package.json', import.meta.url);
  const { version } = JSON.parse(readFileSync(file, 'utf8')) as { version: string };
  return version;
}

function addPlanFlags(command: Command): Command {
  const servers = wholeNumber('--servers', 1, SERVERS_MAX);
  const observers = wholeNumber('--observers', 0, OBSERVERS_MAX);
  const clients = wholeNumber('--clients', 0, CLIENTS_MAX);
  return command
    .option('--servers <number>', 'servers that vote (default: 5)', servers)
    .option('--observers <number>', 'servers that only learn (default: from the seed)', observers)
    .option('--clients <number>', 'clients (default: from the seed)', clients)
    .option('--duration <time>', 'simulated time, like 90s or 2m (default: 60s)', parseDuration)
    .option('--bug <id>', `give the servers a bug: ${bugIds().join(', ')}`, parseBug)
    .option('--without <property>', 'do not judge this property; may be given again', parseWithout);
}

/** Tells what has gone wrong. @returns the exit code */
function report(error: unknown): number {
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) return EXIT.holds;
    complain(`${describe(error)}; see zabox --help`);
    return EXIT.badInput;
  }
  if (error instanceof InputError) {
    complain(error.message);
    return EXIT.badInput;
  }
  complain(error instanceof Defect ? `defect: ${error.message}` : 'defect');
  if (error instanceof Error) console.error(error.stack);
  return EXIT.noVerdict;
}

function describe({ code, message }: CommanderError): string {
  // It would print the whole help where no command, or none that exists, is named.
  if (code === 'commander.help') return 'name a command: run, replay, fuzz, check or demo';
  return message.replace(/^error: /, '').replace(/\.$/, '');
}

/** A reader that has seen enough, like `head`, is no error. */
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') return;
  complain(`stdout cannot be written: ${error.message}`);
  process.exit(EXIT.badInput);
});

try {
  await newProgram().parseAsync();
} catch (error) {
  exitCode = report(error);
}
process.exitCode = exitCode;
