import { describe, expect, it } from 'vitest';
import { checkOperations, type ServiceRules } from '../../src/checkers/operations-checker.ts';
import { Operation } from '../../src/client/history.ts';
import { type Acl, OPEN_ACL as OPEN } from '../../src/keeper/acl.ts';
import { CODE, OP } from '../../src/keeper/codes.ts';
import { DEFAULT_SERVICE } from '../../src/keeper/config.ts';
import { ANY_VERSION, type Question } from '../../src/keeper/requests.ts';
import type { Change, SubChange } from '../../src/keeper/transaction.ts';
import { type Recorded, recordings } from './recordings.ts';
import { created, Script, statOf, zxidOf } from './scripted.ts';

const A = { session: 1 };
const B = { session: 2 };
const NO_DATA = new Uint8Array(0);
const SUPER = new TextEncoder().encode('super:test');

const RULES: ServiceRules = { ...DEFAULT_SERVICE, addressOf: (client) => `10.0.0.${client}` };

/** What is found, as `property: message`. */
function judge({ history, committed }: Script, rules = RULES): string[] {
  const findings = checkOperations(history.operations, committed, () => true, rules);
  return findings.map(({ property, message }) => `${property}: ${message}`);
}

function children(path: string): Question {
  return { type: OP.getChildren, body: { path, watch: false } };
}

describe('histories of a real server', () => {
  const RECORDINGS = recordings();

  const accept = ({ config, operations, committed }: Recorded, changed = operations): boolean => {
    const rules = { ...config, addressOf: () => '127.0.0.1' };
    return checkOperations(changed, committed, () => true, rules).length === 0;
  };

  it.each(RECORDINGS.map((recorded) => ({ name: recorded.name, recorded })))(
    '$name is accepted',
    ({ recorded }) => {
      expect(accept(recorded)).toBe(true);
    },
  );

  it('are rejected when any one answer is another', () => {
    let count = 0;
    for (const recorded of RECORDINGS) {
      const { operations } = recorded;
      for (const [index, operation] of operations.entries()) {
        const other = otherAnswer(operation, index);
        if (other === null) continue;
        count++;
        const changed = operations.with(index, other);
        expect(accept(recorded, changed), `${recorded.name} ${index}`).toBe(false);
      }
    }
    expect(count).toBeGreaterThan(2500);
  });
});

/** The same operation with one value in its answer changed; `null` if its answer is not judged. */
function otherAnswer(operation: Operation, choice: number): Operation | null {
  const { reply, question, err, zxid } = operation;
  if (reply === null || zxid <= 0 || question.type === OP.auth) return null;
  if (err === CODE.NOWATCHER || err === CODE.QUOTAEXCEEDED) return null;
  const bodies = others(reply.body);
  const body = bodies[choice % bodies.length];
  const otherErr = err === CODE.NONODE ? CODE.NODEEXISTS : CODE.NONODE;
  const changed = body === undefined ? { err: otherErr, body: null } : { body };
  if (JSON.stringify(reply.body)?.includes(String(CODE.QUOTAEXCEEDED))) return null;
  const copy = new Operation(operation.client, question, operation.invokedIndex, 0);
  const changedReply = { ...reply, ...changed };
  return Object.assign(copy, operation, { err: changedReply.err, reply: changedReply });
}

/** All that differ from a value in one place. */
function others(value: unknown): unknown[] {
  if (typeof value === 'number') return [value + 1];
  if (typeof value === 'string') return [`${value}x`];
  if (value instanceof Uint8Array) return [new Uint8Array(value.length + 1)];
  if (Array.isArray(value)) {
    const changed = value.flatMap((item, at) => others(item).map((other) => value.with(at, other)));
    return value.length === 0 ? [['x']] : [value.slice(1), ...changed];
  }
  if (value === null || typeof value !== 'object') return [];
  return Object.entries(value).flatMap(([key, item]) =>
    others(item).map((other) => ({ ...value, [key]: other })),
  );
}

describe('writes', () => {
  it('that took effect and that nobody asked for are found', () => {
    const script = new Script();
    script.create(A, '/a');
    expect(judge(script)).toEqual([]);
    script.commit(1, 9, { type: OP.delete, body: { path: '/a' } });
    expect(judge(script)).toEqual([expect.stringMatching(/^asked-for: session 1 wrote .*xid 9/)]);
  });

  it('take effect in the order of their session, answered or not', () => {
    const inOrder = new Script();
    for (const path of ['/a', '/b']) {
      inOrder.send(A, { type: OP.create, body: { path, data: null, acl: OPEN, flags: 0 } });
    }
    inOrder.commit(1, 1, created('/a'));
    inOrder.commit(1, 2, created('/b'));
    expect(judge(inOrder)).toEqual([]);

    const outOfOrder = new Script();
    outOfOrder.history.operations.push(...inOrder.history.operations);
    outOfOrder.commit(1, 2, created('/b'));
    outOfOrder.commit(1, 1, created('/a'));
    expect(judge(outOfOrder)).toEqual([
      expect.stringMatching(/^monotonic-writes: .* took effect .* behind/),
    ]);
  });

  it('without an answer are held against what they became', () => {
    const script = new Script();
    script.send(A, { type: OP.create, body: { path: '/s-', data: null, acl: OPEN, flags: 2 } });
    script.commit(1, 1, created('/s-0000000001', 2));
    expect(judge(script)[0]).toMatch(/path should be \/s-0000000000 and is \/s-0000000001/);
  });

  it('that a server refused before the leader saw them are no transactions', () => {
    const script = new Script();
    script.create(A, '/a');
    script.read(
      A,
      { type: OP.deleteContainer, body: { path: '/a' } },
      CODE.UNIMPLEMENTED,
      null,
      -1,
    );
    expect(judge(script)).toEqual([]);
  });
});

describe('sequence numbers', () => {
  it('go on where they were, though the last node is gone', () => {
    const script = new Script();
    script.create(A, '/q');
    script.create(A, '/q/n-', 2, OPEN, '/q/n-0000000000');
    script.delete(A, '/q/n-0000000000');
    script.create(A, '/q/n-', 2, OPEN, '/q/n-0000000001');
    expect(judge(script)).toEqual([]);
  });

  it('are given once', () => {
    const script = new Script();
    script.create(A, '/q');
    script.create(A, '/q/n-', 2, OPEN, '/q/n-0000000000');
    script.delete(A, '/q/n-0000000000');
    script.create(A, '/q/n-', 2, OPEN, '/q/n-0000000000');
    expect(judge(script)[0]).toMatch(/path should be \/q\/n-0000000001/);
  });

  it('begin again below a parent that was made again', () => {
    const script = new Script();
    for (let round = 0; round < 2; round++) {
      script.create(A, '/q');
      script.create(A, '/q/n-', 2, OPEN, '/q/n-0000000000');
      script.delete(A, '/q/n-0000000000');
      script.delete(A, '/q');
    }
    expect(judge(script)).toEqual([]);
  });
});

describe('ephemerals', () => {
  function withEphemeral(): Script {
    const script = new Script();
    script.create(A, '/e', 1);
    return script;
  }

  function close(script: Script, paths: readonly string[]): void {
    script.commit(1, 0, { type: OP.closeSession, body: { paths } });
  }

  it('go when their session expires', () => {
    const script = withEphemeral();
    script.read(B, children('/'), 0, { children: ['zookeeper', 'e'] });
    close(script, ['/e']);
    script.read(B, children('/'), 0, { children: ['zookeeper'] });
    expect(judge(script)).toEqual([]);
  });

  it('are not shown once it has ended', () => {
    const script = withEphemeral();
    close(script, ['/e']);
    script.read(B, children('/'), 0, { children: ['zookeeper', 'e'] });
    expect(judge(script)[0]).toMatch(/^sequential-consistency: .*children should be/);
  });

  it('are shown until then', () => {
    const script = withEphemeral();
    script.read(B, children('/'), 0, { children: ['zookeeper'] });
    close(script, ['/e']);
    expect(judge(script)[0]).toMatch(/^sequential-consistency: .*children should be/);
  });

  it('may not be left behind by the end of their session', () => {
    const script = withEphemeral();
    close(script, []);
    expect(judge(script)[0]).toMatch(/^ephemerals: the end of session 1 .*should be \/e and is $/);
  });

  it('of others may not go with it', () => {
    const script = withEphemeral();
    script.create(B, '/f', 1);
    close(script, ['/e', '/f']);
    expect(judge(script)[0]).toMatch(/^ephemerals: .*should be \/e and is \/e \/f$/);
  });

  it('are not made for a session that has ended', () => {
    const script = withEphemeral();
    close(script, ['/e']);
    script.create(A, '/late', 1);
    expect(judge(script)[0]).toMatch(/^ephemerals: .*took effect .*when its session was over/);
  });

  it('go when their client closes the session, all of them', () => {
    const closeAs = (paths: readonly string[]): string[] => {
      const script = withEphemeral();
      const change: Change = { type: OP.closeSession, body: { paths } };
      script.write(A, { type: OP.closeSession, body: null }, change);
      return judge(script);
    };
    expect(closeAs(['/e'])).toEqual([]);
    expect(closeAs([])).toEqual([expect.stringMatching(/^ephemerals: client 1's closeSession/)]);
  });
});

describe('nodes that servers remove by themselves', () => {
  function container(script: Script): void {
    const body = { path: '/c', data: NO_DATA, acl: OPEN, flags: 4 };
    const { path, data, acl } = body;
    const change: Change = {
      type: OP.createContainer,
      body: { path, data, acl, parentCversion: 1 },
    };
    const stat = statOf({});
    script.write(A, { type: OP.createContainer, body }, change, { path, stat });
  }

  function ttlNode(script: Script, ttl: number): void {
    const body = { path: '/t', data: NO_DATA, acl: OPEN, flags: 5, ttl };
    const { path, data, acl } = body;
    const change: Change = {
      type: OP.createTTL,
      body: { path, data, acl, parentCversion: 1, ttl },
    };
    script.write(A, { type: OP.createTTL, body }, change, { path, stat: statOf({}) });
  }

  function reap(script: Script, path: string): string[] {
    script.commit(0, 0, { type: OP.deleteContainer, body: { path } });
    return judge(script);
  }

  it('are containers that are empty again', () => {
    const script = new Script();
    container(script);
    script.create(A, '/c/k');
    script.delete(A, '/c/k');
    expect(reap(script, '/c')).toEqual([]);
  });

  it('are not containers that nobody has used', () => {
    const script = new Script();
    container(script);
    expect(reap(script, '/c')).toEqual([expect.stringMatching(/^reaping: the leader deleted \/c/)]);
  });

  it('are not containers with children', () => {
    const script = new Script();
    container(script);
    script.create(A, '/c/k');
    expect(reap(script, '/c')).toEqual([expect.stringMatching(/^reaping: .*NOTEMPTY/)]);
  });

  it('are not ordinary nodes', () => {
    const script = new Script();
    script.create(A, '/a');
    expect(reap(script, '/a')).toEqual([expect.stringMatching(/^reaping: .*not its to delete/)]);
  });

  it('are nodes whose time to live is over, and not before', () => {
    const early = new Script();
    ttlNode(early, 5000);
    expect(reap(early, '/t')).toEqual([expect.stringMatching(/^reaping: /)]);
    const inTime = new Script();
    ttlNode(inTime, 500);
    expect(reap(inTime, '/t')).toEqual([]);
  });
});

describe('a multi', () => {
  const ops = [
    { type: OP.create, body: { path: '/m', data: NO_DATA, acl: OPEN, flags: 0 } },
    { type: OP.check, body: { path: '/none', version: ANY_VERSION } },
  ] as const;
  const question: Question = { type: OP.multi, body: { ops } };
  const errors = [0, CODE.NONODE].map((err) => ({ type: OP.error, body: { err } }) as const);

  it('that fails leaves nothing', () => {
    const script = new Script();
    script.write(A, question, { type: OP.multi, body: { changes: errors } }, { results: errors });
    script.read(A, { type: OP.exists, body: { path: '/m', watch: false } }, CODE.NONODE);
    expect(judge(script)).toEqual([]);
  });

  it('does not take effect in part', () => {
    const script = new Script();
    const changes = [created('/m') as SubChange, errors[1]].flatMap((change) => change ?? []);
    script.write(A, question, { type: OP.multi, body: { changes } }, { results: errors });
    expect(judge(script)[0]).toMatch(/^zxid-order: .*path should be none and is \/m/);
  });

  it('that failed is nothing to be seen of', () => {
    const script = new Script();
    script.write(A, question, { type: OP.multi, body: { changes: errors } }, { results: errors });
    const stat = statOf({});
    script.read(A, { type: OP.exists, body: { path: '/m', watch: false } }, 0, { stat });
    expect(judge(script)[0]).toMatch(/^sequential-consistency: .*err should be NONODE and is OK/);
  });

  it('says of each part what became of it', () => {
    const script = new Script();
    const results = [{ type: OP.create, body: { path: '/m' } }, errors[1]];
    script.write(A, question, { type: OP.multi, body: { changes: errors } }, { results });
    expect(judge(script)[0]).toMatch(/^zxid-order: .*result 0: type should be error/);
  });

  it('that takes effect does so as a whole, and is read as a whole', () => {
    const script = new Script();
    const changes = ['/x', '/y'].map((path) => created(path) as SubChange);
    const two: Question = {
      type: OP.multi,
      body: {
        ops: ['/x', '/y'].map((path) => {
          return { type: OP.create, body: { path, data: NO_DATA, acl: OPEN, flags: 0 } } as const;
        }),
      },
    };
    const results = ['/x', '/y'].map((path) => ({ type: OP.create, body: { path } }));
    script.write(A, two, { type: OP.multi, body: { changes } }, { results });
    script.read(B, children('/'), 0, { children: ['x', 'y', 'zookeeper'] });
    expect(judge(script)).toEqual([]);
    script.read(B, children('/'), 0, { children: ['x', 'zookeeper'] });
    expect(judge(script)[0]).toMatch(/children should be x y zookeeper/);
  });
});

describe('access lists', () => {
  const auth = new TextEncoder().encode('alice:secret');
  const alice = { session: 1, auth: [{ scheme: 'digest', auth }] };
  const own: Acl = [{ perms: 31, scheme: 'digest', id: 'alice:aYXlLOpEooaV1cRAvUL1fp9Qt7E=' }];
  const get: Question = { type: OP.getData, body: { path: '/a', watch: false } };
  const shown = { data: NO_DATA, stat: statOf({}) };

  function secret(): Script {
    const script = new Script();
    script.create(alice, '/a', 0, own);
    return script;
  }

  it('let in whom they name', () => {
    const script = secret();
    script.read(alice, get, 0, shown);
    expect(judge(script)).toEqual([]);
    script.read(alice, get, CODE.NOAUTH);
    expect(judge(script)[0]).toMatch(/err should be OK and is NOAUTH/);
  });

  it('keep out everybody else', () => {
    const script = secret();
    script.read(B, get, CODE.NOAUTH);
    expect(judge(script)).toEqual([]);
    script.read(B, get, 0, shown);
    expect(judge(script)[0]).toMatch(/err should be NOAUTH and is OK/);
  });

  it('are about what was proven on this connection, not on one before', () => {
    const script = secret();
    script.read({ session: 1, connection: 2 }, get, 0, shown);
    expect(judge(script)[0]).toMatch(/err should be NOAUTH and is OK/);
  });

  it('are enforced on writes that nobody was told of', () => {
    const script = secret();
    script.send(B, { type: OP.setData, body: { path: '/a', data: null, version: ANY_VERSION } });
    script.commit(2, 1, { type: OP.setData, body: { path: '/a', data: null, version: 1 } });
    expect(judge(script)[0]).toMatch(/err should be NOAUTH and is OK/);
  });

  it('name addresses too', () => {
    const script = new Script();
    script.create(A, '/a', 0, [{ perms: 1, scheme: 'ip', id: '10.0.0.2' }]);
    script.read(B, get, 0, shown);
    script.read(A, get, CODE.NOAUTH);
    expect(judge(script)).toEqual([]);
    script.read(A, get, 0, shown);
    expect(judge(script)[0]).toMatch(/err should be NOAUTH and is OK/);
  });

  it('are nothing to the super user', () => {
    const script = secret();
    const root = { session: 3, auth: [{ scheme: 'digest', auth: SUPER }] };
    script.read(root, get, 0, shown);
    expect(judge(script)[0]).toMatch(/err should be NOAUTH and is OK/);
    const superDigest = 'super:D/InIHSb7yEEbrWz8b9l71RjZJU=';
    expect(judge(script, { ...RULES, superDigest })).toEqual([]);
  });

  it('are nothing where they are switched off', () => {
    const script = secret();
    script.read(B, get, 0, shown);
    expect(judge(script, { ...RULES, skipAcl: true })).toEqual([]);
  });
});

describe('reads', () => {
  it('show the state at their zxid, however late they come', () => {
    const script = new Script();
    script.create(A, '/a');
    script.create(A, '/b');
    script.read(B, children('/'), 0, { children: ['a', 'zookeeper'] }, zxidOf(1));
    script.read(B, children('/'), 0, { children: ['a', 'b', 'zookeeper'] }, zxidOf(2));
    expect(judge(script)).toEqual([]);
  });

  it('of a session never show less than the one before', () => {
    const script = new Script();
    script.create(A, '/a');
    script.create(A, '/b');
    script.read(B, children('/'), 0, { children: ['a', 'b', 'zookeeper'] }, zxidOf(2));
    script.read(B, children('/'), 0, { children: ['a', 'zookeeper'] }, zxidOf(1));
    expect(judge(script)[0]).toMatch(/^monotonic-reads: .* had seen/);
  });

  it('are answered in the order in which they were asked', () => {
    const script = new Script();
    script.create(A, '/a');
    const first = script.send(B, children('/'));
    const second = script.send(B, children('/'));
    script.answer(second, 0, { children: ['a', 'zookeeper'] });
    script.answer(first, 0, { children: ['a', 'zookeeper'] });
    expect(judge(script)[0]).toMatch(/^fifo-client-order: .*was answered after/);
  });

  it('may overtake, or be overtaken by, what authenticates', () => {
    const script = new Script();
    script.create(A, '/a');
    const read = script.send(B, children('/'));
    const question: Question = { type: OP.auth, body: { scheme: 'digest', auth: NO_DATA } };
    const proof = Object.assign(script.history.invoke(2, question), { session: 2, xid: -4 });
    script.answer(proof, 0, null, 0);
    script.answer(read, 0, { children: ['a', 'zookeeper'] });
    expect(judge(script)).toEqual([]);
  });

  it('count and list exactly what there is', () => {
    const script = new Script();
    script.create(A, '/a');
    script.create(A, '/a/e', 1);
    const count: Question = { type: OP.getAllChildrenNumber, body: { path: '/a' } };
    const list: Question = { type: OP.getEphemerals, body: { prefixPath: '/a' } };
    script.read(B, count, 0, { totalNumber: 1 });
    script.read(A, list, 0, { ephemerals: ['/a/e'] });
    script.read(B, list, 0, { ephemerals: [] });
    expect(judge(script)).toEqual([]);
    script.read(B, list, 0, { ephemerals: ['/a/e'] });
    expect(judge(script)[0]).toMatch(/ephemerals should be {2}and is \/a\/e/);
  });
});
