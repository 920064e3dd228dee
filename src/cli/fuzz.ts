import { Presets, SingleBar } from 'cli-progress';
import { campaignVerdict, fuzz } from '../campaign/fuzz.ts';
import { renderCampaign } from '../report/terminal.ts';
import { exitCodeOf } from './exit.ts';
import { type JudgeFlags, type PlanFlags, planOptions } from './options.ts';
import { print, stdoutScreen } from './terminal.ts';

export interface FuzzFlags extends PlanFlags, JudgeFlags {
  readonly seeds: number;
  readonly seedStart: string;
  readonly json?: boolean;
}

/** `zabox fuzz`: many seeds. Ctrl-C ends it with the report of what was run. @returns the exit code */
export async function fuzzCommand(flags: FuzzFlags): Promise<number> {
  const { seeds, seedStart, json, without = [], ...planFlags } = flags;
  const bar = newBar(seeds);
  let isInterrupted = false;
  const interrupt = (): void => {
    isInterrupted = true;
  };
  process.once('SIGINT', interrupt);
  const plan = planOptions(planFlags);
  const report = await fuzz({ seeds, seedStart, plan, without }, (progress) => {
    bar?.update(progress.seeds, { violated: progress.violated });
    return !isInterrupted;
  }).finally(() => bar?.stop());
  process.off('SIGINT', interrupt);
  print(json ? JSON.stringify(report) : renderCampaign(report, seeds, stdoutScreen()));
  return exitCodeOf(campaignVerdict(report));
}

const BAR_WIDTH_MAX = 40;
/** What stands beside the bar. */
const BAR_TEXT_WIDTH = 50;

/** On stderr, if somebody looks at it. */
function newBar(seeds: number): SingleBar | null {
  const { stderr, env } = process;
  const { TERM } = env;
  if (!stderr.isTTY || TERM === 'dumb') return null;
  const bar = new SingleBar(
    {
      format: '{bar} {value}/{total} seeds, {violated} violated, {eta_formatted} left',
      barsize: Math.max(0, Math.min(BAR_WIDTH_MAX, stderr.columns - BAR_TEXT_WIDTH)),
      stream: stderr,
    },
    Presets.shades_classic,
  );
  bar.start(seeds, 0, { violated: 0 });
  return bar;
}
