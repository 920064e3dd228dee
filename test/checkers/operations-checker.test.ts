import { describe, expect, it } from 'vitest';
import type { Property } from '../../src/checkers/violation.ts';
import { CODE, OP } from '../../src/keeper/codes.ts';
import type { Question } from '../../src/keeper/requests.ts';
import { ANY_VERSION, CREATE_MODE } from '../../src/keeper/requests.ts';
import type { Stat } from '../../src/keeper/stat.ts';
import { makeZxid, type Zxid } from '../../src/zab/zxid.ts';
import {
  bytes,
  CLOSE,
  creating,
  deleting,
  reading,
  SYNC,
  setting,
  stat,
  ToldHistory,
  z,
} from './told-history.ts';

function expectFine(told: ToldHistory): void {
  expect(told.check()).toEqual([]);
}

/** The first finding is of this property, and says this. */
function expectFound(told: ToldHistory, property: Property, message: RegExp): void {
  const [finding] = told.check();
  expect(finding?.property).toBe(property);
  expect(finding?.message).toMatch(message);
}

/** Client 1 has created `/r` with `a` and written `b`; client 2 has seen the latter. */
function createdAndWritten(): ToldHistory {
  const told = new ToldHistory();
  told.create(1, '/r');
  told.set(1, '/r', 'b', z(1), 1);
  told.read(2, '/r', z(2), 'b', stat(z(1), { mzxid: z(2), version: 1 }));
  return told;
}

function children(path: string): Question {
  return { type: OP.getChildren2, body: { path, watch: false } };
}

function existence(path: string): Question {
  return { type: OP.exists, body: { path, watch: false } };
}

/** Of `/`, whose cversion is -1 in a new tree. */
function rootStat(pzxid: Zxid, numChildren: number, cversion: number): Stat {
  const root = makeZxid(0, 0);
  return stat(root, { ctime: 0, mtime: 0, dataLength: 0, pzxid, numChildren, cversion });
}

describe('reads', () => {
  it('of what was written last are right', () => {
    expectFine(createdAndWritten());
  });

  it('in another session may be stale', () => {
    const told = createdAndWritten();
    told.read(3, '/r', z(1), 'a', stat(z(1)));
    expectFine(told);
  });

  it('in one session must not go back', () => {
    const told = createdAndWritten();
    told.read(2, '/r', z(1), 'a', stat(z(1)));
    expectFound(
      told,
      'monotonic-reads',
      /client 2's getData \/r \(session 2, xid 2\) shows 0x100000001, .* seen 0x100000002/,
    );
  });

  it('must not go back behind a write of the same session', () => {
    const told = createdAndWritten();
    told.read(1, '/r', z(1), 'a', stat(z(1)));
    expectFound(told, 'read-your-writes', /client 1's getData/);
  });

  it('must show the state at the zxid that they carry', () => {
    const told = createdAndWritten();
    told.read(3, '/r', z(2), 'a', stat(z(1)));
    expectFound(told, 'sequential-consistency', /at 0x100000002: data should be b and is a/);
  });

  it('must not show what is written later', () => {
    const told = createdAndWritten();
    told.read(3, '/r', z(1), 'b', stat(z(1), { mzxid: z(2), version: 1 }));
    expectFound(told, 'sequential-consistency', /data should be a and is b/);
  });

  it('at the beginning of an epoch show the end of the one before', () => {
    const told = createdAndWritten();
    told.read(3, '/r', makeZxid(2, 0), 'b', stat(z(1), { mzxid: z(2), version: 1 }));
    expectFine(told);
  });

  it('of a node that is not there yet must say so', () => {
    const told = new ToldHistory();
    told.create(1, '/other');
    const early = told.ask(2, reading('/r'));
    told.answerError(early, z(1), CODE.NONODE);
    told.create(1, '/r');
    expectFine(told);

    const late = told.ask(2, existence('/r'));
    told.answerError(late, z(2), CODE.NONODE);
    expectFound(told, 'sequential-consistency', /exists \/r .* err should be OK and is NONODE/);
  });

  it('of a node that is gone must not show it', () => {
    const told = createdAndWritten();
    const deletion = told.ask(1, deleting('/r'));
    told.answer(deletion, told.commitDelete(deletion));
    const read = told.ask(2, existence('/r'));
    told.answer(read, z(3), { stat: stat(z(1), { mzxid: z(2), version: 1 }) });
    expectFound(told, 'sequential-consistency', /err should be NONODE and is OK/);
  });

  it('of children must show all and no others, in any order', () => {
    const told = new ToldHistory();
    told.create(1, '/r');
    told.create(1, '/s');
    const right = told.ask(2, children('/'));
    told.answer(right, z(2), { children: ['s', 'zookeeper', 'r'], stat: rootStat(z(2), 3, 1) });
    expectFine(told);

    const wrong = told.ask(2, children('/'));
    told.answer(wrong, z(2), { children: ['zookeeper', 'r'], stat: rootStat(z(2), 3, 1) });
    expectFound(
      told,
      'sequential-consistency',
      /children should be r s zookeeper and is r zookeeper/,
    );
  });

  const wrongStats: Partial<Stat>[] = [
    { czxid: z(2) },
    { mzxid: z(1) },
    { ctime: 1 },
    { mtime: 1 },
    { version: 2 },
    { cversion: 1 },
    { aversion: 1 },
    { ephemeralOwner: 1 },
    { dataLength: 2 },
    { numChildren: 1 },
    { pzxid: z(2) },
  ];

  it.each(wrongStats)('must not show a wrong stat: %o', (wrong) => {
    const told = createdAndWritten();
    const right = stat(z(1), { mzxid: z(2), version: 1 });
    told.read(3, '/r', z(2), 'b', { ...right, ...wrong });
    const [field] = Object.keys(wrong);
    expectFound(told, 'sequential-consistency', new RegExp(`: ${field} should be `));
  });
});

describe('a sync', () => {
  it('shows all that anybody had seen before', () => {
    const told = createdAndWritten();
    told.sync(3, z(2));
    told.read(3, '/r', z(2), 'b', stat(z(1), { mzxid: z(2), version: 1 }));
    expectFine(told);
  });

  it('that shows less is no sync, and the read behind it is stale', () => {
    const told = createdAndWritten();
    told.sync(3, z(1));
    told.read(3, '/r', z(1), 'a', stat(z(1)));
    expectFound(
      told,
      'fresh-sync',
      /client 3's sync .* is at 0x100000001, but 0x100000002 was known before/,
    );
  });

  it('with a stale read behind it is found by the session', () => {
    const told = createdAndWritten();
    told.sync(3, z(2));
    told.read(3, '/r', z(1), 'a', stat(z(1)));
    expectFound(told, 'monotonic-reads', /client 3's getData/);
  });

  it('need not show what others learnt of only after it was asked for', () => {
    const told = new ToldHistory();
    const czxid = told.create(1, '/r');
    const sync = told.ask(3, SYNC);
    told.set(1, '/r', 'b', czxid, 1);
    told.answer(sync, z(1), { path: '/' });
    expectFine(told);
  });

  it('promises nothing if a deposed leader answered it', () => {
    const told = createdAndWritten();
    told.staleSyncs.add(told.sync(3, z(1)));
    expectFine(told);
  });

  it('that was not answered promises nothing', () => {
    const told = createdAndWritten();
    told.loseAnswer(told.ask(3, SYNC));
    expectFine(told);
  });
});

describe('a session', () => {
  it('must be answered in the order of its requests', () => {
    const told = createdAndWritten();
    const first = told.ask(3, existence('/r'));
    const second = told.ask(3, existence('/r'));
    const body = { stat: stat(z(1), { mzxid: z(2), version: 1 }) };
    told.answer(second, z(2), body);
    told.answer(first, z(2), body);
    expectFound(told, 'fifo-client-order', /session 3, xid 1/);
  });

  it('may leave requests without an answer', () => {
    const told = createdAndWritten();
    told.loseAnswer(told.ask(3, existence('/r')));
    told.sync(3, z(2));
    expectFine(told);
  });

  it('is not held against what another session of the same client saw', () => {
    const told = createdAndWritten();
    const read = told.askUnsent(2, reading('/r'));
    read.session = 20;
    read.xid = 1;
    told.answer(read, z(1), { data: bytes('a'), stat: stat(z(1)) });
    expectFine(told);
  });
});

describe('the writes of a session', () => {
  it('must take effect in the order in which it asked for them', () => {
    const told = createdAndWritten();
    const first = told.ask(3, setting('/r', 'c'));
    const second = told.ask(3, setting('/r', 'd'));
    const zxid = told.commitSet(second);
    told.loseAnswer(first);
    told.answer(second, zxid, { stat: stat(z(1), { mzxid: zxid, version: 2 }) });
    expectFine(told);

    told.commitSet(first);
    expectFound(
      told,
      'monotonic-writes',
      /\(session 3, xid 1\) took effect at 0x100000004, behind itself or a later one/,
    );
  });

  it('must not take effect twice', () => {
    const told = createdAndWritten();
    const write = told.ask(3, setting('/r', 'c'));
    told.loseAnswer(write);
    told.commitSet(write);
    expectFine(told);

    told.commitSet(write);
    expectFound(told, 'monotonic-writes', /\(session 3, xid 1\) took effect at 0x100000004/);
  });

  it('may be refused late, by way of a server that the session has left', () => {
    const told = createdAndWritten();
    const write = told.ask(3, setting('/r', 'c'));
    told.loseAnswer(write);
    told.set(3, '/r', 'd', z(1), 2);
    told.refuse(write, CODE.SESSIONMOVED);
    expectFine(told);
  });
});

describe('a write that was answered', () => {
  it('must have been committed', () => {
    const told = createdAndWritten();
    const write = told.ask(1, setting('/r', 'c'));
    told.answer(write, z(3), { stat: stat(z(1), { mzxid: z(3), version: 2 }) });
    expectFound(told, 'zxid-order', /setData \/r .* a zxid that it was not committed under/);
  });

  it('must have been committed under the zxid of its answer', () => {
    const told = createdAndWritten();
    const write = told.ask(1, setting('/r', 'c'));
    told.commitSet(write);
    told.answer(write, z(4), { stat: stat(z(1), { mzxid: z(4), version: 2 }) });
    expectFound(told, 'zxid-order', /a zxid that it was not committed under/);
  });

  it('must come behind all that was known when it was asked for', () => {
    const told = new ToldHistory();
    const one = told.ask(1, creating('/one'));
    const two = { session: 2, xid: 1 };
    told.commitOwn(two.session, two.xid, created('/two'));
    told.answer(one, told.commitCreate(one), { path: '/one' });
    const late = told.ask(2, creating('/two'));
    told.answer(late, z(1), { path: '/two' });
    expectFound(
      told,
      'zxid-order',
      /client 2's create \/two .* is at 0x100000001, but 0x100000002 was known before/,
    );
  });

  it('may come behind one that was asked for later', () => {
    const told = new ToldHistory();
    const one = told.ask(1, creating('/one'));
    told.create(2, '/two');
    told.answer(one, told.commitCreate(one), { path: '/one' });
    expectFine(told);
  });

  it('must have the version that its place asks for', () => {
    const told = createdAndWritten();
    const write = told.ask(2, setting('/r', 'c'));
    const zxid = told.commitSet(write);
    told.answer(write, zxid, { stat: stat(z(1), { mzxid: zxid, version: 1 }) });
    expectFound(told, 'linearizability', /version should be 2 and is 1; .*: not linearizable/);
  });

  it('must have the stat that its place asks for', () => {
    const told = createdAndWritten();
    const write = told.ask(2, setting('/r', 'c'));
    const zxid = told.commitSet(write);
    told.answer(write, zxid, { stat: stat(z(1), { mzxid: z(2), version: 2 }) });
    expectFound(
      told,
      'zxid-order',
      /mzxid should be 4294967299 and is 4294967298; .*: linearizable/,
    );
  });
});

function created(path: string): Parameters<ToldHistory['commitOwn']>[2] {
  const body = { path, data: null, acl: [], isEphemeral: false, parentCversion: 1 };
  return { type: OP.create, body };
}

describe('a write whose answer is lost', () => {
  it('may have taken effect', () => {
    const told = createdAndWritten();
    const write = told.ask(1, setting('/r', 'c'));
    told.loseAnswer(write);
    told.commitSet(write);
    told.read(2, '/r', z(3), 'c', stat(z(1), { mzxid: z(3), version: 2 }));
    expectFine(told);
  });

  it('may have been lost', () => {
    const told = createdAndWritten();
    told.loseAnswer(told.ask(1, setting('/r', 'c')));
    told.read(2, '/r', z(2), 'b', stat(z(1), { mzxid: z(2), version: 1 }));
    expectFine(told);
  });

  it('may take effect behind writes that others began after it', () => {
    const told = createdAndWritten();
    const write = told.ask(1, setting('/r', 'c'));
    told.loseAnswer(write);
    told.set(2, '/r', 'd', z(1), 2);
    told.commitSet(write);
    told.read(2, '/r', z(4), 'c', stat(z(1), { mzxid: z(4), version: 3 }));
    expectFine(told);
  });

  it('may have been refused', () => {
    const told = createdAndWritten();
    const write = told.ask(1, setting('/r', 'c', 0));
    told.loseAnswer(write);
    told.refuse(write, CODE.BADVERSION);
    expectFine(told);
  });

  it('must not take effect before it was asked for', () => {
    const told = new ToldHistory();
    told.commitOwn(1, 1, created('/one'));
    told.commitOwn(2, 1, created('/two'));
    const two = told.ask(2, creating('/two'));
    told.answer(two, z(2), { path: '/two' });
    told.loseAnswer(told.ask(1, creating('/one')));
    expectFound(told, 'zxid-order', /client 1's create \/one .* 0x100000002 was known before/);
  });

  it('must not take effect against its condition', () => {
    const told = createdAndWritten();
    const write = told.ask(1, setting('/r', 'c', 0));
    told.loseAnswer(write);
    told.commitSet(write);
    expectFound(told, 'zxid-order', /err should be BADVERSION and is OK/);
  });

  it('must not be shown if it was not committed', () => {
    const told = createdAndWritten();
    told.loseAnswer(told.ask(1, setting('/r', 'c')));
    told.read(2, '/r', z(2), 'c', stat(z(1), { mzxid: z(2), version: 1 }));
    expectFound(told, 'sequential-consistency', /data should be b and is c/);
  });

  it('must not be committed if it was never sent', () => {
    const told = createdAndWritten();
    const write = told.askUnsent(1, setting('/r', 'c'));
    told.loseAnswer(write);
    expectFine(told);
    told.read(2, '/r', z(3), 'c', stat(z(1), { mzxid: z(3), version: 2 }));
    expectFound(told, 'sequential-consistency', /data should be b and is c/);
  });
});

describe('a condition', () => {
  it('on the version that the node has is met', () => {
    const told = createdAndWritten();
    const write = told.ask(1, setting('/r', 'c', 1));
    const zxid = told.commitSet(write);
    told.answer(write, zxid, { stat: stat(z(1), { mzxid: zxid, version: 2 }) });
    expectFine(told);
  });

  it('on another version is not', () => {
    const told = createdAndWritten();
    const write = told.ask(1, setting('/r', 'c', 0));
    told.answerError(write, told.refuse(write, CODE.BADVERSION), CODE.BADVERSION);
    expectFine(told);
  });

  it('must not be met twice', () => {
    const told = new ToldHistory();
    told.create(1, '/r');
    for (const session of [1, 2]) {
      const write = told.ask(session, setting('/r', 'c', 0));
      const zxid = told.commitSet(write);
      told.answer(write, zxid, { stat: stat(z(1), { mzxid: zxid, version: 1 }) });
    }
    expectFound(
      told,
      'linearizability',
      /err should be BADVERSION and is OK; .*: not linearizable/,
    );
  });

  it('that is met must not be refused', () => {
    const told = createdAndWritten();
    const write = told.ask(1, setting('/r', 'c', 1));
    told.answerError(write, told.refuse(write, CODE.BADVERSION), CODE.BADVERSION);
    expectFound(told, 'linearizability', /err should be OK and is BADVERSION/);
  });

  it.each([
    ['create of a node that is there', creating('/r'), CODE.NODEEXISTS],
    ['create without a parent', creating('/no/r'), CODE.NONODE],
    ['delete of a node that is not there', deleting('/no'), CODE.NONODE],
    ['delete of a node with children', deleting('/p'), CODE.NOTEMPTY],
    ['delete with another version', deleting('/r', 7), CODE.BADVERSION],
    ['setData to a node that is not there', setting('/no', 'x'), CODE.NONODE],
  ] as const)('%s is refused, and must not be let through', (_, question, err) => {
    const prepared = (): ToldHistory => {
      const told = createdAndWritten();
      told.create(1, '/p');
      told.create(1, '/p/q');
      return told;
    };
    const refused = prepared();
    const operation = refused.ask(2, question);
    refused.answerError(operation, refused.refuse(operation, err), err);
    expectFine(refused);

    const carriedOut = prepared();
    carriedOut.commitSet(carriedOut.ask(2, question));
    expectFound(carriedOut, 'zxid-order', /err should be [A-Z]+ and is OK/);
  });

  it('must be refused for the right reason', () => {
    const told = createdAndWritten();
    const operation = told.ask(2, deleting('/no'));
    told.answerError(operation, told.refuse(operation, CODE.BADVERSION), CODE.BADVERSION);
    expectFound(told, 'linearizability', /err should be NONODE and is BADVERSION/);
  });

  it('that was met must not be answered as refused', () => {
    const told = createdAndWritten();
    const write = told.ask(1, setting('/r', 'c', 1));
    told.answerError(write, told.commitSet(write), CODE.BADVERSION);
    expectFound(told, 'linearizability', /err should be OK and is BADVERSION/);
  });

  it.each(['SESSIONEXPIRED', 'SESSIONMOVED'] as const)('is not looked at after %s', (name) => {
    const told = createdAndWritten();
    const write = told.ask(1, setting('/r', 'c', ANY_VERSION));
    told.answerError(write, told.refuse(write, CODE[name]), CODE[name]);
    told.read(2, '/r', z(3), 'b', stat(z(1), { mzxid: z(2), version: 1 }));
    expectFine(told);
  });
});

describe('a sequential node', () => {
  function createSequential(told: ToldHistory, path: string): void {
    const operation = told.ask(1, creating('/r/n-', 'a', CREATE_MODE.PERSISTENT_SEQUENTIAL));
    told.answer(operation, told.commitCreate(operation, path), { path });
  }

  it('has the number of children that its parent has had', () => {
    const told = new ToldHistory();
    told.create(1, '/r');
    createSequential(told, '/r/n-0000000000');
    const deletion = told.ask(2, deleting('/r/n-0000000000'));
    told.answer(deletion, told.commitDelete(deletion));
    createSequential(told, '/r/n-0000000001');
    expectFine(told);
  });

  it('must not have a number that was given out before', () => {
    const told = new ToldHistory();
    told.create(1, '/r');
    createSequential(told, '/r/n-0000000000');
    createSequential(told, '/r/n-0000000000');
    expectFound(told, 'zxid-order', /path should be \/r\/n-0000000001 and is \/r\/n-0000000000/);
  });
});

describe('an ephemeral node', () => {
  function withEphemeral(): ToldHistory {
    const told = new ToldHistory();
    const operation = told.ask(1, creating('/e', 'a', CREATE_MODE.EPHEMERAL));
    told.answer(operation, told.commitCreate(operation), { path: '/e' });
    told.read(2, '/e', z(1), 'a', stat(z(1), { ephemeralOwner: 1 }));
    return told;
  }

  const closed = { type: OP.closeSession, body: { paths: ['/e'] } } as const;

  it.each([
    [
      'its client closes',
      (told: ToldHistory) => {
        const close = told.ask(1, CLOSE);
        told.answer(close, told.commit(close, closed));
      },
    ],
    [
      'the leader expires',
      (told: ToldHistory) => {
        told.commitOwn(1, 0, closed);
      },
    ],
  ])('is gone with the session that %s', (_, end) => {
    const told = withEphemeral();
    end(told);
    const read = told.ask(2, existence('/e'));
    told.answerError(read, z(2), CODE.NONODE);
    expectFine(told);
  });

  it('must not outlive its session', () => {
    const told = withEphemeral();
    told.commitOwn(1, 0, closed);
    told.read(2, '/e', z(2), 'a', stat(z(1), { ephemeralOwner: 1 }));
    expectFound(told, 'sequential-consistency', /err should be NONODE and is OK/);
  });

  it('must not go with the session of another', () => {
    const told = withEphemeral();
    told.commitOwn(2, 0, closed);
    expectFound(told, 'ephemerals', /end of session 2 .*should be {2}and is \/e/);
  });

  it('has no children', () => {
    const told = withEphemeral();
    const operation = told.ask(2, creating('/e/child'));
    const err = CODE.NOCHILDRENFOREPHEMERALS;
    told.answerError(operation, told.refuse(operation, err), err);
    expectFine(told);
  });
});
