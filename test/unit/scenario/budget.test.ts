import { describe, expect, it } from 'vitest';
import type { Fault } from '../../../src/faults/fault.ts';
import { beyondBudget, failuresSurvived } from '../../../src/scenario/budget.ts';
import { at, quietPlan, SECOND } from '../../support/plans.ts';

function rot(server: number | 'leader', more: Partial<Fault> = {}): Fault {
  return { kind: 'rotRecord', server, which: 'any', when: at(5), ...more } as Fault;
}

/** What a plan of so many servers, and an observer, asks for with these faults. */
function excesses(servers: number, faults: readonly Fault[]): string[] {
  return beyondBudget({ ...quietPlan({ servers, observers: 1 }), faults });
}

describe('an ensemble', () => {
  it.each([
    [1, 0],
    [2, 0],
    [3, 1],
    [4, 1],
    [5, 2],
    [6, 2],
    [7, 3],
  ])('of %i voters survives the loss of %i', (voters, lost) => {
    expect(failuresSurvived(voters)).toBe(lost);
  });
});

describe('a plan beyond the fault budget', () => {
  it('has packets without the promises of TCP', () => {
    const plan = quietPlan();
    expect(beyondBudget(plan)).toEqual([]);
    const network = { ...plan.network, transport: 'datagram' } as const;
    expect(beyondBudget({ ...plan, network })).toEqual([
      'packets without the order and the completeness of TCP',
    ]);
  });

  it('has a disk that lies, anywhere', () => {
    const lies = { kind: 'lyingDisk', forMicros: SECOND, when: at(5) } as const;
    for (const server of [1, 4, 'leader'] as const) {
      expect(excesses(3, [{ ...lies, server }])).toEqual([
        'a disk that forgets what it has reported as synced',
      ]);
    }
  });

  it('has rot at more voters than may be lost', () => {
    expect(excesses(3, [rot(1)])).toEqual([]);
    expect(excesses(3, [rot(1), rot(2)])).toEqual(['disks that rot at 2 of 3 voters, 1 may']);
    expect(excesses(5, [rot(1), rot(2)])).toEqual([]);
    expect(excesses(5, [rot(1), rot(2), rot(3)])).toEqual([
      'disks that rot at 3 of 5 voters, 2 may',
    ]);
    expect(excesses(2, [rot(1)])).toEqual(['disks that rot at 1 of 2 voters, 0 may']);
  });

  it('is not one with more rot at the same voters', () => {
    const snapshot: Fault = { kind: 'rotSnapshot', server: 2, when: at(7) };
    const again = { repeat: { times: 9, everyMicros: SECOND } };
    expect(excesses(3, [rot(2), rot(2), snapshot, rot(2, again)])).toEqual([]);
    expect(excesses(3, [rot(1), snapshot])).toEqual(['disks that rot at 2 of 3 voters, 1 may']);
  });

  it('is not one with rot at observers', () => {
    expect(excesses(3, [rot(1), rot(4)])).toEqual([]);
  });

  it('may be one where it is not known whose disks rot: each time another, at worst', () => {
    const twice = { repeat: { times: 2, everyMicros: SECOND } };
    expect(excesses(3, [rot('leader')])).toEqual([]);
    expect(excesses(3, [rot('leader', twice)])).toHaveLength(1);
    expect(excesses(3, [rot('leader'), rot(1)])).toHaveLength(1);
    const nine = { repeat: { times: 9, everyMicros: SECOND } };
    expect(excesses(3, [rot('leader', nine)])).toEqual(['disks that rot at 3 of 3 voters, 1 may']);
  });

  it('asks for all that it asks for', () => {
    const lies: Fault = { kind: 'lyingDisk', server: 1, forMicros: SECOND, when: at(5) };
    expect(excesses(3, [lies, rot(1), rot(2)])).toHaveLength(2);
  });
});

describe('a plan within the fault budget', () => {
  it('may crash, cut and slow everybody', () => {
    const forMicros = 60 * SECOND;
    const when = at(5);
    const all: Fault[] = [
      { kind: 'powerLoss', forMicros, when },
      { kind: 'split', side: [1, 2, 3], forMicros, when },
      { kind: 'fullDisk', server: 1, forMicros, when },
      { kind: 'fullDisk', server: 2, forMicros, when },
      { kind: 'fullDisk', server: 3, forMicros, when },
      { kind: 'tornTail', server: 2, forMicros, when },
      { kind: 'loss', reach: 'all', ratePpm: 900_000, forMicros, when },
      { kind: 'clockDrift', server: 1, driftPpm: 500_000, forMicros, when },
    ];
    expect(excesses(3, all)).toEqual([]);
  });
});
