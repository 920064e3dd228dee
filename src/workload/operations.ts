import { multiOp } from '../client/multi-op.ts';
import { type Acl, OPEN_ACL, PERM } from '../keeper/acl.ts';
import { digestId } from '../keeper/auth.ts';
import {
  ADD_WATCH_MODE,
  ANY_VERSION,
  CREATE_MODE,
  type CreateMode,
  type MultiOp,
  WATCHER_TYPE,
} from '../keeper/requests.ts';
import type { Actor } from './actor.ts';
import type { OperationKind } from './settings.ts';

/** Asks for one thing, or several in a row, and says when the last of them has an outcome. */
type Perform = (actor: Actor, done: () => void) => void;

const TTL_MAX_MS = 5000;

/** Users among the clients: some share one. */
const USER_COUNT = 3;

/** What a client does for each kind of operation. */
export const PERFORM: Readonly<Record<OperationKind, Perform>> = {
  read: (actor, done) => read(actor, actor.key(), done),
  syncRead: (actor, done) => {
    const key = actor.key();
    actor.zookeeper.sync(key, () => read(actor, key, done));
  },
  write: (actor, done) => write(actor, actor.key(), ANY_VERSION, done),
  compareAndSet: (actor, done) => {
    const key = actor.key();
    write(actor, key, actor.versionOf(key), done);
  },
  create: (actor, done) => create(actor, actor.sibling('n'), CREATE_MODE.PERSISTENT, done),
  createEphemeral: (actor, done) => create(actor, actor.sibling('e'), CREATE_MODE.EPHEMERAL, done),
  createSequential: (actor, done) => {
    const mode = actor.random.pick([
      CREATE_MODE.EPHEMERAL_SEQUENTIAL,
      CREATE_MODE.EPHEMERAL_SEQUENTIAL,
      CREATE_MODE.PERSISTENT_SEQUENTIAL,
    ]);
    create(actor, `${actor.key()}/s-`, mode, done);
  },
  delete: (actor, done) => actor.zookeeper.delete(actor.forgetMade(), ANY_VERSION, done),
  exists: (actor, done) => actor.zookeeper.exists(actor.sibling('n'), done),
  children: (actor, done) => {
    const path = actor.random.chance(250_000) ? actor.sibling('c') : actor.key();
    actor.zookeeper.getChildren2(path, done);
  },
  endSession: (actor, done) => {
    actor.zookeeper.close();
    done();
  },
  createContainer: (actor, done) => {
    const path = actor.sibling('c');
    actor.zookeeper.createContainer(path, null, () => {
      create(actor, `${path}/k-`, CREATE_MODE.EPHEMERAL_SEQUENTIAL, done);
    });
  },
  createTtl: (actor, done) => {
    const ttl = actor.random.between(1, TTL_MAX_MS);
    actor.zookeeper.createTTL(actor.sibling('t'), actor.value(), ttl, done);
  },
  multi: (actor, done) => {
    const count = actor.random.between(1, 4);
    actor.zookeeper.multi(
      Array.from({ length: count }, () => drawPart(actor)),
      done,
    );
  },
  multiRead: (actor, done) => {
    const path = actor.key();
    const ops = [
      multiOp.getData(path),
      multiOp.getChildren(path),
      multiOp.getData(actor.sibling('n')),
    ];
    actor.zookeeper.multiRead(ops, done);
  },
  count: (actor, done) => actor.zookeeper.getAllChildrenNumber(actor.key(), done),
  ephemerals: (actor, done) => actor.zookeeper.getEphemerals(actor.key(), done),
  watchData: (actor, done) => actor.zookeeper.getData(actor.key(), done, actor.watcher),
  watchExists: (actor, done) => actor.zookeeper.exists(actor.sibling('n'), done, actor.watcher),
  watchChildren: (actor, done) => actor.zookeeper.getChildren2(actor.key(), done, actor.watcher),
  watchTree: (actor, done) => {
    const mode = actor.random.pick([
      ADD_WATCH_MODE.PERSISTENT,
      ADD_WATCH_MODE.PERSISTENT_RECURSIVE,
    ]);
    actor.zookeeper.addWatch(actor.key(), mode, actor.watcher, done);
  },
  removeWatches: (actor, done) => {
    const type = actor.random.pick([WATCHER_TYPE.CHILDREN, WATCHER_TYPE.DATA, WATCHER_TYPE.ANY]);
    actor.zookeeper.removeAllWatches(actor.key(), type, done);
  },
  authenticate: (actor, done) => {
    actor.zookeeper.addAuthInfo('digest', new TextEncoder().encode(userOf(actor.client)));
    done();
  },
  createProtected: (actor, done) => {
    const path = actor.sibling('p');
    actor.zookeeper.create(path, actor.value(), CREATE_MODE.PERSISTENT, done, drawAcl(actor));
  },
  setAcl: (actor, done) => {
    actor.zookeeper.setACL(actor.sibling('p'), drawAcl(actor), ANY_VERSION, done);
  },
  getAcl: (actor, done) => actor.zookeeper.getACL(actor.sibling('p'), done),
  whoAmI: (actor, done) => actor.zookeeper.whoAmI(done),
};

function read(actor: Actor, path: string, done: () => void): void {
  actor.zookeeper.getData(path, (_err, body) => {
    actor.saw(path, body);
    done();
  });
}

function write(actor: Actor, path: string, version: number, done: () => void): void {
  actor.zookeeper.setData(path, actor.value(), version, (_err, body) => {
    actor.saw(path, body);
    done();
  });
}

function create(actor: Actor, path: string, mode: CreateMode, done: () => void): void {
  actor.zookeeper.create(path, actor.value(), mode, (err, body) => {
    actor.created(err, body);
    done();
  });
}

/** Of a multi: often it succeeds, often it does not. */
function drawPart(actor: Actor): MultiOp {
  const key = actor.key();
  switch (actor.random.below(6)) {
    case 0:
      return multiOp.check(key, actor.versionOf(key));
    case 1:
      return multiOp.delete(actor.sibling('n'), ANY_VERSION);
    case 2:
      return multiOp.create(`${key}/s-`, actor.value(), CREATE_MODE.PERSISTENT_SEQUENTIAL);
    case 3:
      return multiOp.create(actor.sibling('n'), actor.value(), CREATE_MODE.PERSISTENT);
    default:
      return multiOp.setData(key, actor.value(), ANY_VERSION);
  }
}

/** Some lists keep their own maker out. */
function drawAcl(actor: Actor): Acl {
  const user = userOf(actor.random.below(USER_COUNT));
  switch (actor.random.below(5)) {
    case 0:
      return OPEN_ACL;
    case 1:
      return [{ perms: PERM.ALL, scheme: 'auth', id: '' }];
    case 2:
      return [{ perms: PERM.READ | PERM.ADMIN, scheme: 'world', id: 'anyone' }];
    case 3:
      return [{ perms: PERM.ALL, scheme: 'ip', id: `10.0.0.0/${actor.random.between(28, 32)}` }];
    default:
      return [{ perms: actor.random.between(1, PERM.ALL), scheme: 'digest', id: digestId(user) }];
  }
}

function userOf(client: number): string {
  return `user${client % USER_COUNT}:secret`;
}
