import { CODE, codeName } from '../keeper/codes.ts';
import type {
  CreateMode,
  Data,
  MultiOp,
  MultiReadOp,
  MultiReadResult,
  MultiResult,
} from '../keeper/requests.ts';
import type { SessionId } from '../keeper/session-id.ts';
import type { Stat } from '../keeper/stat.ts';
import { Cancelled, type Steps, waitFor } from './task.ts';
import type { Watcher } from './watcher.ts';
import type { ZooKeeper } from './zookeeper.ts';

/** An operation did not succeed. */
export class KeeperError extends Error {
  override readonly name = 'KeeperError';
  /** A `CODE`. */
  readonly code: number;

  constructor(code: number) {
    super(codeName(code));
    this.code = code;
  }
}

export interface NodeData {
  readonly data: Data;
  readonly stat: Stat;
}

export interface Children {
  /** In no order. */
  readonly children: readonly string[];
  readonly stat: Stat;
}

export interface Created {
  readonly path: string;
  readonly stat: Stat;
}

type Start<Body> = (callback: (err: number, body: Body | null) => void) => void;

/**
 * A client's operations as steps of a task. Reads and syncs are asked for again when a connection
 * is lost, until they are answered or the session ends. Writes never are: after CONNECTIONLOSS only
 * the caller can know what to do.
 *
 * All throw {@link KeeperError}, and {@link Cancelled} when the session is over.
 */
export class Calls {
  private readonly zookeeper: ZooKeeper;

  constructor(zookeeper: ZooKeeper) {
    this.zookeeper = zookeeper;
  }

  get session(): SessionId {
    return this.zookeeper.session;
  }

  create(path: string, data: Data, mode: CreateMode): Steps<Created> {
    return answer<Created>((done) => this.zookeeper.create2(path, data, mode, done));
  }

  *delete(path: string, version: number): Steps<void> {
    yield* outcome((done) => this.zookeeper.delete(path, version, done));
  }

  *setData(path: string, data: Data, version: number): Steps<Stat> {
    const { stat } = yield* answer<{ readonly stat: Stat }>((done) => {
      this.zookeeper.setData(path, data, version, done);
    });
    return stat;
  }

  multi(ops: readonly MultiOp[]): Steps<readonly MultiResult[]> {
    return answer<readonly MultiResult[]>((done) => this.zookeeper.multi(ops, done));
  }

  /** @returns `null` if there is no such node; the watch then waits for one */
  *exists(path: string, watcher?: Watcher): Steps<Stat | null> {
    const start: Start<{ readonly stat: Stat }> = (done) => {
      this.zookeeper.exists(path, done, watcher);
    };
    const body = yield* orNull(insist(start), CODE.NONODE);
    return body?.stat ?? null;
  }

  getData(path: string, watcher?: Watcher): Steps<NodeData> {
    return insist<NodeData>((done) => this.zookeeper.getData(path, done, watcher));
  }

  getChildren(path: string, watcher?: Watcher): Steps<Children> {
    return insist<Children>((done) => this.zookeeper.getChildren2(path, done, watcher));
  }

  *multiRead(ops: readonly MultiReadOp[]): Steps<readonly MultiReadResult[]> {
    const start: Start<{ readonly results: readonly MultiReadResult[] }> = (done) => {
      this.zookeeper.multiRead(ops, done);
    };
    return (yield* insist(start)).results;
  }

  *sync(path: string): Steps<void> {
    yield* insist<{ readonly path: string }>((done) => this.zookeeper.sync(path, done));
  }
}

/** How steps ended that may fail: with a result, or with a code and none. */
export type Attempt<Result> =
  | { readonly code: typeof CODE.OK; readonly result: Result }
  | { readonly code: number; readonly result: null };

/** How the steps end; only the codes given are expected. */
export function* attempt<Result>(
  steps: Steps<Result>,
  ...codes: readonly number[]
): Steps<Attempt<Result>> {
  try {
    return { code: CODE.OK, result: yield* steps };
  } catch (error) {
    if (!(error instanceof KeeperError) || !codes.includes(error.code)) throw error;
    return { code: error.code, result: null };
  }
}

/** The result of the steps, or `null` if they fail with one of the codes. */
export function* orNull<Result>(
  steps: Steps<Result>,
  ...codes: readonly number[]
): Steps<Result | null> {
  return (yield* attempt(steps, ...codes)).result;
}

function* outcome<Body>(start: Start<Body>): Steps<Body | null> {
  const { err, body } = yield* waitFor<{ readonly err: number; readonly body: Body | null }>(
    (resume) => start((err, body) => resume({ err, body })),
  );
  if (err === CODE.OK) return body;
  if (err === CODE.SESSIONEXPIRED || err === CODE.AUTHFAILED) throw new Cancelled();
  throw new KeeperError(err);
}

function* answer<Body>(start: Start<Body>): Steps<Body> {
  const body = yield* outcome(start);
  if (body === null) throw new KeeperError(CODE.MARSHALLINGERROR);
  return body;
}

function* insist<Body>(start: Start<Body>): Steps<Body> {
  for (;;) {
    const body = yield* orNull(answer(start), CODE.CONNECTIONLOSS);
    if (body !== null) return body;
  }
}
