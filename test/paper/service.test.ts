import { describe, expect, it } from 'vitest';
import { digestId } from '../../src/keeper/auth.ts';
import { CODE, OP } from '../../src/keeper/codes.ts';
import { CREATE_MODE, EVENT_TYPE, type SetWatchesBody } from '../../src/keeper/requests.ts';
import type { ServerRequest } from '../../src/keeper/server-request.ts';
import { ZAB_EVENTS } from '../../src/zab/events.ts';
import { PACKET, type QuorumPacket } from '../../src/zab/messages.ts';
import type { Zxid } from '../../src/zab/zxid.ts';
import { portrait } from '../support/portrait.ts';
import * as ask from '../support/questions.ts';
import { type RawClient, ServiceWorld } from '../support/service-world.ts';

const SIDES = ['leader', 'follower'] as const;

function serverOf(ensemble: ServiceWorld, side: (typeof SIDES)[number]): number {
  return side === 'leader' ? ensemble.leader : (ensemble.followers[0] as number);
}

/** The types of the requests that learners forward from now on. */
function forwarded(ensemble: ServiceWorld): number[] {
  const types: number[] = [];
  ensemble.world.timeline.addPacketObserver({
    sent: (_from, _to, port, message) => {
      if (port !== 'quorum') return;
      const { type, data } = message as QuorumPacket;
      if (type === PACKET.REQUEST) types.push((data as ServerRequest).message.type);
    },
    received: () => {},
  });
  return types;
}

function expectEqualServers(ensemble: ServiceWorld): void {
  const [first, ...others] = ensemble.serverIds.map((sid) => portrait(ensemble.server(sid).tree));
  for (const other of others) expect(other).toEqual(first);
}

/** One node of each kind, with access lists and a quota. */
function furnish(client: RawClient): void {
  const quota = '/zookeeper/quota/q';
  const acl = [
    { perms: 31, scheme: 'digest', id: digestId('alice:secret') },
    { perms: 1, scheme: 'ip', id: '10.9.0.0/16' },
  ];
  const questions = [
    ask.create('/guarded', CREATE_MODE.PERSISTENT, 'secret', acl),
    ask.createContainer('/container'),
    ask.create('/container/child'),
    ask.createTtl('/ttl', 1_000_000),
    ask.create('/ephemeral', CREATE_MODE.EPHEMERAL),
    ask.create('/q'),
    ask.create(quota),
    ask.create(`${quota}/zookeeper_limits`, 0, 'count=9,bytes=99'),
    ask.create(`${quota}/zookeeper_stats`),
    ask.create('/q/counted', CREATE_MODE.PERSISTENT_SEQUENTIAL, '12345'),
  ];
  for (const question of questions) expect(client.ask(question)?.err).toBe(CODE.OK);
}

/** What {@link furnish} has made is all there, at each server. */
function expectFurnished(ensemble: ServiceWorld, client: RawClient): void {
  expectEqualServers(ensemble);
  for (const sid of ensemble.serverIds) {
    const { tree } = ensemble.server(sid);
    expect(tree.find('/guarded')?.acl).toHaveLength(2);
    expect(tree.find('/container')?.isContainer).toBe(true);
    expect(tree.find('/ttl')?.ttl).toBe(1_000_000);
    expect([...tree.ephemeralsOf(client.session)]).toEqual(['/ephemeral']);
    const totals = tree.find('/zookeeper/quota/q/zookeeper_stats')?.data;
    expect(ask.text(totals)).toBe('count=2,bytes=5');
  }
}

describe('requests', () => {
  it('behind closeSession get no answer, and it gets one', () => {
    for (const side of SIDES) {
      const ensemble = new ServiceWorld();
      const sid = serverOf(ensemble, side);
      const client = ensemble.connect(sid);
      client.send(ask.create('/x'));
      client.send(ask.CLOSE);
      client.send(ask.getData('/x', true));
      client.send(ask.create('/y'));
      ensemble.runUntil(() => client.isClosed);
      ensemble.runFor(50_000);
      expect(
        client.replies.map(({ type }) => type),
        side,
      ).toEqual([OP.create, OP.closeSession]);
      expect(ensemble.server(sid).tree.find('/y')).toBeUndefined();
      expect(ensemble.server(sid).counts()).toMatchObject({ watches: 0, sessions: 0 });
    }
  });

  it('that outlive their connection leave no watches behind', () => {
    const ensemble = new ServiceWorld();
    const sid = serverOf(ensemble, 'follower');
    const client = ensemble.connect(sid);
    client.send(ask.create('/x'));
    client.send(ask.getData('/x', true));
    client.send({ type: OP.addWatch, body: { path: '/x', mode: 1 } });
    ensemble.runUntil(() => ensemble.server(ensemble.leader).tree.find('/x') !== undefined);
    client.close();
    ensemble.runFor(50_000);
    expect(ensemble.server(sid).tree.find('/x')).toBeDefined();
    expect(ensemble.server(sid).counts().watches).toBe(0);
  });

  it('of a follower go to the leader if they are writes, syncs, or begin or end a session', () => {
    const ensemble = new ServiceWorld();
    const types = forwarded(ensemble);
    const client = ensemble.connect(serverOf(ensemble, 'follower'));
    const questions = [
      ask.create('/x'),
      ask.setData('/x', 'more'),
      ask.sync('/x'),
      ask.getData('/x'),
      ask.getChildren('/'),
      ask.exists('/x'),
      ask.PING,
      ask.remove('/nosuch'),
      ask.CLOSE,
    ];
    for (const question of questions) client.ask(question);
    expect(types).toEqual([
      OP.createSession,
      OP.create,
      OP.setData,
      OP.sync,
      OP.delete,
      OP.closeSession,
    ]);
    expect(client.replies.map(({ err }) => err)).toEqual([0, 0, 0, 0, 0, 0, 0, CODE.NONODE, 0]);
  });

  it('are answered in their order, reads behind the writes before them, errors included', () => {
    const ensemble = new ServiceWorld();
    const client = ensemble.connect(serverOf(ensemble, 'follower'));
    const xids = [
      client.send(ask.getData('/x')),
      client.send(ask.create('/x')),
      client.send(ask.create('/x')),
      client.send(ask.getData('/x')),
      client.send(ask.sync('/x')),
      client.send(ask.remove('/x')),
      client.send(ask.getData('/x')),
    ];
    ensemble.runUntil(() => client.replies.length === xids.length);
    expect(client.replies.map(({ xid }) => xid)).toEqual(xids);
    const { NONODE, NODEEXISTS } = CODE;
    expect(client.replies.map(({ err }) => err)).toEqual([NONODE, 0, NODEEXISTS, 0, 0, 0, NONODE]);
  });
});

describe('a watch', () => {
  it.each(SIDES)('at the %s fires before any answer that shows the change', (side) => {
    const ensemble = new ServiceWorld();
    const watcher = ensemble.connect(serverOf(ensemble, side));
    const writer = ensemble.connect(2);
    writer.ask(ask.create('/x'));
    watcher.ask(ask.sync('/x'));
    watcher.ask(ask.getData('/x', true));
    watcher.heard.splice(0);
    writer.send(ask.setData('/x', 'new'));
    for (let count = 0; count < 60; count++) {
      watcher.send(ask.getData('/x'));
      ensemble.runFor(150);
    }
    ensemble.runUntil(() => watcher.replies.length === 60);
    const [event] = watcher.notifications;
    expect(event?.body).toEqual({ type: EVENT_TYPE.NodeDataChanged, path: '/x' });
    const at = watcher.heard.findIndex(({ type }) => type === OP.notification);
    const shows = watcher.heard.findIndex((message) => {
      return message.type === OP.getData && ask.text(message.body?.data) === 'new';
    });
    expect(at).toBeGreaterThan(0);
    expect(shows).toBe(at + 1);
    expect(event?.zxid).toBe(watcher.heard[shows]?.zxid);
  });

  it.each(SIDES)('of whoever makes the change fires before the answer at the %s', (side) => {
    const ensemble = new ServiceWorld();
    const client = ensemble.connect(serverOf(ensemble, side));
    client.ask(ask.exists('/x', true));
    client.ask(ask.create('/x'));
    expect(client.heard.map(({ type }) => type)).toEqual([OP.exists, OP.notification, OP.create]);
    expect(client.heard[1]?.zxid).toBe(client.heard[2]?.zxid);
  });

  it('that is set again after a reconnect tells at once what was missed, and goes on', () => {
    const ensemble = new ServiceWorld();
    const [here, there] = ensemble.followers as [number, number];
    const old = ensemble.connect(here);
    const other = ensemble.connect(ensemble.leader);
    for (const path of ['/same', '/set', '/gone', '/parent', '/idle']) old.ask(ask.create(path));
    const relativeZxid: Zxid = old.lastZxid;
    old.close();
    other.ask(ask.setData('/set', 'x'));
    other.ask(ask.remove('/gone'));
    other.ask(ask.create('/new'));
    other.ask(ask.create('/parent/child'));
    const client = ensemble.connect(there, { ...old.ticket, lastZxidSeen: relativeZxid });
    client.ask(ask.sync('/'));
    client.heard.splice(0);
    const body: SetWatchesBody = {
      relativeZxid,
      data: ['/same', '/set', '/gone'],
      exist: ['/new', '/later'],
      child: ['/parent', '/idle'],
    };
    client.ask({ type: OP.setWatches, body });
    expect(client.heard.at(-1)?.type).toBe(OP.setWatches);
    const heard = (): unknown[] => client.notifications.map(({ body }) => [body.type, body.path]);
    expect(heard()).toEqual([
      [EVENT_TYPE.NodeDataChanged, '/set'],
      [EVENT_TYPE.NodeDeleted, '/gone'],
      [EVENT_TYPE.NodeCreated, '/new'],
      [EVENT_TYPE.NodeChildrenChanged, '/parent'],
    ]);
    client.heard.splice(0);
    // What has told is not watched any more, the rest is.
    for (const path of ['/set', '/same']) other.ask(ask.setData(path, 'y'));
    for (const path of ['/gone', '/later', '/parent/more', '/idle/child']) {
      other.ask(ask.create(path));
    }
    client.ask(ask.sync('/'));
    expect(heard()).toEqual([
      [EVENT_TYPE.NodeDataChanged, '/same'],
      [EVENT_TYPE.NodeCreated, '/later'],
      [EVENT_TYPE.NodeChildrenChanged, '/idle'],
    ]);
  });
});

/** What the root has below it. */
function namesAt(client: RawClient): string[] {
  return [...(client.ask(ask.getChildren('/'))?.body?.children ?? [])].sort();
}

describe('the leader removes', () => {
  const service = { containerCheckIntervalMs: 500 };

  it('a container that is empty again, and none that was never used', () => {
    const ensemble = new ServiceWorld({ service });
    const client = ensemble.connect(1);
    for (const path of ['/used', '/full', '/fresh']) client.ask(ask.createContainer(path));
    for (const path of ['/used/x', '/full/x']) client.ask(ask.create(path));
    client.ask(ask.remove('/used/x'));
    ensemble.runFor(1_200_000);
    expect(namesAt(client)).toEqual(['fresh', 'full', 'zookeeper']);
    expectEqualServers(ensemble);
  });

  it('a node whose time is over, and none that is written to or has children', () => {
    const ensemble = new ServiceWorld({ service });
    const client = ensemble.connect(1);
    for (const path of ['/old', '/parent', '/fresh']) client.ask(ask.createTtl(path, 1500));
    client.ask(ask.create('/parent/x'));
    ensemble.runFor(1_000_000);
    expect(client.ask(ask.exists('/old'))?.err).toBe(CODE.OK);
    client.ask(ask.setData('/fresh', 'again'));
    ensemble.runFor(1_200_000);
    expect(namesAt(client)).toEqual(['fresh', 'parent', 'zookeeper']);
    expectEqualServers(ensemble);
  });

  it('them also after another has taken over', () => {
    const ensemble = new ServiceWorld({ service });
    const old = ensemble.leader;
    const client = ensemble.connect(1);
    client.ask(ask.createTtl('/old', 1));
    ensemble.kill(old);
    ensemble.runFor(20_000);
    ensemble.awaitService();
    ensemble.runFor(1_200_000);
    expect(ensemble.server(ensemble.leader).tree.find('/old')).toBeUndefined();
    ensemble.restart(old);
    expectEqualServers(ensemble);
  });
});

describe('every kind of node, with access lists, sessions and quotas,', () => {
  it('outlives all servers at once, out of their snapshots and logs', () => {
    const ensemble = new ServiceWorld({ timing: { snapCount: 6 } });
    const client = ensemble.connect(2);
    furnish(client);
    ensemble.runFor(50_000);
    const before = portrait(ensemble.server(1).tree);
    for (const sid of ensemble.serverIds) ensemble.kill(sid);
    ensemble.restart(...ensemble.serverIds);
    expectFurnished(ensemble, client);
    expect(portrait(ensemble.server(1).tree)).toEqual(before);
  });

  it('comes to a server that has to be sent a snapshot, while others write', () => {
    const ensemble = new ServiceWorld({ timing: { commitLogCount: 4 } });
    const [late] = ensemble.followers as [number];
    const client = ensemble.connect(ensemble.leader);
    ensemble.kill(late);
    furnish(client);
    const snapsBefore = ensemble.times(ZAB_EVENTS.snapChosen).length;
    ensemble.world.host(late).start();
    const isBack = (): boolean => ensemble.server(late).role === 'learner';
    ensemble.runUntil(() => {
      if (!isBack()) client.send(ask.setData('/q', ''));
      ensemble.runFor(100);
      return isBack();
    });
    client.ask(ask.sync('/'));
    ensemble.runFor(50_000);
    expect(ensemble.times(ZAB_EVENTS.snapChosen)).toHaveLength(snapsBefore + 1);
    expectFurnished(ensemble, client);
  });
});
