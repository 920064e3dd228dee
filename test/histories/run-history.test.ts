import { describe, expect, it } from 'vitest';
import { type Consistency, newCheck } from '../../src/checkers/consistency/judge.ts';
import { HISTORY_MODELS } from '../../src/checkers/linearizability/models/models.ts';
import type { Verdict } from '../../src/checkers/linearizability/result.ts';
import { HistoryReader } from '../../src/histories/history-reader.ts';
import type { RecordedHistory } from '../../src/histories/intake.ts';
import { runHistoryLines } from '../../src/histories/run-history.ts';
import { generate } from '../../src/scenario/generate.ts';
import { run } from '../../src/scenario/run.ts';

const WAYS: readonly Consistency[] = ['linearizable', 'session', 'sequential'];
const STEPS_MAX = 3_000_000;

function historyOf(seed: number, bug?: string): RecordedHistory {
  const options = { durationMicros: 20_000_000 };
  const { history } = run(generate(seed, bug === undefined ? options : { ...options, bug }));
  const reader = new HistoryReader('run');
  const text = [...runHistoryLines(history, `seed ${seed}`)].join('\n');
  reader.push(new TextEncoder().encode(text));
  return reader.end();
}

function verdictsOn({ model, operations }: RecordedHistory): Verdict[] {
  return WAYS.map((consistency) => {
    const judged = HISTORY_MODELS.get(model);
    if (judged === undefined) throw new Error(`no model ${model}`);
    const check = newCheck(consistency, operations, judged, { stepsMax: STEPS_MAX });
    check.advance(STEPS_MAX);
    return check.result().verdict;
  });
}

describe('the history of a run', () => {
  it.each([1, 2, 3, 5, 7, 12, 42])('of seed %i is right in every way', (seed) => {
    const history = historyOf(seed);
    expect(history.operations.length).toBeGreaterThan(10);
    expect(verdictsOn(history)).toEqual(['pass', 'pass', 'pass']);
  });

  it('has gets, writes, refusals and lost answers', () => {
    const kinds = new Set<string>();
    for (const seed of [1, 2, 3, 5, 7]) {
      for (const { f, outcome } of historyOf(seed).operations) kinds.add(`${f} ${outcome}`);
    }
    const expected = ['cas fail', 'cas ok', 'get ok', 'localGet ok', 'set info', 'set ok'];
    expect([...kinds]).toEqual(expect.arrayContaining(expected));
  });

  it('shows that a multi was kept in part', () => {
    const seeds = Array.from({ length: 12 }, (_, seed) => seed);
    const verdicts = seeds.map((seed) => verdictsOn(historyOf(seed, 'multi-in-part')).join(' '));
    expect(verdicts).toContain('violation violation violation');
  });
});
