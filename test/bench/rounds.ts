import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { CASES } from './cases.ts';
import type { Sample } from './measure.ts';

/** What was measured: of each case its samples, one a round. */
export type Samples = Readonly<Record<string, readonly Sample[]>>;

/** How often every process is replaced: what the engine compiles differs from one to the next. */
const GENERATIONS = 3;

/**
 * Measures all cases, each in its own process, one at a time and in several rounds: what the
 * neighbours on the machine do in between befalls all of them alike.
 *
 * @param rounds for each of three generations of processes, after some that are not counted
 */
export async function measureRounds(rounds: number): Promise<Samples> {
  const samples: Record<string, Sample[]> = {};
  for (const name of Object.keys(CASES)) samples[name] = [];
  for (let generation = 0; generation < GENERATIONS; generation++) {
    await measureGeneration(rounds, samples);
  }
  return samples;
}

/** The engine compiles for some seconds: a campaign is long past that. */
const WARM_UPS = 3;

/** As the command line has it. */
const execArgv = ['--max-semi-space-size=64'];

async function measureGeneration(rounds: number, samples: Record<string, Sample[]>): Promise<void> {
  const worker = new URL('./worker.js', import.meta.url);
  const processes = Object.keys(CASES).map((name) => ({
    name,
    process: fork(worker, [name], { execArgv }),
  }));
  for (let warmUp = 0; warmUp < WARM_UPS; warmUp++) {
    for (const { name, process } of processes) await ask(process, name);
  }
  for (let round = 0; round < rounds; round++) {
    for (const { name, process } of processes) samples[name]?.push(await ask(process, name));
  }
  for (const { process } of processes) process.disconnect();
}

async function ask(process: ChildProcess, name: string): Promise<Sample> {
  const end = new AbortController();
  const ended = once(process, 'exit', { signal: end.signal }).then(([code]) => {
    throw new Error(`the process of ${name} ended with ${code}`);
  });
  process.send('sample');
  try {
    const [sample] = await Promise.race([once(process, 'message'), ended]);
    return sample;
  } finally {
    end.abort();
    ended.catch(() => {});
  }
}
