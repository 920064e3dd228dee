import { describe, expect, it } from 'vitest';
import { checkSessions } from '../../../src/checkers/consistency/session.ts';
import type { RecordedOperation } from '../../../src/checkers/linearizability/operation.ts';
import { readHistoryFile } from '../history-files.ts';
import { isRightForSessions } from './brute-force.ts';
import { tamper, znodeHistory } from './znode-histories.ts';

const SMALL = { processes: 3, keys: 2, operations: 7, lostPpm: 200_000 };

/** A set or a get with its answer. */
function answered(
  process: number,
  what: string,
  [invokedAt, returnedAt]: readonly [number, number],
  version: number,
  zxid: number,
): RecordedOperation {
  const [f = '', key = '', value] = what.split(' ');
  const shown = value === undefined ? null : Number(value);
  const [input, output] = f === 'get' ? [null, shown] : [shown, null];
  return { process, f, key, input, output, outcome: 'ok', invokedAt, returnedAt, version, zxid };
}

function lost(process: number, key: string, value: number, invokedAt: number): RecordedOperation {
  const returnedAt = Number.POSITIVE_INFINITY;
  return {
    process,
    f: 'set',
    key,
    input: value,
    output: null,
    outcome: 'info',
    invokedAt,
    returnedAt,
  };
}

function refused(
  process: number,
  key: string,
  expected: number,
  [invokedAt, returnedAt]: readonly [number, number],
): RecordedOperation {
  const input = [expected, 99];
  return { process, f: 'cas', key, input, output: null, outcome: 'fail', invokedAt, returnedAt };
}

function verdictOf(...operations: readonly RecordedOperation[]): string {
  return checkSessions(operations).verdict;
}

describe('what ZooKeeper promises its sessions', () => {
  it('is kept by a store whose servers lag behind but never go back', () => {
    for (let seed = 0; seed < 200; seed++) {
      const shape = { processes: 5, keys: 3, operations: 60, lostPpm: 50_000 };
      const { verdict, evidence } = checkSessions(znodeHistory(seed, shape));
      expect({ seed, verdict, evidence }).toEqual({ seed, verdict: 'pass', evidence: null });
    }
  });

  it('is judged as trying out every order of the writes does', () => {
    const counts = { pass: 0, violation: 0 };
    for (let seed = 0; seed < 1500; seed++) {
      const operations = tamper(znodeHistory(seed, SMALL), seed);
      const { verdict } = checkSessions(operations);
      const isRight = isRightForSessions(operations);
      expect({ seed, verdict }).toEqual({ seed, verdict: isRight ? 'pass' : 'violation' });
      counts[isRight ? 'pass' : 'violation']++;
    }
    expect(Math.min(counts.pass, counts.violation)).toBeGreaterThan(200);
  });

  it('allows a get to show the past to who has not seen the present', () => {
    const set = answered(1, 'set /a 7', [1, 2], 1, 1);
    expect(verdictOf(set, answered(2, 'get /a', [3, 4], 0, 0))).toBe('pass');
  });
});

describe('a session is betrayed', () => {
  const set = answered(1, 'set /a 7', [1, 2], 1, 1);

  it('by a get that does not show its own write', () => {
    expect(verdictOf(set, answered(1, 'get /a', [3, 4], 0, 0))).toBe('violation');
  });

  it('by a get of another node that is older than what it has seen', () => {
    const other = answered(1, 'set /b 8', [3, 4], 1, 2);
    const saw = answered(2, 'get /b 8', [5, 6], 1, 2);
    const back = answered(2, 'get /a', [7, 8], 0, 0);
    const { verdict, evidence } = checkSessions([set, other, saw, back]);
    expect(verdict).toBe('violation');
    expect(evidence?.operations).toEqual([set, saw, back]);
    expect(evidence?.explanation).toEqual([
      "Process 2's get /a [7–8] shows version 0.",
      "Process 2's get /b [5–6] had told the same process of zxid 2.",
      'By then /a had come to version 1, at zxid 1.',
      "Process 1's set /a 7 [1–2] tells of that.",
    ]);
    expect(evidence?.longestOrder).toEqual([set, saw]);
  });

  it('by a value that its zxid did not write', () => {
    expect(verdictOf(set, answered(2, 'get /a 6', [3, 4], 1, 1))).toBe('violation');
  });

  it('by a value that nobody has written', () => {
    expect(verdictOf(answered(2, 'get /a 6', [3, 4], 1, 1))).toBe('violation');
  });

  it('by a value that is shown before it was asked for', () => {
    expect(verdictOf(answered(2, 'get /a 7', [1, 2], 1, 1), lost(1, '/a', 7, 3))).toBe('violation');
    expect(verdictOf(lost(1, '/a', 7, 1), answered(2, 'get /a 7', [2, 3], 1, 1))).toBe('pass');
  });

  it('by two writes that make one version', () => {
    expect(verdictOf(set, answered(2, 'set /a 8', [1.5, 3], 1, 2))).toBe('violation');
  });

  it('by versions that zxids do not rise with', () => {
    expect(verdictOf(set, answered(2, 'set /a 8', [1.5, 3], 2, 0.5))).toBe('violation');
  });

  it('by a zxid below one that was known before', () => {
    const late = answered(2, 'set /b 8', [3, 4], 1, 1);
    expect(verdictOf({ ...set, zxid: 2 }, late)).toBe('violation');
    expect(verdictOf({ ...set, zxid: 2, returnedAt: 3.5 }, late)).toBe('pass');
  });

  it('by a version that no write can have made', () => {
    const second = answered(2, 'set /a 8', [3, 4], 3, 3);
    expect(verdictOf(set, second)).toBe('violation');
    expect(verdictOf(set, lost(3, '/a', 9, 2.5), second)).toBe('pass');
  });

  it('by a cas that was refused though it expected what was there', () => {
    expect(verdictOf(set, refused(2, '/a', 1, [3, 4]))).toBe('violation');
    expect(verdictOf(set, refused(2, '/a', 0, [3, 4]))).toBe('pass');
    expect(verdictOf(set, refused(2, '/a', 0, [1.5, 4]))).toBe('pass');
    expect(verdictOf(set, lost(3, '/a', 9, 3.5), refused(2, '/a', 1, [3, 4]))).toBe('pass');
  });
});

describe('the recorded histories', () => {
  it.each([
    ['znode-sync-p5-300-ok', 'pass'],
    ['znode-sync-p5-300-stale', 'violation'],
    ['znode-sync-p5-300-inversion', 'violation'],
    ['znode-sync-p5-300-doubleCas', 'violation'],
    ['znode-local-p3-40-ok', 'pass'],
    ['znode-local-p3-40-sessionBack', 'violation'],
    ['znode-local-p3-40-ownWrite', 'violation'],
    ['znode-local-p3-40-crossKey', 'violation'],
    ['znode-local-p4-k4-200-ok', 'pass'],
    ['znode-local-p4-k4-200-sessionBack', 'violation'],
    ['znode-local-p4-k4-200-ownWrite', 'violation'],
    ['znode-local-p4-k4-200-crossKey', 'violation'],
  ])('of %s come out as declared, in few words', (name, verdict) => {
    const { header, history } = readHistoryFile(name);
    const result = checkSessions(history.operations);
    expect(result.verdict).toBe(verdict);
    expect(header.session).toBe(verdict === 'pass');
    const defectSize = (header.defect?.lines.length ?? 0) / 2;
    expect(result.evidence?.operations.length ?? 0).toBeLessThanOrEqual(defectSize);
  });
});
