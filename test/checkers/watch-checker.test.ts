import { describe, expect, it } from 'vitest';
import { checkWatches } from '../../src/checkers/watch-checker.ts';
import type { HeardEvent, Operation } from '../../src/client/history.ts';
import { CODE, OP } from '../../src/keeper/codes.ts';
import { EVENT_TYPE, type Question } from '../../src/keeper/requests.ts';
import type { SubChange } from '../../src/keeper/transaction.ts';
import { asZxid } from '../../src/zab/zxid.ts';
import { type Recorded, recordings } from './recordings.ts';
import { created, Script, statOf, zxidOf } from './scripted.ts';

const RECORDINGS = recordings();

describe('what a real server told its clients', () => {
  it.each(RECORDINGS.map((recorded) => ({ name: recorded.name, recorded })))(
    '$name',
    ({ recorded: { operations, events, committed } }) => {
      expect(checkWatches(operations, events, committed)).toEqual([]);
    },
  );
});

/** The events that an answer on the same connection came behind, so that they had to come. */
function dueEvents({ operations, events }: Recorded): HeardEvent[] {
  return events.filter((event) =>
    operations.some((operation) => {
      const isAnswered = operation.reply !== null && operation.zxid > 0;
      return isAnswered && operation.completedIndex > event.index && isSameWay(operation, event);
    }),
  );
}

function isSameWay(a: Operation | HeardEvent, b: Operation | HeardEvent): boolean {
  return a.client === b.client && a.session === b.session && a.connection === b.connection;
}

describe('the same with one thing changed', () => {
  /** Checks every history with each of its events changed. */
  function rejectsAll(change: (events: readonly HeardEvent[], event: HeardEvent) => HeardEvent[]) {
    let count = 0;
    for (const recorded of RECORDINGS) {
      const { operations, events, committed } = recorded;
      for (const event of dueEvents(recorded)) {
        const findings = checkWatches(operations, change(events, event), committed);
        expect(findings, `${recorded.name} ${event.index}`).toHaveLength(1);
        count++;
      }
    }
    expect(count).toBeGreaterThan(150);
  }

  it('is rejected when an event is lost', () => {
    rejectsAll((events, event) => events.filter((other) => other !== event));
  });

  it('is rejected when an event comes twice', () => {
    rejectsAll((events, event) => {
      return events.flatMap((other) => (other === event ? [event, event] : [other]));
    });
  });

  it('is rejected when an event is about another node', () => {
    rejectsAll((events, event) => {
      const other = { ...event, path: `${event.path}x` };
      return events.with(events.indexOf(event), other);
    });
  });

  it('is rejected when an event is of another type', () => {
    rejectsAll((events, event) => {
      const type = event.type === EVENT_TYPE.NodeCreated ? EVENT_TYPE.NodeDeleted : 1;
      return events.with(events.indexOf(event), { ...event, type });
    });
  });

  it('is rejected when an event is said to be of another transaction', () => {
    rejectsAll((events, event) => {
      return events.with(events.indexOf(event), { ...event, zxid: 1_000_000 });
    });
  });
});

const A = { session: 1 };
const B = { session: 2 };
const { NodeCreated, NodeDeleted, NodeDataChanged, NodeChildrenChanged } = EVENT_TYPE;

function judge({ history, committed }: Script): string[] {
  const findings = checkWatches(history.operations, history.events, committed);
  return findings.map(({ property, message }) => `${property}: ${message}`);
}

function watchData(script: Script, who = B, path = '/a', zxid = script.zxid): void {
  const body = { data: new Uint8Array(0), stat: statOf({}) };
  script.read(who, { type: OP.getData, body: { path, watch: true } }, 0, body, zxid);
}

/** Any answer shows how far a server is. */
function look(script: Script, who = B, zxid = script.zxid): void {
  const question: Question = { type: OP.exists, body: { path: '/', watch: false } };
  script.read(who, question, 0, { stat: statOf({}) }, zxid);
}

function withNode(): Script {
  const script = new Script();
  script.create(A, '/a');
  return script;
}

describe('a watch that is set once', () => {
  it('fires once', () => {
    const script = withNode();
    watchData(script);
    script.setData(A, '/a', {});
    script.hear(B, NodeDataChanged, '/a');
    script.setData(A, '/a', { version: 2 });
    look(script);
    expect(judge(script)).toEqual([]);
    script.hear(B, NodeDataChanged, '/a');
    look(script);
    expect(judge(script)).toEqual([
      expect.stringMatching(/^watches: client 2 heard NodeDataChanged \/a .* nothing caused/),
    ]);
  });

  it('fires before an answer that shows the change', () => {
    const script = withNode();
    watchData(script);
    script.setData(A, '/a', {});
    look(script);
    script.hear(B, NodeDataChanged, '/a');
    expect(judge(script)[0]).toMatch(/answered before NodeDataChanged \/a .*was heard/);
  });

  it('need not have fired when no answer shows the change', () => {
    const script = withNode();
    watchData(script);
    script.setData(A, '/a', {});
    look(script, B, zxidOf(1));
    expect(judge(script)).toEqual([]);
    script.hear(B, NodeDataChanged, '/a');
    expect(judge(script)).toEqual([]);
  });

  it('does not fire for a change before it was set', () => {
    const script = withNode();
    script.setData(A, '/a', {});
    watchData(script);
    script.hear(B, NodeDataChanged, '/a');
    look(script);
    expect(judge(script)[0]).toMatch(/nothing caused/);
  });

  it('fires for a change that its own answer does not show yet', () => {
    const script = withNode();
    script.setData(A, '/a', {});
    watchData(script, B, '/a', zxidOf(1));
    script.hear(B, NodeDataChanged, '/a');
    look(script);
    expect(judge(script)).toEqual([]);
  });

  it('fires before the answer to the write that its own session makes', () => {
    const script = withNode();
    watchData(script, A);
    const own = script.send(A, {
      type: OP.setData,
      body: { path: '/a', data: null, version: -1 },
    });
    script.commit(1, own.xid, { type: OP.setData, body: { path: '/a', data: null, version: 1 } });
    script.hear(A, NodeDataChanged, '/a');
    script.answer(own, 0, { stat: statOf({}) });
    expect(judge(script)).toEqual([]);
  });

  it('on a node that is not there is set by exists, and by nothing else', () => {
    const heard = (question: Question): string[] => {
      const script = withNode();
      script.read(B, question, CODE.NONODE);
      script.create(A, '/b');
      script.hear(B, NodeCreated, '/b');
      look(script);
      return judge(script);
    };
    expect(heard({ type: OP.exists, body: { path: '/b', watch: true } })).toEqual([]);
    expect(heard({ type: OP.getData, body: { path: '/b', watch: true } })).toHaveLength(1);
    expect(heard({ type: OP.exists, body: { path: '/b', watch: false } })).toHaveLength(1);
  });

  it('is nothing to another connection of the same client', () => {
    const script = withNode();
    watchData(script);
    script.setData(A, '/a', {});
    script.hear({ ...B, connection: 2 }, NodeDataChanged, '/a');
    look(script, { ...B, connection: 2 } as typeof B);
    expect(judge(script)[0]).toMatch(/on connection 2, which nothing caused/);
  });
});

describe('events', () => {
  it('come in the order of the changes', () => {
    const inOrder = (paths: readonly string[]): string[] => {
      const script = withNode();
      script.create(A, '/b');
      watchData(script, B, '/a');
      watchData(script, B, '/b');
      script.setData(A, '/a', {});
      script.setData(A, '/b', {});
      for (const path of paths) script.hear(B, NodeDataChanged, path);
      look(script);
      return judge(script);
    };
    expect(inOrder(['/a', '/b'])).toEqual([]);
    expect(inOrder(['/b', '/a'])[0]).toMatch(
      /heard NodeDataChanged \/b .* where .* \/a .* was due/,
    );
  });

  it('that say a zxid say the right one', () => {
    const said = (zxid: number): string[] => {
      const script = withNode();
      watchData(script);
      script.setData(A, '/a', {});
      script.hear(B, NodeDataChanged, '/a', zxid);
      look(script);
      return judge(script);
    };
    expect(said(zxidOf(2))).toEqual([]);
    expect(said(zxidOf(1))[0]).toMatch(/with zxid/);
  });

  it('tell of a node and then of its parent', () => {
    const script = withNode();
    watchData(script);
    const question: Question = { type: OP.getChildren, body: { path: '/', watch: true } };
    script.read(B, question, 0, { children: [] });
    script.delete(A, '/a');
    script.hear(B, NodeDeleted, '/a');
    script.hear(B, NodeChildrenChanged, '/');
    look(script);
    expect(judge(script)).toEqual([]);
  });

  it('come for every part of a multi, and for every node that goes with a session', () => {
    const script = withNode();
    script.read(B, { type: OP.addWatch, body: { path: '/a', mode: 1 } }, 0, { errorField: 0 });
    const changes = [created('/a/x', 1), created('/a/y', 1)] as SubChange[];
    script.commit(1, 7, { type: OP.multi, body: { changes } });
    script.hear(B, NodeCreated, '/a/x');
    script.hear(B, NodeCreated, '/a/y');
    look(script);
    script.commit(1, 0, { type: OP.closeSession, body: { paths: ['/a/y', '/a/x'] } });
    script.hear(B, NodeDeleted, '/a/y');
    script.hear(B, NodeDeleted, '/a/x');
    look(script);
    expect(judge(script)).toEqual([]);
  });

  it('that come when all is committed and nothing more can cause them are found', () => {
    const script = withNode();
    look(script);
    script.hear(B, NodeDataChanged, '/a');
    expect(judge(script)[0]).toMatch(/which nothing caused/);
  });
});

describe('watches that stay', () => {
  function added(mode: number): Script {
    const script = withNode();
    script.read(B, { type: OP.addWatch, body: { path: '/a', mode } }, 0, { errorField: 0 });
    return script;
  }

  it('fire for every change', () => {
    const script = added(0);
    for (const version of [1, 2]) {
      script.setData(A, '/a', { version });
      script.hear(B, NodeDataChanged, '/a');
    }
    script.create(A, '/a/k');
    script.hear(B, NodeChildrenChanged, '/a');
    look(script);
    expect(judge(script)).toEqual([]);
    script.setData(A, '/a', { version: 3 });
    look(script);
    expect(judge(script)[0]).toMatch(/answered before NodeDataChanged/);
  });

  it('are replaced by a later one at the same path', () => {
    const script = added(0);
    watchData(script);
    script.setData(A, '/a', {});
    script.hear(B, NodeDataChanged, '/a');
    script.setData(A, '/a', { version: 2 });
    look(script);
    expect(judge(script)).toEqual([]);
  });

  it('hear of all that is below if they are recursive, and of no list of children', () => {
    const script = added(1);
    script.create(A, '/a/b');
    script.hear(B, NodeCreated, '/a/b');
    script.create(A, '/a/b/c');
    script.hear(B, NodeCreated, '/a/b/c');
    look(script);
    expect(judge(script)).toEqual([]);
    script.create(A, '/a/d');
    script.hear(B, NodeChildrenChanged, '/a');
    expect(judge(script)[0]).toMatch(/where NodeCreated \/a\/d .* was due/);
  });

  it('end when they are removed', () => {
    const script = added(0);
    const question: Question = { type: OP.removeWatches, body: { path: '/a', watcherType: 3 } };
    script.read(B, question, 0);
    script.setData(A, '/a', {});
    look(script);
    expect(judge(script)).toEqual([]);
    script.read(B, question, 0);
    expect(judge(script)[0]).toMatch(/OK, but it has no such watch/);
  });

  it('are there when a client asks for them', () => {
    const script = added(0);
    const question: Question = { type: OP.checkWatches, body: { path: '/a', watcherType: 2 } };
    script.read(B, question, 0);
    expect(judge(script)).toEqual([]);
    script.read(B, question, CODE.NOWATCHER);
    expect(judge(script)[0]).toMatch(/NOWATCHER, but it has that watch/);
  });
});

describe('a client that comes back', () => {
  const again = { session: 2, connection: 2 };

  function comeBack(relativeZxid: number): Script {
    const script = withNode();
    script.create(A, '/b');
    watchData(script);
    script.setData(A, '/a', {});
    const lists = { data: ['/a', '/b', '/gone'], exist: ['/b', '/later'], child: ['/', '/b'] };
    const body = { relativeZxid: asZxid(relativeZxid), ...lists };
    const operation = script.send(again, { type: OP.setWatches, body });
    script.hear(again, NodeDataChanged, '/a');
    script.hear(again, NodeDeleted, '/gone');
    script.hear(again, NodeCreated, '/b');
    script.answer(operation, 0, null);
    return script;
  }

  it('is told at once of what it has missed, and only of that', () => {
    expect(judge(comeBack(zxidOf(2)))).toEqual([]);
    expect(judge(comeBack(zxidOf(3)))[0]).toMatch(
      /NodeDataChanged \/a .* where NodeDeleted \/gone/,
    );
    expect(judge(comeBack(zxidOf(1)))[0]).toMatch(
      /where NodeDataChanged \/b of what it had missed was due/,
    );
  });

  it('may have been told before its request was answered, when the connection broke then', () => {
    const told = (...paths: string[]): string[] => {
      const script = withNode();
      watchData(script);
      script.setData(A, '/a', {});
      const body = { relativeZxid: asZxid(zxidOf(1)), data: ['/a', '/b'], exist: [], child: [] };
      script.send(again, { type: OP.setWatches, body });
      for (const path of paths) script.hear(again, NodeDataChanged, path);
      return judge(script);
    };
    expect(told()).toEqual([]);
    expect(told('/a')).toEqual([]);
    expect(told('/a', '/b')).toEqual([]);
    expect(told('/b', '/a')).toHaveLength(1);
    expect(told('/a', '/a')).toHaveLength(1);
    expect(told('/c')).toHaveLength(1);
  });

  it('watches the rest again', () => {
    const script = comeBack(zxidOf(2));
    script.create(A, '/later');
    script.hear(again, NodeCreated, '/later');
    script.hear(again, NodeChildrenChanged, '/');
    script.setData(A, '/b', {});
    script.hear(again, NodeDataChanged, '/b');
    script.setData(A, '/a', { version: 2 });
    look(script, again);
    expect(judge(script)).toEqual([]);
  });
});
