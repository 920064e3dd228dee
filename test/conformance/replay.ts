import { InputError } from '../../src/scenario/input-error.ts';
import { isSameOutcome } from './compare.ts';
import type { Outcome, Recording } from './format.ts';
import { Replayer } from './replayer.ts';

/** A step that did not come to what was recorded. */
export interface Difference {
  readonly file: string;
  /** The step's number in its recording. */
  readonly step: number;
  readonly op: string;
  readonly expected: Outcome;
  readonly got: Outcome;
}

/**
 * Replays a recording against a fresh simulated server.
 *
 * @returns the steps that differ
 * @throws {@link InputError} in one line: what in the recording cannot be replayed
 */
export function replay({ file, config, steps }: Recording): Difference[] {
  const replayer = new Replayer(config);
  const differences: Difference[] = [];
  let broken: Outcome | null = null;
  for (const step of steps) {
    const { number, command, expected } = step;
    let got: Outcome | null = broken;
    try {
      got ??= replayer.perform(step);
    } catch (error) {
      // A server that throws is broken for the rest of this recording, but the next has its own.
      got = brokenBy(error, `${file}: step ${number}`);
      broken = got;
    }
    if (isSameOutcome(expected, got, replayer.removedSeveralNodes)) continue;
    differences.push({ file, step: number, op: command.op, expected, got });
  }
  return differences;
}

function brokenBy(error: unknown, where: string): Outcome {
  if (error instanceof InputError) throw new InputError(`${where}: ${error.message}`);
  return { error: { name: 'DEFECT', text: String(error) }, events: [] };
}
