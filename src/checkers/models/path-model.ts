import type { Operation } from '../../client/history.ts';
import { CODE, OP } from '../../keeper/codes.ts';
import { ANY_VERSION, CREATE_MODE, type Question } from '../../keeper/requests.ts';
import type { Call, SequentialModel } from '../linearizability/reference-search.ts';

/** One node as a client that knows no zxids sees it: absent, or with a version. */
export interface PathState {
  readonly exists: boolean;
  readonly version: number;
}

/** A write to one path, and the code and version that its answer had. */
export interface PathWrite {
  readonly type: typeof OP.create | typeof OP.delete | typeof OP.setData;
  readonly version: number;
}

export interface PathAnswer {
  readonly err: number;
  readonly version: number;
}

const ABSENT: PathState = { exists: false, version: 0 };

/** Creating, writing and deleting one node, judged by errors and versions alone. */
export const PATH_MODEL: SequentialModel<PathState, PathWrite, PathAnswer> = {
  initial: ABSENT,

  step(state, { type, version }, answer) {
    const err = expectedError(state, type, version);
    if (answer !== undefined && answer.err !== err) return null;
    if (err !== CODE.OK) return state;
    if (type === OP.delete) return ABSENT;
    const next = { exists: true, version: type === OP.create ? 0 : state.version + 1 };
    const isAsAnswered =
      answer === undefined || type === OP.create || answer.version === next.version;
    return isAsAnswered ? next : null;
  },

  keyOf: ({ exists, version }) => (exists ? String(version) : 'absent'),
};

function expectedError(state: PathState, type: PathWrite['type'], version: number): number {
  if (type === OP.create) return state.exists ? CODE.NODEEXISTS : CODE.OK;
  if (!state.exists) return CODE.NONODE;
  return version === ANY_VERSION || version === state.version ? CODE.OK : CODE.BADVERSION;
}

/** Whether a node may come, change or go by a request that is no call of the model. */
function isAnotherWay({ type, body }: Question, path: string): boolean {
  switch (type) {
    case OP.multi:
      return true;
    case OP.create2:
    case OP.createContainer:
    case OP.createTTL:
      return path.startsWith(body.path);
    case OP.setACL:
      return body.path === path;
    default:
      return false;
  }
}

/** Errors that say something of the node itself, and not of its parent, its children or a session. */
const TELLING: ReadonlySet<number> = new Set([
  CODE.OK,
  CODE.NODEEXISTS,
  CODE.NONODE,
  CODE.BADVERSION,
]);

/**
 * The writes to `path` among the operations of a run, as calls of the model.
 *
 * @returns `null` if the node may go by other ways: with a session, or under another name
 */
export function pathCalls(
  operations: readonly Operation[],
  path: string,
): Call<PathWrite, PathAnswer>[] | null {
  const calls: Call<PathWrite, PathAnswer>[] = [];
  for (const operation of operations) {
    const { question, reply, xid, err, invokedIndex, completedIndex } = operation;
    const { type, body } = question;
    if (isAnotherWay(question, path)) return null;
    if (type !== OP.create && type !== OP.delete && type !== OP.setData) continue;
    if (body.path !== path || xid === 0) continue;
    if (type === OP.create && body.flags !== CREATE_MODE.PERSISTENT) return null;
    if (reply !== null && !TELLING.has(err)) continue;
    if (type === OP.create && err === CODE.NONODE) continue;
    const input = { type, version: 'version' in body ? body.version : ANY_VERSION };
    const version = reply?.type === OP.setData && reply.body !== null ? reply.body.stat.version : 0;
    calls.push({
      input,
      output: reply === null ? undefined : { err, version },
      invokedAt: invokedIndex,
      returnedAt: reply === null ? Number.POSITIVE_INFINITY : completedIndex,
    });
  }
  return calls;
}
