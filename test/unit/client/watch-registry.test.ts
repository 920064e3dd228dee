import { describe, expect, it } from 'vitest';
import { WatchRegistry } from '../../../src/client/watch-registry.ts';
import type { Watcher } from '../../../src/client/watcher.ts';
import { OP } from '../../../src/keeper/codes.ts';
import { EVENT_TYPE, WATCHER_TYPE } from '../../../src/keeper/requests.ts';
import { asZxid } from '../../../src/zab/zxid.ts';

const { NodeCreated, NodeDeleted, NodeDataChanged, NodeChildrenChanged } = EVENT_TYPE;
const KINDS = ['data', 'exist', 'child', 'persistent', 'persistentRecursive'] as const;

function watcher(): Watcher {
  return () => {};
}

describe('an event', () => {
  it.each([
    [NodeCreated, ['data', 'exist']],
    [NodeDataChanged, ['data', 'exist']],
    [NodeDeleted, ['data', 'exist', 'child']],
    [NodeChildrenChanged, ['child']],
  ] as const)('of type %i uses up the one-shot watches %j and no others', (type, used) => {
    for (const kind of ['data', 'exist', 'child'] as const) {
      const registry = new WatchRegistry();
      const heard = watcher();
      registry.register(kind, '/a', heard);
      const isUsed = (used as readonly string[]).includes(kind);
      expect([...registry.consume(type, '/a')]).toEqual(isUsed ? [heard] : []);
      expect([...registry.all()]).toEqual(isUsed ? [] : [heard]);
    }
  });

  it('does not use up what is watched for good', () => {
    const registry = new WatchRegistry();
    const heard = watcher();
    registry.register('persistent', '/a', heard);
    for (let time = 0; time < 2; time++) {
      for (const type of [NodeCreated, NodeDataChanged, NodeChildrenChanged, NodeDeleted]) {
        expect([...registry.consume(type, '/a')]).toEqual([heard]);
        expect([...registry.consume(type, '/a/b')]).toEqual([]);
      }
    }
  });

  it('concerns recursive watches on all that is above, unless it is about children', () => {
    const registry = new WatchRegistry();
    const [root, near] = [watcher(), watcher()];
    registry.register('persistentRecursive', '/', root);
    registry.register('persistentRecursive', '/a/b', near);
    expect([...registry.consume(NodeDataChanged, '/a/b/c')]).toEqual([near, root]);
    expect([...registry.consume(NodeCreated, '/a/bc')]).toEqual([root]);
    expect([...registry.consume(NodeDeleted, '/')]).toEqual([root]);
    expect([...registry.consume(NodeChildrenChanged, '/a/b')]).toEqual([]);
  });

  it('tells one watcher once, however many of its watches match', () => {
    const registry = new WatchRegistry();
    const heard = watcher();
    for (const kind of KINDS) registry.register(kind, '/a', heard);
    expect([...registry.consume(NodeDeleted, '/a')]).toEqual([heard]);
    expect([...registry.all()]).toEqual([heard]);
  });
});

describe('removing', () => {
  it('takes one watcher off one kind of watch', () => {
    const registry = new WatchRegistry();
    const [one, other] = [watcher(), watcher()];
    registry.register('data', '/a', one);
    registry.register('data', '/a', other);
    registry.register('child', '/a', one);
    expect(registry.remove(WATCHER_TYPE.DATA, '/a', one)).toEqual([
      { event: 'DataWatchRemoved', watchers: new Set([one]) },
    ]);
    expect(registry.has(WATCHER_TYPE.DATA, '/a', one)).toBe(false);
    expect(registry.has(WATCHER_TYPE.DATA, '/a', other)).toBe(true);
    expect(registry.has(WATCHER_TYPE.CHILDREN, '/a', one)).toBe(true);
  });

  it('takes everything off a path at once', () => {
    const registry = new WatchRegistry();
    const heard = watcher();
    for (const kind of KINDS) registry.register(kind, '/a', heard);
    registry.register('data', '/b', heard);
    const removed = registry.remove(WATCHER_TYPE.ANY, '/a', null).map(({ event }) => event);
    expect(removed).toEqual(['ChildWatchRemoved', 'DataWatchRemoved', 'PersistentWatchRemoved']);
    expect(registry.has(WATCHER_TYPE.ANY, '/a', null)).toBe(false);
    expect(registry.has(WATCHER_TYPE.ANY, '/b', null)).toBe(true);
  });
});

describe('setting watches again', () => {
  const zxid = asZxid(5);

  it('takes the short form unless there are persistent watches', () => {
    const registry = new WatchRegistry();
    expect(registry.renewals(zxid)).toEqual([]);
    registry.register('exist', '/a', watcher());
    const lists = { data: [], exist: ['/a'], child: [] };
    expect(registry.renewals(zxid)).toEqual([
      { type: OP.setWatches, body: { relativeZxid: zxid, ...lists } },
    ]);
    registry.register('persistentRecursive', '/b', watcher());
    const more = { ...lists, persistent: [], persistentRecursive: ['/b'] };
    expect(registry.renewals(zxid)).toEqual([
      { type: OP.setWatches2, body: { relativeZxid: zxid, ...more } },
    ]);
  });

  it('goes in batches of some 128 KiB of paths', () => {
    const registry = new WatchRegistry();
    const name = 'x'.repeat(1020);
    for (let n = 0; n < 300; n++) registry.register('data', `/${name}${n + 100}`, watcher());
    const batches = registry.renewals(zxid);
    const sizes = batches.map(({ body }) =>
      body !== null && 'exist' in body ? body.data.length : 0,
    );
    expect(sizes).toEqual([128, 128, 44]);
  });
});
