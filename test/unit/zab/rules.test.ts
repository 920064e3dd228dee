import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { setOf, size } from '../../../src/kernel/bit-set.ts';
import { SERVER_STATE } from '../../../src/zab/messages.ts';
import { CORRECT_RULES } from '../../../src/zab/rules.ts';
import type { Candidate, ReceivedVote } from '../../../src/zab/vote.ts';
import { txns, zxid } from './fakes.ts';

const {
  isBetter,
  isQuorum,
  isSameLeader,
  isAhead,
  answerEpoch,
  recordsKept,
  recoverCurrentEpoch,
  nextEpoch,
} = CORRECT_RULES;

const FC = { numRuns: 500, seed: 1 };

/** Few values, so that ties are frequent. */
const candidates: fc.Arbitrary<Candidate> = fc.record({
  leader: fc.integer({ min: 1, max: 4 }),
  zxid: fc.constantFrom(zxid('1:1'), zxid('1:2'), zxid('2:0'), zxid('2:1')),
  peerEpoch: fc.integer({ min: 0, max: 3 }),
});

function areEqual(a: Candidate, b: Candidate): boolean {
  return a.leader === b.leader && a.zxid === b.zxid && a.peerEpoch === b.peerEpoch;
}

describe('the order of candidates', () => {
  it('is total: of two that differ exactly one is better', () => {
    const property = fc.property(candidates, candidates, (a, b) => {
      const betterCount = Number(isBetter(a, b)) + Number(isBetter(b, a));
      expect(betterCount).toBe(areEqual(a, b) ? 0 : 1);
    });
    fc.assert(property, FC);
  });

  it('is transitive', () => {
    const property = fc.property(candidates, candidates, candidates, (a, b, c) => {
      fc.pre(isBetter(a, b) && isBetter(b, c));
      expect(isBetter(a, c)).toBe(true);
    });
    fc.assert(property, FC);
  });

  it('is by epoch, then by zxid, then by id', () => {
    const list = [
      { peerEpoch: 2, zxid: zxid('1:1'), leader: 1 },
      { peerEpoch: 1, zxid: zxid('1:2'), leader: 1 },
      { peerEpoch: 1, zxid: zxid('1:1'), leader: 3 },
      { peerEpoch: 1, zxid: zxid('1:1'), leader: 2 },
    ];
    const sorted = [...list].reverse().sort((a, b) => (isBetter(a, b) ? -1 : 1));
    expect(sorted).toEqual(list);
  });
});

/** An ensemble of up to 15 voters among 31 servers, and two sets of servers. */
const ensembles = fc
  .uniqueArray(fc.integer({ min: 1, max: 31 }), { minLength: 1, maxLength: 15 })
  .chain((voters) =>
    fc.record({
      voters: fc.constant(setOf(voters)),
      a: fc.subarray(voters).map(setOf),
      b: fc.subarray(voters).map(setOf),
      others: fc.uniqueArray(fc.integer({ min: 1, max: 31 })).map(setOf),
    }),
  );

describe('a quorum', () => {
  it('has a member in common with every other', () => {
    const property = fc.property(ensembles, ({ voters, a, b }) => {
      if (isQuorum(a, voters) && isQuorum(b, voters)) expect(a & b).not.toBe(0);
    });
    fc.assert(property, FC);
  });

  it('is what leaves no quorum without it', () => {
    const property = fc.property(ensembles, ({ voters, a }) => {
      const rest = voters & ~a;
      expect(isQuorum(a, voters) && isQuorum(rest, voters)).toBe(false);
      if (size(a) !== size(rest)) expect(isQuorum(a, voters) || isQuorum(rest, voters)).toBe(true);
    });
    fc.assert(property, FC);
  });

  it('is not made by those who do not vote', () => {
    const property = fc.property(ensembles, ({ voters, a, others }) => {
      const withOthers = a | (others & ~voters);
      expect(isQuorum(withOthers, voters)).toBe(isQuorum(a, voters));
    });
    fc.assert(property, FC);
  });

  it.each([
    [1, 1],
    [2, 2],
    [3, 2],
    [4, 3],
    [5, 3],
    [15, 8],
  ])('of %i voters is %i', (voterCount, least) => {
    const voters = Array.from({ length: voterCount }, (_, n) => n + 1);
    expect(isQuorum(setOf(voters.slice(0, least)), setOf(voters))).toBe(true);
    expect(isQuorum(setOf(voters.slice(0, least - 1)), setOf(voters))).toBe(false);
  });
});

describe('a vote of a member', () => {
  const vote: ReceivedVote = {
    leader: 2,
    peerEpoch: 3,
    zxid: zxid('2:5'),
    electionEpoch: 7,
    state: SERVER_STATE.FOLLOWING,
  };

  it('names the same leader whatever its zxid and round', () => {
    const other = { ...vote, zxid: zxid('3:1'), electionEpoch: 9, state: SERVER_STATE.LEADING };
    expect(isSameLeader(vote, other)).toBe(true);
  });

  it('names another if the server or its epoch differs', () => {
    expect(isSameLeader(vote, { ...vote, leader: 1 })).toBe(false);
    expect(isSameLeader(vote, { ...vote, peerEpoch: 4 })).toBe(false);
  });
});

describe('epochs', () => {
  it('are proposed above all that a quorum has accepted', () => {
    expect(nextEpoch(0)).toBe(1);
    expect(nextEpoch(7)).toBe(8);
  });

  it.each([
    [5, 4, 'promise'],
    [5, 5, 'repeat'],
    [5, 6, 'refuse'],
  ] as const)('%i, proposed to one who has accepted %i, gets: %s', (proposed, accepted, answer) => {
    expect(answerEpoch(proposed, accepted)).toBe(answer);
  });

  it.each([
    [3, 3, 3, 3, 'the file is level with the history'],
    [3, 2, 3, 3, 'the history ends below it'],
    [2, 3, 3, 3, 'the history is of a later epoch that was promised'],
    [2, 3, 4, 3, 'the history is of a later epoch that was promised'],
    [2, 4, 3, null, 'nobody promised the epoch of the history'],
  ])('start from the file (%i), the history (%i) and the promise (%i): %s; %s', (...example) => {
    const [current, lastEpoch, accepted, expected] = example;
    expect(recoverCurrentEpoch(current, lastEpoch, accepted)).toBe(expected);
  });
});

describe('a learner', () => {
  const leader = { currentEpoch: 2, lastZxid: zxid('2:5') };

  it.each([
    [{ currentEpoch: 2, lastZxid: zxid('2:6') }, 'its history goes further'],
    [{ currentEpoch: 3, lastZxid: zxid('2:1') }, 'its history is of a later epoch'],
  ])('is ahead: %o, %s', (learner) => {
    expect(isAhead(learner, leader)).toBe(true);
  });

  it.each([
    [leader, 'it has the same'],
    [{ currentEpoch: 2, lastZxid: zxid('2:4') }, 'it lags behind'],
    [{ currentEpoch: 1, lastZxid: zxid('1:900') }, 'its epoch is an earlier one'],
    [{ currentEpoch: 1, lastZxid: zxid('2:6') }, 'what it has of the epoch counts for nothing'],
  ])('is not ahead: %o, %s', (learner) => {
    expect(isAhead(learner, leader)).toBe(false);
  });

  it('acknowledges its leader after history and epoch are on the disk', () => {
    const order = CORRECT_RULES.newLeaderSteps.join('');
    expect(order).toMatch(/L.*F.*E.*A$/);
    expect(order).toMatch(/S.*E.*A$/);
  });
});

describe('a log that is cut', () => {
  const records = txns('1:1', '1:2', '1:4', '2:1');

  it.each([
    { cut: '1:2', kept: 2 },
    { cut: '1:3', kept: 2 },
    { cut: '2:0', kept: 3 },
    { cut: '2:1', kept: 4 },
    { cut: '3:0', kept: 4 },
    { cut: '0:0', kept: 0 },
  ])(
    'behind $cut keeps $kept of its records: nothing above, whether the cut has one or not',
    ({ cut, kept }) => {
      expect(recordsKept(records, zxid(cut))).toBe(kept);
    },
  );
});
