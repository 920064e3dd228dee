import { describe, expect, it } from 'vitest';
import type { Violation } from '../../../src/checkers/violation.ts';
import { at } from '../../../src/scenario/builder.ts';
import { differences, type Expectation, expectationOf } from '../../../src/scenario/expectation.ts';
import { type Run, run } from '../../../src/scenario/run.ts';
import { scenario } from '../../../src/scenario/scenario.ts';

/** The leader, server 5, crashes and comes back; server 1 is down for a while. */
const RUN: Run = run(
  scenario({
    name: 'two-leaders',
    why: 'To have something to expect.',
    expect: 'pass',
    clients: 1,
    duration: '12s',
    faults: [
      { kind: 'crash', server: 1, when: at('3s'), for: '1s' },
      { kind: 'crash', server: 'leader', when: at('5s'), for: '2s' },
    ],
  }).plan,
);

function violated(property: Violation['property']): Run {
  const violation: Violation = { property, message: 'it was seen', at: 5, seq: 3 };
  return { ...RUN, verdict: 'violation', violations: [violation] };
}

const LEADERSHIP = violated('leadership');

describe('a run is as expected', () => {
  it.each<[Expectation, Run]>([
    [{}, RUN],
    [{ violates: 'leadership' }, LEADERSHIP],
    [{ leader: 4 }, RUN],
    [{ leaders: [5, 4] }, RUN],
    [{ epochs: [1, 2] }, RUN],
    [{ syncs: {} }, RUN],
    [{ syncs: { 5: ['DIFF'] } }, RUN],
    [{ syncs: { 1: ['SNAP', 'DIFF', 'DIFF'], 5: ['DIFF'] } }, RUN],
    [{ adopted: 0 }, RUN],
    [{ discarded: 0 }, RUN],
    [{ happens: ['established', 'processEnded'] }, RUN],
    [{ never: ['rolledOver', 'truncChosen'] }, RUN],
    [{ digest: RUN.digest }, RUN],
    [{ violates: 'leadership', leader: 4, digest: RUN.digest }, LEADERSHIP],
  ])('if that is %o', (expected, result) => {
    expect(differences(result, expected)).toEqual([]);
  });
});

describe('a run differs from what is expected', () => {
  it.each<[Expectation, Run, string]>([
    [{}, LEADERSHIP, 'expected all properties to hold, but leadership is violated: it was seen'],
    [
      { violates: 'leadership' },
      RUN,
      'expected leadership to be violated, but all properties hold',
    ],
    [
      { violates: 'agreement' },
      LEADERSHIP,
      'expected agreement to be violated, but leadership is violated: it was seen',
    ],
    [{ leader: 5 }, RUN, 'expected the leader 5, not 4'],
    [{ leaders: [5] }, RUN, 'expected the leaders 5, not 5, 4'],
    [{ leaders: [4, 5] }, RUN, 'expected the leaders 4, 5, not 5, 4'],
    [{ leaders: [] }, RUN, 'expected the leaders none, not 5, 4'],
    [{ epochs: [1, 3] }, RUN, 'expected the epochs 1, 3, not 1, 2'],
    [{ syncs: { 5: ['SNAP'] } }, RUN, 'expected server 5 to be synchronised by SNAP, not DIFF'],
    [{ syncs: { 5: [] } }, RUN, 'expected server 5 to be synchronised by none, not DIFF'],
    [{ adopted: 1 }, RUN, 'expected adopted proposals: 1, not 0'],
    [{ discarded: 2 }, RUN, 'expected discarded proposals: 2, not 0'],
    [{ happens: ['rolledOver'] }, RUN, 'expected rolledOver to happen, but it never does'],
    [{ never: ['established'] }, RUN, 'expected established never to happen, but it does 2 times'],
    [{ never: ['snapChosen'] }, RUN, 'expected snapChosen never to happen, but it does once'],
    [
      { digest: '0000000000000000' },
      RUN,
      `expected the digest 0000000000000000, not ${RUN.digest}`,
    ],
  ])('if that is %o', (expected, result, difference) => {
    expect(differences(result, expected)).toEqual([difference]);
  });

  it('in all that it differs in', () => {
    const expected: Expectation = { violates: 'leader', leaders: [1], epochs: [7], adopted: 9 };
    expect(differences(RUN, expected)).toHaveLength(4);
  });

  it('if nobody leads who should', () => {
    const nobody: Run = { ...RUN, stats: { ...RUN.stats, leaders: [] } };
    expect(differences(nobody, { leader: 4 })).toEqual(['expected the leader 4, not nobody']);
    expect(differences(nobody, { leaders: [4] })).toEqual(['expected the leaders 4, not none']);
  });
});

describe('what a run came to', () => {
  it('is an expectation that it meets, and another run does not', () => {
    expect(expectationOf(RUN)).toEqual({ digest: RUN.digest });
    const expected = expectationOf(LEADERSHIP);
    expect(expected).toEqual({ violates: 'leadership', digest: RUN.digest });
    expect(differences(LEADERSHIP, expected)).toEqual([]);
    expect(differences(RUN, expected)).toHaveLength(1);
    expect(differences({ ...LEADERSHIP, digest: '0' }, expected)).toHaveLength(1);
  });
});
