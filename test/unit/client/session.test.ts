import { describe, expect, it } from 'vitest';
import { CODE, OP } from '../../../src/keeper/codes.ts';
import { ANY_VERSION, CREATE_MODE } from '../../../src/keeper/requests.ts';
import { ScriptedClient } from '../../support/scripted-client.ts';

const AUTH = new TextEncoder().encode('alice:secret');

describe('a client that connects', () => {
  it('sends what was asked for meanwhile, in order, before what it asks for on hearing so', () => {
    const client = new ScriptedClient();
    client.zookeeper.getACL('/first', client.noting('first'));
    client.zookeeper.sync('/second', client.noting('second'));
    const link = client.servers.attach();
    client.zookeeper.whoAmI(client.noting('third'));
    expect(link.asked).toEqual([OP.getACL, OP.sync, OP.whoAmI]);
    expect(link.requests.map(({ xid }) => xid)).toEqual([1, 2, 3]);
    expect(client.news()).toEqual(['SyncConnected']);
  });

  it('numbers requests on across connections, and connections from 1', () => {
    const client = new ScriptedClient();
    client.zookeeper.sync('/', client.noting('sync'));
    client.servers.attach().hangUp();
    client.zookeeper.sync('/', client.noting('sync'));
    const link = client.servers.attach();
    expect(link.requests.map(({ xid }) => xid)).toEqual([2]);
    const { operations } = client.history;
    expect(operations.map(({ xid, connection }) => [xid, connection])).toEqual([
      [1, 1],
      [2, 2],
    ]);
  });

  it('shows each server its session, its password and the last zxid that an answer showed', () => {
    const client = new ScriptedClient();
    const first = client.servers.attach(7);
    client.zookeeper.addWatch('/', 0, client.watching('watch'), client.noting('addWatch'));
    first.answer(12, { errorField: 0 });
    first.notify(1, '/', 99);
    first.hangUp();
    const [hello] = client.servers.attach(7).received;
    expect(hello).toMatchObject({
      lastZxidSeen: 12,
      session: 7,
      password: new Uint8Array(16).fill(7),
      timeoutMs: 3000,
    });
  });

  it('tries one server after the other', () => {
    const client = new ScriptedClient();
    const tried = () => client.servers.links.map(({ server }) => server);
    for (let attempt = 0; attempt < 4; attempt++) {
      client.servers.pass(1_200_000);
      client.servers.link.hangUp();
    }
    expect(new Set(tried().slice(0, 3))).toEqual(new Set([1, 2, 3]));
    expect(tried()[3]).toBe(tried()[0]);
  });
});

describe('a connection that is lost', () => {
  it('fails what was sent, then what was not, then tells so, once', () => {
    const client = new ScriptedClient();
    const link = client.servers.attach();
    client.zookeeper.sync('/a', client.noting('sent'));
    client.zookeeper.whoAmI(client.noting('sent too'));
    link.hangUp();
    client.zookeeper.sync('/b', client.noting('queued'));
    expect(client.news()).toEqual([
      'SyncConnected',
      'sent CONNECTIONLOSS',
      'sent too CONNECTIONLOSS',
      'Disconnected',
    ]);
    client.servers.pass(200_000);
    client.servers.link.hangUp();
    client.servers.pass(200_000);
    client.servers.link.hangUp();
    expect(client.news()).toEqual(['queued CONNECTIONLOSS']);
  });

  it('does not fail what a callback asks for on hearing of it', () => {
    const client = new ScriptedClient();
    const link = client.servers.attach();
    client.zookeeper.sync('/a', () => client.zookeeper.sync('/b', client.noting('again')));
    link.hangUp();
    expect(client.news()).toEqual(['SyncConnected', 'Disconnected']);
    const next = client.servers.attach();
    next.answer(1, { path: '/b' });
    expect(client.news()).toEqual(['SyncConnected', 'again OK']);
  });

  it('is what an answer means that nobody waits for', () => {
    const client = new ScriptedClient();
    const link = client.servers.attach();
    client.zookeeper.sync('/a', client.noting('sync'));
    link.say({ xid: 5, zxid: 1, err: 0, type: OP.sync, body: { path: '/a' } });
    expect(link.isClosed).toBe(true);
    expect(client.news()).toEqual(['SyncConnected', 'sync CONNECTIONLOSS', 'Disconnected']);
  });

  it('is noticed after two thirds of the time-out, and pings keep it', () => {
    const client = new ScriptedClient();
    const link = client.servers.attach();
    client.servers.pass(1_000_000);
    expect(link.received.filter((message) => 'xid' in message)).toHaveLength(1);
    link.say({ xid: -2, zxid: 1, err: 0, type: OP.ping, body: null });
    client.servers.pass(1_999_999);
    expect(link.isClosed).toBe(false);
    client.servers.pass(1);
    expect(link.isClosed).toBe(true);
  });
});

describe('the end of a session', () => {
  it('is told before its requests fail, if a server says so', () => {
    const client = new ScriptedClient();
    client.servers.attach().hangUp();
    client.zookeeper.sync('/', client.noting('sync'));
    client.news();
    client.servers.pass(200_000);
    client.servers.link.refuse();
    expect(client.news()).toEqual(['Expired', 'sync SESSIONEXPIRED']);
    client.zookeeper.sync('/', client.noting('late'));
    expect(client.news()).toEqual(['late SESSIONEXPIRED']);
    expect(client.zookeeper.isFinished).toBe(true);
  });

  it('comes by itself four thirds of the time-out after the last word of a server', () => {
    const client = new ScriptedClient({ servers: [1] });
    client.servers.attach(7, 3000);
    client.servers.pass(3_999_999);
    expect(client.news()).toEqual(['SyncConnected', 'Disconnected']);
    expect(client.zookeeper.isFinished).toBe(false);
    client.zookeeper.sync('/', client.noting('sync'));
    client.servers.pass(1);
    expect(client.news()).toEqual(['sync SESSIONEXPIRED', 'Expired']);
  });

  it('does not come by itself as long as there has been no session', () => {
    const client = new ScriptedClient();
    client.servers.pass(60_000_000);
    expect(client.news()).toEqual([]);
    expect(client.zookeeper.isFinished).toBe(false);
  });

  it('that was asked for is awaited, and nothing may be asked for after it', () => {
    const client = new ScriptedClient();
    const link = client.servers.attach();
    client.zookeeper.close();
    client.zookeeper.sync('/', client.noting('late'));
    client.zookeeper.close();
    expect(link.asked).toEqual([OP.closeSession]);
    expect(client.news()).toEqual(['SyncConnected', 'late SESSIONEXPIRED']);
    link.answer(4);
    expect(client.news()).toEqual(['Closed']);
  });
});

describe('authentication', () => {
  it('is repeated on every connection, the last one first, ahead of all requests', () => {
    const client = new ScriptedClient();
    client.zookeeper.addAuthInfo('digest', AUTH);
    client.zookeeper.addAuthInfo('other', AUTH);
    client.zookeeper.whoAmI(client.noting('whoAmI'));
    const first = client.servers.attach();
    expect(first.asked).toEqual([OP.auth, OP.auth, OP.whoAmI]);
    expect(first.requests.map(({ xid }) => xid)).toEqual([-4, -4, 1]);
    first.hangUp();
    const schemes = client.servers.attach().requests.map(({ body }) => body);
    expect(schemes).toMatchObject([{ scheme: 'other' }, { scheme: 'digest' }]);
  });

  it('is answered outside the order of the requests', () => {
    const client = new ScriptedClient();
    const link = client.servers.attach();
    client.zookeeper.sync('/', client.noting('sync'));
    client.zookeeper.addAuthInfo('digest', AUTH);
    link.answerAuth(CODE.OK);
    link.answer(3, { path: '/' });
    expect(link.isClosed).toBe(false);
    expect(client.news()).toEqual(['SyncConnected', 'sync OK']);
  });

  it('that is refused ends the client for good', () => {
    const client = new ScriptedClient();
    const link = client.servers.attach();
    client.zookeeper.sync('/', client.noting('sync'));
    client.zookeeper.addAuthInfo('world', AUTH);
    link.answerAuth(CODE.AUTHFAILED);
    expect(client.news()).toEqual(['SyncConnected', 'AuthFailed', 'sync AUTHFAILED']);
    client.zookeeper.delete('/a', ANY_VERSION, client.noting('late'));
    client.servers.pass(60_000_000);
    expect(client.news()).toEqual(['late AUTHFAILED']);
    expect(client.servers.links).toHaveLength(1);
  });
});

describe('arguments that are wrong', () => {
  it('are refused before the call returns, and nothing is sent', () => {
    const client = new ScriptedClient();
    const { zookeeper } = client;
    const link = client.servers.attach();
    client.news();
    zookeeper.delete('a', ANY_VERSION, client.noting('delete'));
    zookeeper.exists('/a/', client.noting('exists'), client.watching('watch'));
    zookeeper.create('/a//b', null, CREATE_MODE.PERSISTENT, client.noting('create'));
    zookeeper.createTTL('/a', null, 0, client.noting('createTTL'));
    zookeeper.create('/a', null, CREATE_MODE.PERSISTENT_WITH_TTL, client.noting('no ttl'));
    zookeeper.multi([{ type: OP.check, body: { path: '', version: 0 } }], client.noting('multi'));
    expect(client.news()).toEqual([
      'delete BADARGUMENTS',
      'exists BADARGUMENTS',
      'create BADARGUMENTS',
      'createTTL BADARGUMENTS',
      'no ttl BADARGUMENTS',
      'multi BADARGUMENTS',
    ]);
    expect(link.requests).toEqual([]);
    expect(client.history.operations).toEqual([]);
  });

  it('are not those of a sequential create that ends in a slash', () => {
    const client = new ScriptedClient();
    const link = client.servers.attach();
    const mode = CREATE_MODE.PERSISTENT_SEQUENTIAL;
    client.zookeeper.create('/a/', null, mode, client.noting('create'));
    expect(link.asked).toEqual([OP.create]);
  });
});
