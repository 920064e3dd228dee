import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { CASES } from './cases.ts';
import type { Sample } from './measure.ts';

/** What was measured: of each case its samples, one a round. */
export type Samples = Readonly<Record<string, readonly Sample[]>>;

/**
 * Measures all cases, each in its own process, one at a time and in several rounds: what the
 * neighbours on the machine do in between befalls all of them alike.
 *
 * @param warmUps rounds that are not counted
 */
export async function measureRounds(rounds: number, warmUps: number): Promise<Samples> {
  const worker = new URL('./worker.js', import.meta.url);
  const names = Object.keys(CASES);
  const processes = names.map((name) => fork(worker, [name]));
  const samples: Record<string, Sample[]> = {};
  for (const name of names) samples[name] = [];
  for (let round = -warmUps; round < rounds; round++) {
    for (const [index, name] of names.entries()) {
      const sample = await ask(processes[index] as ChildProcess, name);
      if (round >= 0) samples[name]?.push(sample);
    }
  }
  for (const process of processes) process.disconnect();
  return samples;
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
