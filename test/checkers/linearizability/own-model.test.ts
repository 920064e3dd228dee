import { describe, expect, it } from 'vitest';
import { checkHistory, type HistoryModel, type RecordedOperation } from '../../../src/index.ts';

/** Two accounts in each bank, 10 in each at first; nobody may owe anything. */
type Accounts = Readonly<Record<string, number>>;

const BANK: HistoryModel<Accounts> = {
  name: 'bank',
  init: { ann: 10, bob: 10 },
  step: (accounts, { f, input, output, outcome }) => {
    if (f === 'total') {
      const total = Object.values(accounts).reduce((sum, amount) => sum + amount, 0);
      return outcome === 'info' || output === total ? accounts : null;
    }
    if (f === 'balance') {
      return outcome === 'info' || output === accounts[String(input)] ? accounts : null;
    }
    const [from, to, amount] = input as [string, string, number];
    const { [from]: there = 0, [to]: here = 0 } = accounts;
    return there < amount ? null : { ...accounts, [from]: there - amount, [to]: here + amount };
  },
  describe: ({ f, input }) => (f === 'transfer' ? `transfer ${String(input)}` : `${f} ${input}`),
};

type Ends = readonly [invokedAt: number, returnedAt: number];

function transfer(
  process: number,
  [invokedAt, returnedAt]: Ends,
  input: readonly unknown[],
): RecordedOperation {
  const outcome = returnedAt === Number.POSITIVE_INFINITY ? 'info' : 'ok';
  const key = 'a bank';
  return { process, f: 'transfer', key, input, output: null, outcome, invokedAt, returnedAt };
}

function balance(
  process: number,
  [invokedAt, returnedAt]: Ends,
  input: string,
  output: number,
): RecordedOperation {
  const key = 'a bank';
  return { process, f: 'balance', key, input, output, outcome: 'ok', invokedAt, returnedAt };
}

const LOST = Number.POSITIVE_INFINITY;

describe('a model that a user writes', () => {
  it('accepts what has an order', () => {
    const operations = [
      transfer(0, [0, 5], ['ann', 'bob', 10]),
      transfer(1, [1, 4], ['bob', 'ann', 20]),
      balance(2, [2, 3], 'bob', 20),
    ];
    const { verdict, order } = checkHistory(operations, BANK, { order: true });
    expect(verdict).toBe('pass');
    expect(order?.map(({ process }) => process)).toEqual([0, 2, 1]);
  });

  it('takes one without an answer for done, or for never done', () => {
    const lost = transfer(0, [0, LOST], ['ann', 'bob', 10]);
    expect(checkHistory([lost, balance(1, [1, 2], 'ann', 0)], BANK).verdict).toBe('pass');
    expect(checkHistory([lost, balance(1, [1, 2], 'ann', 10)], BANK).verdict).toBe('pass');
  });

  it('rejects what has none, and says what in its own words', () => {
    const operations = [
      balance(2, [0, 1], 'bob', 10),
      transfer(0, [2, 5], ['ann', 'bob', 10]),
      transfer(1, [3, 4], ['ann', 'bob', 10]),
    ];
    const { verdict, evidence } = checkHistory(operations, BANK);
    expect(verdict).toBe('violation');
    expect(evidence?.explanation.join('\n')).toMatch(/process [01]'s transfer ann,bob,10 /);
  });

  it('divides a history as it says', () => {
    const amounts = [4, 7].map((output, at) => balance(at, [2 * at, 2 * at + 1], 'ann', output));
    const parted: HistoryModel<Accounts> = {
      ...BANK,
      init: { ann: 4 },
      partition: ({ process }) => process,
    };
    expect(checkHistory(amounts.slice(0, 1), parted).verdict).toBe('pass');
    expect(checkHistory(amounts, parted)).toMatchObject({
      verdict: 'violation',
      evidence: { operations: amounts.slice(1) },
    });
  });

  it('needs no hash for its states, and takes one', () => {
    let asked = 0;
    const hashed: HistoryModel<Accounts> = {
      ...BANK,
      hash: ({ ann = 0, bob = 0 }) => {
        asked++;
        return ann * 100 + bob;
      },
    };
    const operations = [0, 1, 2].map((n) => transfer(n, [n, 10 - n], ['ann', 'bob', 1]));
    const all = [...operations, balance(3, [11, 12], 'bob', 13)];
    const byJson = checkHistory(all, BANK);
    expect(checkHistory(all, hashed)).toEqual({ ...byJson, peakBytes: expect.any(Number) });
    expect(asked).toBeGreaterThan(0);
  });
});
