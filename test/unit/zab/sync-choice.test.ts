import { describe, expect, it } from 'vitest';
import { CommittedLog } from '../../../src/zab/committed-log.ts';
import type { EnsembleConfig } from '../../../src/zab/config.ts';
import { PACKET } from '../../../src/zab/messages.ts';
import { CORRECT_RULES } from '../../../src/zab/rules.ts';
import { chooseSync, type LeaderHistory, type SyncChoice } from '../../../src/zab/sync-choice.ts';
import type { Txn } from '../../../src/zab/txn.ts';
import { formatZxid, type Zxid } from '../../../src/zab/zxid.ts';
import { config, FakeStorage, txns, zxid } from './fakes.ts';

interface Given {
  /** What the leader has in memory, and what it processed last. */
  readonly memory?: readonly string[];
  readonly last?: string;
  /** What it has on disk; default: nothing. */
  readonly storage?: FakeStorage;
  readonly config?: Partial<EnsembleConfig>;
}

function historyOf({ memory = [], last, storage, config: changes }: Given): LeaderHistory {
  const ensemble = config(changes);
  const committedLog = new CommittedLog(500, ensemble.counterStart);
  for (const txn of txns(...memory)) committedLog.add(txn);
  return {
    lastProcessedZxid: last === undefined ? committedLog.max : zxid(last),
    committedLog,
    storage: storage ?? new FakeStorage(),
    config: ensemble,
    rules: CORRECT_RULES,
  };
}

/** In one line: `DIFF 2:1: 1:2 2:1`. */
function show({ mode, zxid, txns }: SyncChoice): string {
  const name = Object.entries(PACKET).find(([, type]) => type === mode)?.[0];
  return `${name} ${pair(zxid)}${txns.length === 0 ? '' : ':'}${txns.map((txn) => ` ${pair(txn.zxid)}`).join('')}`;
}

function pair(zxid: Zxid): string {
  const digits = formatZxid(zxid).slice(2).padStart(9, '0');
  const halves = [digits.slice(0, -8), digits.slice(-8)];
  return halves.map((half) => Number.parseInt(half, 16)).join(':');
}

function chosen(given: Given, peer: string): string {
  return show(chooseSync(historyOf(given), zxid(peer), false));
}

describe('a learner is sent', () => {
  it.each([
    [['1:1', '1:2'], '2:0', '2:0', 'DIFF 2:0', 'nothing, if it has all'],
    [['1:1', '1:2', '2:1'], '2:1', '2:1', 'DIFF 2:1', 'nothing, if it has all'],
    [['1:1', '1:2', '2:1'], '2:1', '1:1', 'DIFF 2:1: 1:2 2:1', 'what it lacks'],
    [['1:1', '1:2', '2:1'], '3:0', '1:1', 'DIFF 2:1: 1:2 2:1', 'what it lacks of earlier epochs'],
    [['1:1', '1:2'], '2:0', '1:2', 'DIFF 1:2', 'nothing, if only the epoch is new'],
    [['1:1', '1:2'], '2:0', '1:3', 'TRUNC 1:2', 'a cut, if it has more'],
    [[], '1:2', '1:3', 'TRUNC 1:2', 'a cut, if it has more and nothing is in memory'],
    [['1:1', '1:2', '2:1'], '2:1', '1:3', 'SNAP 2:1', 'a snapshot, if the cut crosses an epoch'],
    [['1:1', '1:2', '2:1', '2:2'], '2:2', '2:0', 'DIFF 2:2: 2:1 2:2', 'all of an epoch'],
    [['1:1', '1:2', '2:1', '2:2'], '2:2', '3:0', 'SNAP 2:2', 'no cut to where no txn is'],
    [['1:5', '2:1'], '2:1', '1:1', 'SNAP 2:1', 'a snapshot, if it lacks more than there is'],
    [[], '1:2', '1:1', 'SNAP 1:2', 'a snapshot, if nothing is in memory'],
    [[], '0:0', '0:0', 'DIFF 0:0', 'nothing in a cold start'],
    [['1:1', '1:2'], '1:2', '0:0', 'SNAP 1:2', 'a snapshot, if it is empty'],
  ])('memory %o, last %s, peer %s: %s, %s', (memory, last, peer, expected) => {
    expect(chosen({ memory, last }, peer)).toBe(expected);
  });

  /** A history in memory with a hole, as no server of ours has one. */
  class HoledLog extends CommittedLog {
    private readonly list: readonly Txn[] = txns('1:2', '1:3', '1:5');
    override get isEmpty(): boolean {
      return false;
    }
    override get min(): Zxid {
      return zxid('1:2');
    }
    override get max(): Zxid {
      return zxid('1:5');
    }
    override *[Symbol.iterator](): Generator<Txn> {
      yield* this.list;
    }
  }

  it('a cut and what follows, if it has what the leader never had, within an epoch', () => {
    const history = { ...historyOf({ last: '1:5' }), committedLog: new HoledLog(500, 0) };
    const choice = chooseSync(history, zxid('1:4'), false);
    expect(show(choice)).toBe('TRUNC 1:3: 1:5');
    expect(choice.upTo).toBe(zxid('1:5'));
  });

  it.each(['1:1', '1:2', '1:3', '0:0'])(
    'a snapshot if it needs one, whatever it has: %s',
    (peer) => {
      const history = historyOf({ memory: ['1:1', '1:2'] });
      expect(show(chooseSync(history, zxid(peer), true))).toBe('SNAP 1:2');
    },
  );

  it('forwarded transactions from where all this ends', () => {
    const upTo = (given: Given, peer: string): string =>
      pair(chooseSync(historyOf(given), zxid(peer), false).upTo);
    const memory = ['1:1', '1:2'];
    expect(upTo({ memory, last: '2:0' }, '2:0')).toBe('2:0');
    expect(upTo({ memory, last: '2:0' }, '1:1')).toBe('1:2');
    expect(upTo({ memory, last: '2:0' }, '1:3')).toBe('1:2');
    expect(upTo({ memory, last: '2:0' }, '0:0')).toBe('2:0');
  });
});

describe('the log on disk', () => {
  const all = ['1:1', '1:2', '1:3', '2:1', '2:2'];
  const memory = ['2:1', '2:2'];

  it('fills in what is not in memory any more', () => {
    const history = historyOf({ memory, storage: new FakeStorage(...all) });
    const choice = chooseSync(history, zxid('1:1'), false);
    expect(show(choice)).toBe('DIFF 2:2: 1:2 1:3 2:1 2:2');
    expect(choice.isFromDisk).toBe(true);
    expect(choice.upTo).toBe(zxid('2:2'));
  });

  it('is not read if memory is enough', () => {
    const history = historyOf({ memory, storage: new FakeStorage(...all) });
    const choice = chooseSync(history, zxid('2:1'), false);
    expect(show(choice)).toBe('DIFF 2:2: 2:2');
    expect(choice.isFromDisk).toBe(false);
  });

  it('serves alone if nothing is in memory', () => {
    expect(chosen({ last: '2:2', storage: new FakeStorage(...all) }, '1:3')).toBe(
      'DIFF 2:2: 2:1 2:2',
    );
    expect(chosen({ last: '3:0', storage: new FakeStorage(...all) }, '1:3')).toBe(
      'DIFF 3:0: 2:1 2:2',
    );
  });

  it.each([
    ['begins too late', ['1:2', '1:3', '2:1', '2:2'], '1:1'],
    ['has never had what the learner ends with', all, '1:4'],
    ['holds nothing that an empty learner ends with', all, '0:0'],
    ['has a gap', ['1:1', '1:3', '2:1', '2:2'], '1:1'],
    ['has a gap at an epoch', ['1:1', '1:2', '2:2'], '1:1'],
    ['ends before memory begins', ['1:1', '1:2', '1:3'], '1:1'],
  ])('does not serve if it %s', (_, records, peer) => {
    expect(chosen({ memory, storage: new FakeStorage(...records) }, peer)).toBe('SNAP 2:2');
  });

  it('does not serve from behind a transaction that the learner has and the leader has not', () => {
    const storage = new FakeStorage('1:1', '2:1', '3:1', '3:2');
    expect(chosen({ memory: ['3:1', '3:2'], storage }, '1:2')).toBe('SNAP 3:2');
  });

  it.each([
    ['in what would be sent', 2],
    ['at what the learner ends with', 1],
    ['at the last that would be sent', 3],
  ])('does not serve with a record that fails its checksum %s', (_, index) => {
    const storage = new FakeStorage(...all).withFlaw(index, 'rotted');
    expect(chosen({ memory, storage }, '1:2')).toBe('SNAP 2:2');
  });

  it.each([
    ['before what the learner ends with', 0],
    ['where memory serves', 4],
  ])('serves with a record that fails its checksum %s, for it is not read', (_, index) => {
    const storage = new FakeStorage(...all).withFlaw(index, 'rotted');
    expect(chosen({ memory, storage }, '1:2')).toBe('DIFF 2:2: 1:3 2:1 2:2');
  });

  it('serves up to a share of the size of a snapshot', () => {
    // Three records of 100 bytes are sent from disk.
    const storage = (byteCount: number): FakeStorage =>
      new FakeStorage(...all).withSnapshot('0:0', byteCount);
    const half = { snapshotSizePpm: 500_000 };
    expect(chosen({ memory, storage: storage(600), config: half }, '1:1')).toMatch(/^DIFF/);
    expect(chosen({ memory, storage: storage(599), config: half }, '1:1')).toMatch(/^SNAP/);
  });

  it('counts with its padding', () => {
    const storage = new FakeStorage(...all).withSnapshot('0:0', 1000);
    const third = { snapshotSizePpm: 330_000 };
    expect(chosen({ memory, storage, config: third }, '1:1')).toMatch(/^DIFF/);
    const padded = { ...third, preAllocBytes: 400 };
    expect(chosen({ memory, storage, config: padded }, '1:1')).toMatch(/^SNAP/);
  });

  it('is measured against the newest snapshot that is intact', () => {
    const storage = new FakeStorage(...all).withSnapshot('0:0', 10).withSnapshot('1:1', 10_000);
    expect(chosen({ memory, storage }, '1:1')).toMatch(/^DIFF/);
    storage.withSnapshot('1:2', 10, 'rotted');
    expect(chosen({ memory, storage }, '1:1')).toMatch(/^DIFF/);
    storage.withSnapshot('1:3', 10);
    expect(chosen({ memory, storage }, '1:1')).toMatch(/^SNAP/);
  });

  it('begins every epoch behind the counter that is set', () => {
    const given = { last: '2:102', config: { counterStart: 100 } };
    const storage = new FakeStorage('1:101', '2:101', '2:102');
    expect(chosen({ ...given, storage }, '1:101')).toBe('DIFF 2:102: 2:101 2:102');
  });
});
