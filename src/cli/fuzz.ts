import { Chalk } from 'chalk';
import { Presets, SingleBar } from 'cli-progress';
import { type CampaignReport, fuzz } from '../campaign/fuzz.ts';
import { renderCampaign } from '../report/terminal.ts';
import { EXIT } from './exit.ts';
import { type PlanFlags, planOptions, wholeNumber } from './options.ts';

export interface FuzzFlags extends PlanFlags {
  readonly seeds: string;
  readonly seedStart: string;
  readonly json?: boolean;
}

const SEEDS_MAX = 1_000_000_000;

/** `zabox fuzz`: many seeds. Ctrl-C ends it with the report of what was run. @returns the exit code */
export async function fuzzCommand(flags: FuzzFlags): Promise<number> {
  const seeds = wholeNumber('--seeds', flags.seeds, 1, SEEDS_MAX);
  const plan = planOptions(flags);
  const bar = process.stderr.isTTY ? newBar(seeds) : null;
  let isInterrupted = false;
  const interrupt = (): void => {
    isInterrupted = true;
  };
  process.once('SIGINT', interrupt);
  const report = await fuzz({ seeds, seedStart: flags.seedStart, plan }, (progress) => {
    bar?.update(progress.seeds, { violated: progress.violated });
    return !isInterrupted;
  });
  process.off('SIGINT', interrupt);
  bar?.update(report.seeds, { violated: report.violated });
  bar?.stop();
  console.log(flags.json ? JSON.stringify(report) : renderCampaign(report, new Chalk()));
  return exitCode(report);
}

function newBar(seeds: number): SingleBar {
  const format = '{bar} {value}/{total} seeds, {violated} violated, {eta_formatted} left';
  const bar = new SingleBar({ format, stream: process.stderr }, Presets.shades_classic);
  bar.start(seeds, 0, { violated: 0 });
  return bar;
}

function exitCode({ violated, unknown, reached }: CampaignReport): number {
  if (violated > 0 || unknown > 0) return EXIT.violated;
  const faults = Object.keys(reached).filter((name) => name.startsWith('fault-'));
  const hasCommitted = (reached['txn-committed'] ?? 0) > 0;
  return hasCommitted && faults.length > 0 ? EXIT.holds : EXIT.nothingProved;
}
