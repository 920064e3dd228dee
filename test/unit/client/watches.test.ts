import { describe, expect, it } from 'vitest';
import { CODE, OP } from '../../../src/keeper/codes.ts';
import { ADD_WATCH_MODE, EVENT_TYPE, WATCHER_TYPE } from '../../../src/keeper/requests.ts';
import type { Stat } from '../../../src/keeper/stat.ts';
import { asZxid } from '../../../src/zab/zxid.ts';
import { ScriptedClient } from '../../support/scripted-client.ts';

const { NodeCreated, NodeDeleted, NodeDataChanged, NodeChildrenChanged } = EVENT_TYPE;

const STAT: Stat = {
  czxid: asZxid(1),
  mzxid: asZxid(1),
  ctime: 0,
  mtime: 0,
  version: 0,
  cversion: 0,
  aversion: 0,
  ephemeralOwner: 0,
  dataLength: 0,
  numChildren: 0,
  pzxid: asZxid(1),
};

describe('a watch', () => {
  it('is set by an answer that says so, and heard once', () => {
    const client = new ScriptedClient();
    const { zookeeper } = client;
    const link = client.servers.attach();
    zookeeper.getData('/a', client.noting('getData'), client.watching('data'));
    zookeeper.exists('/b', client.noting('exists'), client.watching('exist'));
    zookeeper.getChildren('/c', client.noting('getChildren'), client.watching('child'));
    zookeeper.getData('/d', client.noting('missing'), client.watching('never'));
    expect(link.requests.every(({ body }) => body !== null && 'watch' in body && body.watch)).toBe(
      true,
    );
    link.answer(1, { data: null, stat: STAT });
    link.answer(1, null, CODE.NONODE);
    link.answer(1, { children: [] });
    link.answer(1, null, CODE.NONODE);
    client.news();
    for (let time = 0; time < 2; time++) {
      link.notify(NodeDataChanged, '/a', 2);
      link.notify(NodeCreated, '/b', 3);
      link.notify(NodeChildrenChanged, '/c', 4);
      link.notify(NodeCreated, '/d', 5);
    }
    expect(client.news()).toEqual([
      'data NodeDataChanged /a',
      'exist NodeCreated /b',
      'child NodeChildrenChanged /c',
    ]);
  });

  it('is not asked for by a call without a watcher', () => {
    const client = new ScriptedClient();
    const link = client.servers.attach();
    client.zookeeper.getData('/a', client.noting('getData'));
    expect(link.requests).toMatchObject([{ body: { path: '/a', watch: false } }]);
  });

  it('that persists is heard time and again, the recursive one of all below', () => {
    const client = new ScriptedClient();
    const link = client.servers.attach();
    const [here, below] = [client.watching('here'), client.watching('below')];
    const { PERSISTENT, PERSISTENT_RECURSIVE } = ADD_WATCH_MODE;
    client.zookeeper.addWatch('/a', PERSISTENT, here, client.noting('addWatch'));
    client.zookeeper.addWatch('/a', PERSISTENT_RECURSIVE, below, client.noting('addWatch'));
    link.answer(1, { errorField: 0 });
    link.answer(1, { errorField: 0 });
    client.news();
    link.notify(NodeCreated, '/a/b', 2);
    link.notify(NodeChildrenChanged, '/a', 2);
    link.notify(NodeDeleted, '/a', 3);
    expect(client.news()).toEqual([
      'below NodeCreated /a/b',
      'here NodeChildrenChanged /a',
      'here NodeDeleted /a',
      'below NodeDeleted /a',
    ]);
  });

  it('is told of the session as the application is, and stays', () => {
    const client = new ScriptedClient();
    const link = client.servers.attach();
    const watcher = client.watching('watch');
    client.zookeeper.getData('/a', client.noting('getData'), watcher);
    client.zookeeper.getChildren2('/a', client.noting('getChildren'), watcher);
    link.answer(1, { data: null, stat: STAT });
    link.answer(1, { children: [], stat: STAT });
    client.news();
    link.hangUp();
    const next = client.servers.attach();
    next.notify(NodeDeleted, '/a', 2);
    expect(client.news()).toEqual([
      'Disconnected',
      'watch None Disconnected',
      'SyncConnected',
      'watch None SyncConnected',
      'watch NodeDeleted /a',
    ]);
  });

  it('event enters the history with its connection, and does not count as seen', () => {
    const client = new ScriptedClient({ chroot: '/app' });
    const link = client.servers.attach(7);
    link.notify(NodeCreated, '/app/a', 8);
    expect(client.history.events).toMatchObject([
      { client: 1, session: 7, connection: 1, type: NodeCreated, path: '/app/a', zxid: 8 },
    ]);
    link.hangUp();
    expect(client.servers.attach().received[0]).toMatchObject({ lastZxidSeen: 0 });
  });
});

describe('after a reconnect', () => {
  it('watches are set again behind authentication and ahead of requests', () => {
    const client = new ScriptedClient({ chroot: '/app' });
    const { zookeeper } = client;
    zookeeper.addAuthInfo('digest', new Uint8Array(1));
    const link = client.servers.attach();
    zookeeper.exists('/', client.noting('exists'), client.watching('watch'));
    zookeeper.getChildren('/a', client.noting('getChildren'), client.watching('watch'));
    link.answer(41, null, CODE.NONODE);
    link.answer(42, { children: [] });
    link.notify(NodeChildrenChanged, '/app/other', 50);
    link.hangUp();
    zookeeper.whoAmI(client.noting('whoAmI'));
    const next = client.servers.attach();
    expect(next.asked).toEqual([OP.auth, OP.setWatches, OP.whoAmI]);
    expect(next.requests.map(({ xid }) => xid)).toEqual([-4, 3, 4]);
    expect(next.requests[1]?.body).toEqual({
      relativeZxid: 42,
      data: [],
      exist: ['/app'],
      child: ['/app/a'],
    });
    const renewal = client.history.operations.find(({ xid }) => xid === 3);
    expect(renewal?.question.type).toBe(OP.setWatches);
  });

  it('what was missed is heard between SyncConnected and the answers', () => {
    const client = new ScriptedClient();
    const link = client.servers.attach();
    client.zookeeper.getData('/a', client.noting('getData'), client.watching('watch'));
    link.answer(5, { data: null, stat: STAT });
    link.hangUp();
    client.zookeeper.sync('/a', client.noting('sync'));
    client.news();
    const next = client.servers.attach();
    next.notify(NodeDataChanged, '/a', -1);
    next.answer(9);
    next.answer(9, { path: '/a' });
    expect(client.news()).toEqual([
      'SyncConnected',
      'watch None SyncConnected',
      'watch NodeDataChanged /a',
      'sync OK',
    ]);
  });

  it('a client without watches sets none', () => {
    const client = new ScriptedClient();
    client.servers.attach().hangUp();
    expect(client.servers.attach().asked).toEqual([]);
  });
});

describe('removing a watch', () => {
  function watchingClient() {
    const client = new ScriptedClient();
    const link = client.servers.attach();
    const [one, other] = [client.watching('one'), client.watching('other')];
    for (const watcher of [one, other]) {
      client.zookeeper.getData('/a', client.noting('getData'), watcher);
      link.answer(1, { data: null, stat: STAT });
    }
    client.news();
    return { client, link, one };
  }

  it('asks the server about one watcher, and tells it', () => {
    const { client, link, one } = watchingClient();
    client.zookeeper.removeWatches('/a', one, WATCHER_TYPE.DATA, client.noting('remove'));
    expect(link.asked.at(-1)).toBe(OP.checkWatches);
    link.answer(2);
    link.notify(NodeDeleted, '/a', 3);
    expect(client.news()).toEqual(['one DataWatchRemoved /a', 'remove OK', 'other NodeDeleted /a']);
  });

  it('removes all of them at the server too', () => {
    const { client, link } = watchingClient();
    client.zookeeper.removeAllWatches('/a', WATCHER_TYPE.ANY, client.noting('remove'));
    expect(link.asked.at(-1)).toBe(OP.removeWatches);
    link.answer(2);
    expect(client.news()).toEqual([
      'one DataWatchRemoved /a',
      'other DataWatchRemoved /a',
      'remove OK',
    ]);
  });

  it('fails if there is none, or the server does not agree', () => {
    const { client, link, one } = watchingClient();
    client.zookeeper.removeWatches('/a', one, WATCHER_TYPE.CHILDREN, client.noting('no such'));
    link.answer(2);
    client.zookeeper.removeWatches('/a', one, WATCHER_TYPE.DATA, client.noting('refused'));
    link.answer(2, null, CODE.NOWATCHER);
    expect(client.news()).toEqual(['no such NOWATCHER', 'refused NOWATCHER']);
  });

  it('needs no server if it shall be local', () => {
    const { client, link, one } = watchingClient();
    client.zookeeper.removeWatches('/a', one, WATCHER_TYPE.DATA, client.noting('kept'));
    client.zookeeper.removeWatches('/a', one, WATCHER_TYPE.DATA, client.noting('remove'), true);
    link.hangUp();
    expect(client.news().slice(0, 3)).toEqual([
      'kept CONNECTIONLOSS',
      'one DataWatchRemoved /a',
      'remove OK',
    ]);
  });
});
