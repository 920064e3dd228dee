import { describe, expect, it } from 'vitest';
import { PROPERTIES, type Property } from '../../src/checkers/violation.ts';
import { KEEPER_EVENTS } from '../../src/keeper/events.ts';
import { WORLD_EVENTS } from '../../src/world/events.ts';
import { ZAB_EVENTS } from '../../src/zab/events.ts';
import { COUNTER_MAX, makeZxid, ZXID_ZERO } from '../../src/zab/zxid.ts';
import { firstEpoch, STAGED_AT, STAGED_SEQ, StagedRun, txn } from './staged-run.ts';

const E = ZAB_EVENTS;

/** Transactions 1 to 4 of epoch 1, and the first two of the next. */
const [a, b, c, d] = [txn(1, 1), txn(1, 2), txn(1, 3), txn(1, 4)];
const [x, y] = [txn(2, 1), txn(2, 2)];

function expectFine({ checker }: StagedRun): void {
  expect(checker.violation).toBeNull();
}

function expectBroken(run: StagedRun, property: Property, message: RegExp): void {
  expect(run.violationOf(property)?.message).toMatch(message);
  expect(run.checker.violation).not.toBeNull();
}

describe('a history that is accepted', () => {
  it('is one leader, one order, delivered by all, each at its own pace', () => {
    const run = firstEpoch().propose(3, a, b, c).log(1, a, b).log(2, a, b).log(3, a, b, c);
    run.commit(3, a).deliver(1, a).commit(3, b).deliver(1, b).deliver(3, a, b).deliver(2, a, b);
    expectFine(run);
    expect(run.checker.committedTxns()).toEqual([a, b]);
  });

  it('is two leaders, one after the other, of which the second has all that is committed', () => {
    const run = firstEpoch().broadcast(3, [1, 2], a, b);
    run.emit(3, E.leaving).establish(2, 1, [2]).broadcast(1, [2], x, y);
    expectFine(run);
    expect(run.checker.committedTxns()).toEqual([a, b, x, y]);
    expect(run.checker.ghost.adoptionCount).toBe(0);
  });

  it('is a new leader that commits a proposal of its predecessor, which nobody knew of', () => {
    const run = firstEpoch().broadcast(3, [1, 2], a).propose(3, b).acknowledge(1, b);
    run.log(2, b).end(3).replay(1, b).replay(2, b).establish(2, 1, [2]).broadcast(1, [2], x);
    expectFine(run);
    expect(run.checker.committedTxns()).toEqual([a, b, x]);
    expect(run.checker.ghost.adoptionCount).toBe(1);
  });

  it('is a leader that learns late of commits which its successor has taken over', () => {
    const run = firstEpoch().broadcast(3, [1, 2], a).propose(3, b, c);
    for (const sid of [1, 2, 3]) run.log(sid, b, c);
    run.replay(1, b, c).replay(2, b, c).establish(2, 1, [2]).broadcast(1, [2], x);
    run.commit(3, b).deliver(3, b).commit(3, c);
    expectFine(run);
    expect(run.checker.committedTxns()).toEqual([a, b, c, x]);
  });

  it('is a leader that learns of its office when it has been succeeded', () => {
    const run = firstEpoch().broadcast(3, [1, 2], a);
    for (const sid of [1, 2, 3]) run.acceptEpoch(sid, 2).enterEpoch(sid, 2);
    run.establish(3, 1, [3]).broadcast(1, [3], txn(3, 1)).emit(2, E.established, 2);
    expectFine(run);
    expect(run.checker.committedTxns()).toEqual([a, txn(3, 1)]);
    expect(run.checker.ghost.adoptionCount).toBe(0);
  });

  it('is a tail cut off that nobody had committed', () => {
    const run = firstEpoch().broadcast(3, [1, 2], a).propose(3, b).acknowledge(3, b);
    run.end(3).establish(2, 1, [2]).start(3, null, [a, b]);
    run.truncate(3, a.zxid, [a]).join(3, 2, 1).broadcast(1, [2, 3], x);
    expectFine(run);
  });

  it('is a cut that ends when its leader is gone, and takes what was committed since', () => {
    const run = firstEpoch().broadcast(3, [1, 2], a).propose(3, b).log(1, b);
    run.emit(3, E.truncChosen, b.zxid, null, 1).emit(1, E.truncReceived, a.zxid);
    run.emit(1, E.leaving).acknowledge(2, b).acknowledge(3, b).commit(3, b);
    run.emit(1, E.logCut, a.zxid).load(1, null, [a]);
    expectFine(run);
  });

  it('is a restart after the cut, with no more than what the cut left', () => {
    const run = firstEpoch().broadcast(3, [1, 2], a).propose(3, b).acknowledge(3, b);
    run.end(3).establish(2, 1, [2]).start(3, null, [a, b]);
    run.emit(3, E.truncReceived, a.zxid).end(3).start(3, null, [a]);
    expectFine(run);
  });

  it('is a restart after a cut to the beginning of an epoch, which is no transaction', () => {
    const later = txn(3, 1);
    const run = firstEpoch().broadcast(3, [1, 2], a).establish(2, 1, [2]);
    run.establish(3, 2, [3]).propose(2, later).acknowledge(2, later);
    run.replay(2, later).emit(2, E.truncReceived, makeZxid(2, 0));
    run.end(2).start(2, null, [a]);
    expectFine(run);
  });

  it('is a server that comes back with its snapshot and the log behind it', () => {
    const run = firstEpoch().broadcast(3, [1, 2], a, b);
    const snapshot = run.capture(1, b.zxid);
    run.broadcast(3, [1, 2], c).end(1).start(1, snapshot, [c]);
    run.emit(1, E.newLeaderAcked, 1).emit(1, E.upToDate, 1).broadcast(3, [1, 2], d);
    expectFine(run);
  });

  it('is a snapshot that shows more than its label, restored as what the label says', () => {
    const run = firstEpoch().broadcast(3, [1, 2], a);
    const { digest } = run.server(1);
    run.broadcast(3, [1, 2], b);
    const snapshot = run.capture(1, a.zxid, digest);
    run.end(1).start(1, snapshot, [b]).emit(1, E.newLeaderAcked, 1).emit(1, E.upToDate, 1);
    run.broadcast(3, [1, 2], c);
    expectFine(run);
  });

  it('is a learner that is given the snapshot of its leader in place of its own history', () => {
    const run = firstEpoch().broadcast(3, [1], a, b);
    const snapshot = run.capture(3, b.zxid);
    run.install(2, snapshot).join(2, 1, 3).broadcast(3, [1, 2], c);
    expectFine(run);
  });

  it('may lose what a server has logged and not acknowledged', () => {
    const run = firstEpoch().broadcast(3, [1, 2], a).propose(3, b).emit(1, E.appended, b.zxid, b);
    run.end(1).start(1, null, [a]);
    expectFine(run);
  });

  it('begins every epoch behind the counter that it was told', () => {
    const start = COUNTER_MAX - 3;
    const run = firstEpoch(start).broadcast(3, [1, 2], txn(1, start + 1), txn(1, start + 2));
    run.establish(2, 1, [2, 3]).broadcast(1, [2, 3], txn(2, start + 1));
    expectFine(run);
  });

  it('may skip epochs', () => {
    const run = firstEpoch().broadcast(3, [1, 2], a);
    run.establish(7, 1, [2, 3]).broadcast(1, [2, 3], txn(7, 1));
    expectFine(run);
  });
});

describe('leadership', () => {
  it('is broken by two servers that lead one epoch', () => {
    const run = firstEpoch().emit(1, E.established, 1);
    expectBroken(run, 'leadership', /server 1 \(start 1\) leads epoch 1, .*server 3 \(start 1\)/);
  });

  it('is broken by a server that leads one epoch in two of its lives', () => {
    const run = firstEpoch().end(3).start(3, null, []).emit(3, E.established, 1);
    expectBroken(run, 'leadership', /server 3 \(start 2\) leads epoch 1, .*server 3 \(start 1\)/);
  });
});

describe('integrity', () => {
  it('is broken by one zxid for two transactions', () => {
    const run = firstEpoch().propose(3, a).propose(1, txn(1, 1));
    expectBroken(run, 'integrity', /server 1 proposed 0x100000001, which names another/);
  });

  it('is broken by the commit of what nobody proposed', () => {
    expectBroken(firstEpoch().commit(3, a), 'integrity', /0x100000001 .* nobody proposed/);
  });

  it('is broken by the commit of another transaction than that which was proposed', () => {
    const run = firstEpoch().propose(3, a).commit(3, txn(1, 1));
    expectBroken(run, 'integrity', /0x100000001 .* nobody proposed it like that/);
  });

  it('is broken by a leader whose initial history holds what nobody proposed', () => {
    const run = firstEpoch().replay(1, a).replay(2, a).establish(2, 1, [2]);
    expectBroken(run, 'integrity', /0x100000001/);
  });
});

describe('total order', () => {
  it('is broken by two leaders that commit different transactions at one place', () => {
    const run = firstEpoch().broadcast(3, [1, 2], a).propose(3, b);
    run.establish(2, 1, [2]).propose(1, x).commit(1, x).commit(3, b);
    expectBroken(run, 'total-order', /server 3 committed 0x100000002 behind 0x100000001/);
  });

  it('is broken by a leader that goes on committing while its successor has committed nothing', () => {
    const run = firstEpoch().broadcast(3, [1, 2], a).propose(3, b).establish(2, 1, [2]);
    run.commit(3, b);
    expectBroken(run, 'total-order', /server 3 committed 0x100000002 .* epoch 2/);
  });

  it('is broken by a leader that commits, having learnt of its office when it was succeeded', () => {
    const run = firstEpoch().broadcast(3, [1, 2], a);
    for (const sid of [1, 2, 3]) run.acceptEpoch(sid, 2).enterEpoch(sid, 2);
    run.establish(3, 1, [3]).emit(2, E.established, 2).propose(2, x).commit(2, x);
    expectBroken(run, 'total-order', /server 2 committed 0x200000001 .* epoch 3/);
  });

  it('is broken by a server that commits without having been established', () => {
    const run = firstEpoch().propose(3, a).commit(2, a);
    expectBroken(run, 'total-order', /server 2 committed 0x100000001, but leads no epoch/);
  });

  it.each([
    ['ends', WORLD_EVENTS.processEnded],
    ['leaves its office', E.leaving],
  ] as const)('is broken by a leader that commits after it %s', (_, kind) => {
    const run = firstEpoch().propose(3, a).emit(3, kind).commit(3, a);
    expectBroken(run, 'total-order', /server 3 committed 0x100000001, but leads no epoch/);
  });

  it('is broken by a succeeded leader that commits what its successor left out', () => {
    const run = firstEpoch().broadcast(3, [1, 2], a).propose(3, b, c).replay(1, b).replay(2, b);
    run.establish(2, 1, [2]).broadcast(1, [2], x).commit(3, b).commit(3, c);
    expectBroken(run, 'total-order', /server 3 committed 0x100000003/);
  });
});

describe('agreement', () => {
  it('is broken by a server that delivers what nobody has committed', () => {
    const run = firstEpoch().propose(3, a).deliver(1, a);
    expectBroken(run, 'agreement', /server 1 delivered 0x100000001, but nobody has committed it/);
  });

  it('is broken by a server that leaves a transaction out', () => {
    const run = firstEpoch().propose(3, a, b).commit(3, a, b).deliver(1, b);
    expectBroken(run, 'agreement', /server 1 delivered 0x100000002, but 0x100000001 belongs there/);
  });

  it('is broken by a server that delivers a transaction twice', () => {
    const run = firstEpoch().broadcast(3, [1, 2], a, b).deliver(2, b);
    expectBroken(run, 'agreement', /server 2 delivered 0x100000002/);
  });

  it('is broken by a server whose sequence is no prefix of that of another', () => {
    const run = firstEpoch().broadcast(3, [1, 2], a).propose(3, b).replay(2, b);
    run.establish(2, 1, []).broadcast(1, [], x).deliver(2, x);
    expectBroken(run, 'agreement', /server 2 delivered 0x200000001/);
  });

  it('is broken by a learner that begins to serve with an uncommitted tail', () => {
    const run = firstEpoch().broadcast(3, [1, 2], a).propose(3, b).replay(2, b);
    run.establish(2, 1, [2]);
    expectBroken(run, 'agreement', /server 2 serves with 0x100000002, which is not committed/);
  });
});

describe('primary order', () => {
  it('is broken by a leader that leaves a counter out', () => {
    const run = firstEpoch().propose(3, a, c);
    expectBroken(run, 'primary-order', /server 3 proposed 0x100000003 and left a gap/);
  });

  it('is broken by an epoch that begins at another counter', () => {
    const run = firstEpoch(100).propose(3, txn(1, 1));
    expectBroken(run, 'primary-order', /0x100000001/);
  });

  it('is broken by a leader that commits one transaction before the one before it', () => {
    const run = firstEpoch().propose(3, a, b).commit(3, b);
    expectBroken(run, 'primary-order', /0x100000002 was committed behind 0x0/);
  });

  it('is broken by a leader that commits transactions of an earlier epoch', () => {
    const run = firstEpoch().broadcast(3, [1, 2], a).propose(3, b);
    run.establish(2, 1, [2]).broadcast(1, [2], x).commit(1, b);
    expectBroken(run, 'primary-order', /0x100000002 was committed behind 0x200000001/);
  });

  it('is broken by an initial history whose zxids fall', () => {
    const run = firstEpoch().propose(3, a, b).replay(1, b, a).replay(2, b, a);
    run.establish(2, 1, [2]);
    expectBroken(run, 'primary-order', /0x100000002 was committed behind 0x0/);
  });
});

describe('what is committed', () => {
  it.each([
    ['chosen when it was committed already', []],
    ['of which the choice was overtaken by a DIFF', [E.truncChosen, E.diffChosen]],
    [
      'of which the choice was overtaken by a restart',
      [E.truncChosen, WORLD_EVENTS.processStarted],
    ],
  ])('must not be taken by a cut %s', (_, before) => {
    const run = firstEpoch().broadcast(3, [1, 2], a).propose(3, b).log(1, b);
    for (const kind of before) {
      if (kind === WORLD_EVENTS.processStarted) run.emit(1, kind, 2);
      else run.emit(3, kind, b.zxid, null, 1);
    }
    run.acknowledge(2, b).acknowledge(3, b).commit(3, b);
    if (before.length === 0) run.emit(3, E.truncChosen, b.zxid, null, 1);
    run.truncate(1, a.zxid, [a]);
    expectBroken(run, 'committed-log-durability', /server 1 had 0x100000002, which is committed/);
  });

  it('is lost with a new leader that does not have it', () => {
    const run = firstEpoch().propose(3, a, b).commit(3, a, b).replay(1, a).establish(2, 1, [2]);
    expectBroken(
      run,
      'committed-never-lost',
      /server 1 \(start 1\) leads epoch 2 with a history up to 0x100000001 that lacks 0x100000002/,
    );
  });

  it('is lost with a new leader that has another transaction in its place', () => {
    const run = firstEpoch().propose(3, a, b).commit(3, a).propose(2, x);
    run.replay(1, x).establish(3, 1, [2]);
    expectBroken(run, 'committed-never-lost', /up to 0x200000001 that lacks 0x100000001/);
  });

  it('is lost with a leader of an earlier epoch that is established late with other history', () => {
    const run = firstEpoch().broadcast(3, [1, 2], a).propose(3, b).replay(2, b);
    run.establish(3, 1, [3]).broadcast(1, [3], txn(3, 1)).emit(2, E.established, 2);
    expectBroken(run, 'committed-never-lost', /server 2 .* leads epoch 2 .* lacks 0x300000001/);
  });
});

describe('what a server has acknowledged', () => {
  it('is a transaction that is gone after a restart', () => {
    const run = firstEpoch().broadcast(3, [1, 2], a).propose(3, b).acknowledge(1, b);
    run.end(1).start(1, null, [a]);
    expectBroken(
      run,
      'acknowledged-is-durable',
      /server 1 had acknowledged 0x100000002 and came back with 0x100000001/,
    );
  });

  it('is an initial history that is gone after a restart', () => {
    const run = firstEpoch().broadcast(3, [1, 2], a).propose(3, b).replay(2, b).replay(1, b);
    run.establish(2, 1, [2]).end(2).start(2, null, [a]);
    expectBroken(run, 'acknowledged-is-durable', /server 2 had acknowledged 0x100000002/);
  });

  it("is a leader's own history that is gone after a restart", () => {
    const run = firstEpoch().broadcast(3, [1, 2], a).propose(3, b).replay(2, b).replay(1, b);
    run.establish(2, 1, [2]).end(1).start(1, null, []);
    expectBroken(run, 'acknowledged-is-durable', /server 1 had acknowledged 0x100000002/);
  });

  it('is what was there before a cut, up to the cut', () => {
    const run = firstEpoch().broadcast(3, [1, 2], a, b).propose(3, c).acknowledge(3, c);
    run.replay(3, c).emit(3, E.truncReceived, b.zxid).end(3).start(3, null, [a]);
    expectBroken(run, 'acknowledged-is-durable', /server 3 had acknowledged 0x100000002/);
  });
});

describe('epochs', () => {
  it.each([
    ['acceptedEpoch', E.acceptedEpochWritten],
    ['currentEpoch', E.currentEpochWritten],
  ])('rise: a server must not write a lower %s', (file, kind) => {
    const run = firstEpoch().establish(2, 1, [2, 3]).emit(2, kind, 1);
    expectBroken(run, 'epochs-rise', new RegExp(`server 2 has ${file} 1`));
  });

  it.each(['acceptedEpoch', 'currentEpoch'] as const)('rise: %s must outlive a restart', (file) => {
    const run = firstEpoch().establish(2, 1, [2, 3]).end(2);
    run.server(2)[file] = 1;
    run.start(2, null, []);
    expectBroken(run, 'epochs-rise', new RegExp(`server 2 has ${file} 1`));
  });

  it('rise: a server must not enter an epoch that it has not accepted', () => {
    const run = firstEpoch().enterEpoch(2, 2);
    expectBroken(run, 'epochs-rise', /server 2 has currentEpoch 2, and acceptedEpoch 1/);
  });

  it('rise: a server must not come back in an epoch that it has not accepted', () => {
    const run = firstEpoch().end(2);
    run.server(2).currentEpoch = 2;
    run.start(2, null, []);
    expectBroken(run, 'epochs-rise', /server 2 has currentEpoch 2, and acceptedEpoch 1/);
  });

  it('rise: a server must not serve with transactions of an epoch that it has not entered', () => {
    const run = firstEpoch().establish(2, 1, [3]).broadcast(1, [3], x);
    run.acceptEpoch(2, 2).replay(2, x).emit(2, E.upToDate, 2);
    expectBroken(run, 'epochs-rise', /server 2 serves in epoch 1 with later txns/);
  });

  it('may be written again as they are', () => {
    const run = firstEpoch().acceptEpoch(2, 1).enterEpoch(2, 1);
    expectFine(run);
  });
});

describe('equal digests', () => {
  it('are broken by a server that delivers the same and has another tree', () => {
    const run = firstEpoch().propose(3, a).commit(3, a).deliver(3, a);
    run.server(1).digest = 99;
    run.deliver(1, a);
    expectBroken(run, 'equal-digests', /at 0x100000001 server 1 has tree digest \d+, another had/);
  });

  it('are broken by a learner that begins to serve with another tree', () => {
    const run = firstEpoch().broadcast(3, [1], a).replay(2, a);
    run.server(2).digest++;
    run.emit(2, E.upToDate, 1);
    expectBroken(run, 'equal-digests', /server 2/);
  });

  it('are broken by a leader that takes office with another tree', () => {
    const run = firstEpoch().broadcast(3, [1, 2], a);
    run.server(1).digest++;
    run.establish(2, 1, [2]);
    expectBroken(run, 'equal-digests', /server 1/);
  });

  it('are broken by a snapshot that does not hold what its label says', () => {
    const run = firstEpoch().broadcast(3, [1, 2], a, b);
    const snapshot = run.capture(1, b.zxid, 7);
    run.end(1).start(1, snapshot, []).emit(1, E.upToDate, 1);
    expectBroken(run, 'equal-digests', /at 0x100000002 server 1 has tree digest 7/);
  });

  it('are not asked for while a server recovers: its tail may still be cut off', () => {
    const run = firstEpoch().broadcast(3, [1, 2], a).end(1);
    run.server(1).digest = 99;
    run.emit(1, WORLD_EVENTS.processStarted, 2).emit(1, E.restored, 0, null);
    run.emit(1, E.replayed, a.zxid, a);
    expectFine(run);
  });
});

describe('channel order', () => {
  it.each([
    ['a commit that is not for the oldest proposal', E.commitUnmatched, /COMMIT of 0x100000001/],
    ['a transaction that leaves a gap', E.historyGap, /0x100000001, which leaves a gap/],
    ['a wrong answer to NEWLEADER', E.badAck, /ACK of 0x100000001 for its NEWLEADER/],
  ])('is broken by %s', (_, kind, message) => {
    expectBroken(firstEpoch().emit(1, kind, a.zxid, a), 'channel-order', message);
  });
});

describe('serving', () => {
  it('is too early without the whole initial history of the epoch', () => {
    const run = firstEpoch().broadcast(3, [1], a, b).deliver(2, a).establish(2, 1, [3]);
    run.acceptEpoch(2, 2).enterEpoch(2, 2).emit(2, E.upToDate, 2);
    expectBroken(
      run,
      'serve-complete',
      /server 2 serves in epoch 2 up to 0x100000001, the epoch begins at 0x100000002/,
    );
  });

  it('is too early in an epoch that has no leader yet', () => {
    const run = firstEpoch().acceptEpoch(2, 2).enterEpoch(2, 2).emit(2, E.upToDate, 2);
    expectBroken(run, 'serve-complete', /server 2 serves in epoch 2/);
  });
});

describe('a client that is turned away', () => {
  const { clientAheadRefused } = KEEPER_EVENTS;

  it('has seen a transaction that the server has not delivered', () => {
    const run = firstEpoch().broadcast(3, [1, 2], a).broadcast(3, [2], b);
    expectFine(run.emit(1, clientAheadRefused, b.zxid));
  });

  it('has been told of an epoch, and the server lacks what was committed before', () => {
    const run = firstEpoch().broadcast(3, [1, 2], a).broadcast(3, [2], b);
    run.establish(2, 2, [3]).emit(1, clientAheadRefused, makeZxid(2, 0));
    expectFine(run);
  });

  it('has not seen more than the server has, if all that it knows besides is an epoch', () => {
    const run = firstEpoch().broadcast(3, [1, 2], a).establish(2, 2, [1]);
    expectBroken(run.emit(1, clientAheadRefused, makeZxid(2, 0)), 'turned-away', /server 1 .*0x2/);
  });

  it('has not seen more than the server has, if it comes with what the server has delivered', () => {
    const run = firstEpoch().broadcast(3, [1, 2], a).emit(1, clientAheadRefused, a.zxid);
    expectBroken(run, 'turned-away', /0x100000001/);
  });
});

describe('a sync', () => {
  it('is fresh if the server that it reached leads the latest epoch', () => {
    const { checker } = firstEpoch().establish(2, 1, [2]).askSync(1, 77, 5);
    expect(checker.isFresh(77, 5)).toBe(true);
  });

  it('is not if that server has been succeeded', () => {
    const { checker } = firstEpoch().establish(2, 1, [2]).askSync(3, 77, 5);
    expect(checker.isFresh(77, 5)).toBe(false);
    expect(checker.isFresh(77, 6)).toBe(true);
    expect(checker.isFresh(7, 75)).toBe(true);
  });

  it('is fresh if the server was succeeded after it had been asked', () => {
    const { checker } = firstEpoch().askSync(3, 77, 5).establish(2, 1, [2]);
    expect(checker.isFresh(77, 5)).toBe(true);
  });
});

describe('the checker', () => {
  it('says when it saw the violation, and keeps to the first', () => {
    const run = firstEpoch().propose(3, a).deliver(1, a).emit(1, E.established, 1);
    expect(run.checker.violation).toMatchObject({
      property: 'agreement',
      at: STAGED_AT,
      seq: STAGED_SEQ,
    });
  });

  it('knows nothing to be committed before anything is', () => {
    const { checker } = new StagedRun().start(1, null, []);
    expect(checker.committedTxns()).toEqual([]);
    expect(checker.ghost.committed.zxid).toBe(ZXID_ZERO);
  });

  it('says of each property what it means', () => {
    for (const meaning of Object.values(PROPERTIES)) expect(meaning).toMatch(/^[a-z].{20,}[^.]$/);
  });
});
