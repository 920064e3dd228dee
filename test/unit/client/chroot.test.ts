import { describe, expect, it } from 'vitest';
import { multiOp } from '../../../src/client/multi-op.ts';
import { CODE, OP } from '../../../src/keeper/codes.ts';
import { ANY_VERSION, CREATE_MODE, EVENT_TYPE } from '../../../src/keeper/requests.ts';
import { ScriptedClient } from '../../support/scripted-client.ts';

describe('a client with a chroot', () => {
  it('asks for what lies below it', () => {
    const client = new ScriptedClient({ chroot: '/app' });
    const { zookeeper } = client;
    const link = client.servers.attach();
    const noting = client.noting('any');
    zookeeper.getData('/a', noting);
    zookeeper.exists('/', noting);
    zookeeper.delete('/', ANY_VERSION, noting);
    zookeeper.getConfig(noting);
    zookeeper.create('/', null, CREATE_MODE.PERSISTENT_SEQUENTIAL, noting);
    const paths = link.requests.map(({ body }) =>
      body !== null && 'path' in body ? body.path : '',
    );
    expect(paths).toEqual(['/app/a', '/app', '/', '/zookeeper/config', '/app/']);
    const asked = client.history.operations.map(({ question }) => question.body);
    expect(asked).toEqual(link.requests.map(({ body }) => body));
  });

  it('translates the parts of a multi and their results', () => {
    const client = new ScriptedClient({ chroot: '/app' });
    const link = client.servers.attach();
    const ops = [
      multiOp.check('/', 1),
      multiOp.create('/a', null, CREATE_MODE.PERSISTENT),
      multiOp.setData('/b', null, 0),
    ];
    let paths: unknown;
    client.zookeeper.multi(ops, (err, results) => {
      expect(err).toBe(CODE.OK);
      paths = results?.map(({ body }) => body);
    });
    expect(link.requests[0]?.body).toMatchObject({
      ops: [{ body: { path: '/app' } }, { body: { path: '/app/a' } }, { body: { path: '/app/b' } }],
    });
    const results = [
      { type: OP.check, body: null },
      { type: OP.create, body: { path: '/app/a' } },
      { type: OP.check, body: null },
    ];
    link.answer(1, { results });
    expect(paths).toEqual([null, { path: '/a' }, null]);
  });

  it('hears of what it asked for by its own names', () => {
    const client = new ScriptedClient({ chroot: '/app' });
    const link = client.servers.attach();
    const heard: unknown[] = [];
    client.zookeeper.create('/a-', null, CREATE_MODE.PERSISTENT_SEQUENTIAL, (_err, body) => {
      heard.push(body?.path);
    });
    client.zookeeper.sync('/', (_err, body) => heard.push(body?.path));
    client.zookeeper.getEphemerals('/', (_err, body) => heard.push(body?.ephemerals));
    expect(link.requests[2]?.body).toEqual({ prefixPath: '/app/' });
    link.answer(1, { path: '/app/a-0000000001' });
    link.answer(1, { path: '/app' });
    link.answer(1, { ephemerals: ['/app/e'] });
    expect(heard).toEqual(['/a-0000000001', '/', ['/e']]);
  });

  it('hears events by its own names, those of the configuration by theirs', () => {
    const client = new ScriptedClient({ chroot: '/app' });
    const link = client.servers.attach();
    const watcher = client.watching('watch');
    const stat = { stat: {} } as never;
    client.zookeeper.exists('/', client.noting('exists'), watcher);
    client.zookeeper.getConfig(client.noting('getConfig'), watcher);
    link.answer(1, null, CODE.NONODE);
    link.answer(1, stat);
    client.news();
    link.notify(EVENT_TYPE.NodeCreated, '/app', 2);
    link.notify(EVENT_TYPE.NodeDataChanged, '/zookeeper/config', 3);
    link.notify(EVENT_TYPE.NodeCreated, '/application', 4);
    expect(client.news()).toEqual([
      'watch NodeCreated /',
      'watch NodeDataChanged /zookeeper/config',
    ]);
  });
});

describe('a multi', () => {
  it('ends with the first of its errors that says why, and with all results', () => {
    const client = new ScriptedClient();
    const link = client.servers.attach();
    const errors: number[] = [];
    client.zookeeper.multi([multiOp.delete('/a', 0), multiOp.delete('/b', 0)], (err, results) => {
      errors.push(
        err,
        ...(results ?? []).map(({ body }) => (body !== null && 'err' in body ? body.err : 1)),
      );
    });
    const error = (err: number) => ({ type: OP.error, body: { err } });
    link.answer(1, { results: [error(CODE.OK), error(CODE.BADVERSION)] });
    expect(errors).toEqual([CODE.BADVERSION, CODE.OK, CODE.BADVERSION]);
  });
});
