import { describe, expect, it } from 'vitest';
import { INVARIANTS } from '../../src/checkers/invariants/catalogue.ts';
import { PROPERTIES, type Property } from '../../src/checkers/violation.ts';
import { KEEPER_EVENTS } from '../../src/keeper/events.ts';
import { ZAB_EVENTS } from '../../src/zab/events.ts';
import { firstEpoch, type StagedRun, txn } from './staged-run.ts';

const E = ZAB_EVENTS;
const [a, b, c] = [txn(1, 1), txn(1, 2), txn(1, 3)];
const x = txn(2, 1);

/** What it takes to need an invariant. */
interface Case {
  readonly title: string;
  /** All that are broken by it, the invariant itself included. */
  readonly broken: readonly Property[];
  /** @param isWrong otherwise the one step that matters is done right */
  stage(isWrong: boolean): StagedRun;
}

/** Everybody has `a`; `b` is proposed and logged by these, and then server 3 ends. */
function leftWithTail(...sids: readonly number[]): StagedRun {
  const run = firstEpoch().broadcast(3, [1, 2], a).propose(3, b).log(3, b);
  for (const sid of sids) run.log(sid, b);
  return run.end(3);
}

/** Servers 1 and 2 enter epoch 2 under 1, up to the point where 2 has acknowledged it. */
function acknowledgeSecondEpoch(run: StagedRun): StagedRun {
  for (const sid of [1, 2]) run.acceptEpoch(sid, 2).enterEpoch(sid, 2);
  return run.emit(1, E.ackEpochQuorum, 2).emit(2, E.newLeaderAcked, 2, null, 1);
}

function takeOffice(run: StagedRun, sid: number, epoch: number): StagedRun {
  return run.acceptEpoch(sid, epoch).enterEpoch(sid, epoch).emit(sid, E.established, epoch);
}

const CASES: Readonly<Partial<Record<Property, Case>>> = {
  leadership: {
    title: 'a leader of an epoch that has had one',
    broken: ['leadership'],
    stage: (isWrong) => takeOffice(firstEpoch().end(3), 1, isWrong ? 1 : 2),
  },
  'live-leadership': {
    title: 'two that lead in one epoch before either is established',
    broken: ['live-leadership'],
    stage: (isWrong) => firstEpoch().emit(1, E.ackEpochQuorum, isWrong ? 1 : 2),
  },
  integrity: {
    title: 'one zxid for two transactions',
    broken: ['integrity'],
    stage: (isWrong) => firstEpoch().propose(3, a, isWrong ? txn(1, 1) : b),
  },
  'total-order': {
    title: 'a leader that commits when it has been succeeded',
    broken: ['total-order'],
    stage: (isWrong) => {
      const run = firstEpoch().broadcast(3, [1, 2], a).propose(3, b).log(3, b);
      if (!isWrong) run.log(1, b).log(2, b).replay(1, b).replay(2, b);
      return run.establish(2, 1, [2]).commit(3, b);
    },
  },
  agreement: {
    title: 'a delivery of what nobody has committed',
    broken: ['agreement'],
    stage: (isWrong) => {
      const run = firstEpoch().propose(3, a).acknowledge(1, a).acknowledge(3, a);
      return (isWrong ? run : run.commit(3, a)).deliver(1, a);
    },
  },
  'prefix-consistency': {
    title: 'two servers that deliver different transactions in one place',
    broken: ['agreement', 'prefix-consistency', 'commit-consistency', 'legal-commits'],
    stage: (isWrong) => {
      const other = isWrong ? txn(1, 1) : a;
      const run = firstEpoch().propose(3, a).log(1, a).log(2, a).commit(3, a).deliver(1, a);
      run.log(3, a);
      return isWrong ? run.deliver(3, other) : run.deliver(3, a);
    },
  },
  'local-primary-order': {
    title: 'a delivery that leaves a counter out',
    broken: ['agreement', 'local-primary-order', 'legal-commits'],
    stage: (isWrong) => {
      const run = firstEpoch().propose(3, a, b);
      for (const sid of [1, 2, 3]) run.log(sid, a, b);
      return isWrong ? run.commit(3, a, b).deliver(1, b) : run.commit(3, a, b).deliver(1, a, b);
    },
  },
  'global-primary-order': {
    title: 'a delivery of an earlier epoch behind one of a later',
    broken: ['agreement', 'global-primary-order', 'primary-integrity', 'legal-commits'],
    stage: (isWrong) => {
      const run = leftWithTail().establish(2, 1, [2]).broadcast(1, [2], x);
      return isWrong ? run.deliver(1, b) : run.broadcast(1, [2], txn(2, 2));
    },
  },
  'primary-integrity': {
    title: 'a broadcast of who has not delivered what the epoch begins with',
    broken: ['primary-integrity', 'legal-proposals'],
    stage: (isWrong) => {
      const run = leftWithTail(1, 2).replay(1, b).replay(2, b).establish(2, 1, [2]);
      return run.propose(isWrong ? 3 : 1, x);
    },
  },
  'primary-order': {
    title: 'a leader that leaves a counter out',
    broken: ['primary-order'],
    stage: (isWrong) => firstEpoch().propose(3, a, isWrong ? c : b),
  },
  'committed-never-lost': {
    title: 'a leader that has not applied what its own log holds',
    broken: ['committed-never-lost'],
    stage: (isWrong) => {
      const run = firstEpoch().broadcast(3, [1, 2], a).propose(3, b);
      run.log(1, b).log(2, b).log(3, b).commit(3, b).end(3).replay(2, b);
      return acknowledgeSecondEpoch(isWrong ? run : run.replay(1, b)).emit(1, E.established, 2);
    },
  },
  recoverability: {
    title: 'a commit that rests on one disk',
    broken: ['recoverability'],
    stage: (isWrong) => {
      const run = firstEpoch().propose(3, a).acknowledge(3, a).emit(1, E.appended, a.zxid, a);
      return (isWrong ? run : run.emit(1, E.logSynced, a.zxid)).commit(3, a);
    },
  },
  'initial-history': {
    title: 'an epoch that begins without what an earlier one began with',
    broken: ['committed-never-lost', 'initial-history', 'leader-reads'],
    stage: (isWrong) => {
      const run = leftWithTail(1, 2).replay(2, b).replay(1, b).establish(2, 1, [2]);
      run.start(3, null, [a, b]);
      if (isWrong) run.load(3, null, [a]);
      return takeOffice(run, 3, 3);
    },
  },
  'commit-consistency': {
    title: 'two servers that deliver different transactions in one epoch',
    broken: ['agreement', 'prefix-consistency', 'commit-consistency', 'legal-commits'],
    stage: (isWrong) => {
      const other = txn(1, 1);
      const run = firstEpoch().propose(3, a).log(3, a).log(1, a).commit(3, a).deliver(1, a);
      return run.log(2, a).deliver(2, isWrong ? other : a);
    },
  },
  'log-consistency': {
    title: 'a follower with a tail that its leader does not have, as soon as that leader logs',
    broken: ['log-consistency'],
    stage: (isWrong) => {
      const run = acknowledgeSecondEpoch(isWrong ? leftWithTail(2) : leftWithTail());
      return run.emit(1, E.established, 2).propose(1, x).log(1, x);
    },
  },
  'leader-reads': {
    title: 'a leader that takes office without what another has shown',
    broken: ['committed-never-lost', 'leader-reads'],
    stage: (isWrong) => {
      const run = firstEpoch().broadcast(3, [1, 2], a);
      return takeOffice(isWrong ? run.load(1, null, []) : run, 1, 2);
    },
  },
  'process-consistency': {
    title: 'a learner that serves with a tail that its leader does not have',
    broken: ['process-consistency'],
    stage: (isWrong) => {
      const run = acknowledgeSecondEpoch(isWrong ? leftWithTail(2) : leftWithTail());
      return run.emit(1, E.established, 2).emit(2, E.upToDate, 2, null, 1);
    },
  },
  'leader-log-complete': {
    title: 'a leader that has in memory alone what is committed',
    broken: ['recoverability', 'leader-log-complete', 'legal-states'],
    stage: (isWrong) => {
      const run = firstEpoch()
        .broadcast(3, [2], a)
        .log(1, ...(isWrong ? [] : [a]))
        .replay(1, a);
      for (const sid of [1, 2]) run.acceptEpoch(sid, 2).enterEpoch(sid, 2);
      return run.emit(1, E.established, 2);
    },
  },
  'committed-log-durability': {
    title: 'a cut that takes what is committed, though others have it',
    broken: ['committed-log-durability'],
    stage: (isWrong) => {
      const run = firstEpoch().broadcast(3, [1, 2], a, b);
      return isWrong ? run.truncate(1, a.zxid, [a]) : run.truncate(1, b.zxid, [a, b]);
    },
  },
  'log-contiguity': {
    title: 'a log that leaves a counter out',
    broken: ['log-contiguity'],
    stage: (isWrong) =>
      firstEpoch()
        .propose(3, a, b, c)
        .log(1, a, isWrong ? c : b),
  },
  'acknowledged-is-durable': {
    title: 'an acknowledged proposal that is gone after a restart',
    broken: ['acknowledged-is-durable'],
    stage: (isWrong) => {
      const run = firstEpoch().propose(3, a).acknowledge(1, a).end(1);
      return run.start(1, null, isWrong ? [] : [a]);
    },
  },
  'epochs-rise': {
    title: 'a promise of an earlier epoch than before',
    broken: ['epochs-rise'],
    stage: (isWrong) => firstEpoch().emit(2, E.acceptedEpochWritten, isWrong ? 0 : 1),
  },
  'history-in-epoch': {
    title: 'a vote with a transaction of an epoch that is not entered',
    broken: ['history-in-epoch'],
    stage: (isWrong) => {
      const run = firstEpoch().end(1).start(1, null, [x]);
      if (!isWrong) run.acceptEpoch(1, 2).enterEpoch(1, 2);
      return run.emit(1, E.voteChanged, x.zxid, null, 1);
    },
  },
  'equal-digests': {
    title: 'another tree behind the same transactions',
    broken: ['equal-digests'],
    stage: (isWrong) => {
      const run = firstEpoch().propose(3, a).log(3, a).log(1, a).commit(3, a).deliver(3, a);
      if (isWrong) run.server(1).digest = 99;
      return run.deliver(1, a);
    },
  },
  'channel-order': {
    title: 'a COMMIT that no pending proposal fits',
    broken: ['channel-order'],
    stage: (isWrong) => (isWrong ? firstEpoch().emit(1, E.commitUnmatched, a.zxid) : firstEpoch()),
  },
  'session-expiry': {
    title: 'a follower that ends a session',
    broken: ['session-expiry'],
    stage: (isWrong) => {
      const run = firstEpoch();
      run.server(2).role = isWrong ? 'learner' : 'leader';
      return run.emit(2, KEEPER_EVENTS.sessionExpired, 7);
    },
  },
  'turned-away': {
    title: 'a client that is turned away though the server has all that it saw',
    broken: ['turned-away'],
    stage: (isWrong) => {
      const run = firstEpoch().broadcast(3, isWrong ? [1, 2] : [2], a);
      return run.emit(1, KEEPER_EVENTS.clientAheadRefused, a.zxid);
    },
  },
  'legal-states': {
    title: 'a delivery at a server that does not serve',
    broken: ['legal-states'],
    stage: (isWrong) => {
      const run = firstEpoch().propose(3, a).log(3, a).log(1, a).log(2, a).commit(3, a);
      return (isWrong ? run.emit(1, E.leaving) : run).deliver(1, a);
    },
  },
  'answers-in-broadcast': {
    title: 'an answer of a server that has left its leader',
    broken: ['answers-in-broadcast'],
    stage: (isWrong) => {
      const run = firstEpoch().send(2, 7).emit(1, E.leaving).send(7, 1);
      return run.send(isWrong ? 1 : 3, 7);
    },
  },
  'legal-acks': {
    title: 'an acknowledgement of what is not in the log',
    broken: ['legal-acks'],
    stage: (isWrong) => {
      const run = firstEpoch().propose(3, a);
      return isWrong ? run.emit(1, E.acked, a.zxid, a) : run.acknowledge(1, a);
    },
  },
  'legal-proposals': {
    title: 'a follower that logs what nobody has proposed',
    broken: ['legal-proposals'],
    stage: (isWrong) => (isWrong ? firstEpoch() : firstEpoch().propose(3, a)).log(1, a),
  },
  'legal-commits': {
    title: 'a delivery of what the log does not hold',
    broken: ['legal-commits'],
    stage: (isWrong) => {
      const run = firstEpoch().propose(3, a).log(3, a).log(2, a);
      return (isWrong ? run : run.log(1, a)).commit(3, a).deliver(1, a);
    },
  },
  'serve-complete': {
    title: 'a learner that serves and has applied less than the epoch begins with',
    broken: ['serve-complete'],
    stage: (isWrong) => {
      const run = leftWithTail(1, 2).replay(1, b);
      acknowledgeSecondEpoch(isWrong ? run : run.replay(2, b)).emit(1, E.established, 2);
      return run.emit(2, E.upToDate, 2, null, 1);
    },
  },
};

const ROWS = Object.entries(CASES).map(([id, one]) => ({ id: id as Property, ...one }));

describe.each(ROWS)('$id', ({ id, title, broken, stage }) => {
  it(`sees ${title}`, () => {
    const run = stage(true);
    expect(run.violationOf(id)?.message).toMatch(/./);
    expect([...run.broken].sort()).toEqual([...broken].sort());
  });

  it('has nothing to say when that one step is done right', () => {
    expect(stage(false).broken).toEqual([]);
  });
});

describe('the invariants', () => {
  it('have a case each that needs them', () => {
    expect(Object.keys(CASES).sort()).toEqual(INVARIANTS.map(({ id }) => id).sort());
  });

  it('are needed: each but those that follow from others sees something alone, or first', () => {
    const rank = (id: Property): number => INVARIANTS.findIndex((one) => one.id === id);
    const later = ROWS.filter(({ id, broken }) => broken.some((other) => rank(other) < rank(id)));
    // Each follows from invariants that look at the committed sequence itself. They are there
    // because the specifications have them, and see what those miss that are switched off.
    expect(later.map(({ id }) => id).sort()).toEqual([
      'commit-consistency',
      'global-primary-order',
      'initial-history',
      'leader-log-complete',
      'leader-reads',
      'local-primary-order',
      'prefix-consistency',
    ]);
  });

  it('say where they are stated, and what they mean', () => {
    for (const { id, source } of INVARIANTS) {
      expect(source).toMatch(/[A-Z]/);
      expect(PROPERTIES[id]).toMatch(/^[a-z]/);
    }
  });
});
