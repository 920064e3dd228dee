import { assert, Defect } from '../../kernel/assert.ts';
import { isAllowed, PERM, withoutSecrets } from '../acl.ts';
import { userName } from '../auth.ts';
import { CODE, type ErrorCode, OP } from '../codes.ts';
import type { ServiceConfig } from '../config.ts';
import type { DataTree } from '../data-tree.ts';
import {
  ADD_WATCH_MODE,
  type MultiReadOp,
  type MultiReadResult,
  type Reply,
  type RequestFor,
  WATCHER_TYPE,
} from '../requests.ts';
import type { ServiceRules } from '../rules.ts';
import type { LocalRequest } from '../server-request.ts';
import type { Znode } from '../znode.ts';

/** What a server answers reads from: its own tree, as it is here and now. */
interface ReadContext {
  readonly tree: DataTree;
  readonly config: ServiceConfig;
  readonly rules: ServiceRules;
}

/** The answer to a request that needed no agreement. `FinalRequestProcessor`. */
export function answerRead(context: ReadContext, request: LocalRequest): Reply {
  const { xid, type } = request.message;
  const body = read(context, request);
  const { tree, rules } = context;
  const zxid = rules.answersNameTxns ? tree.lastTxnZxid : tree.lastProcessedZxid;
  if (typeof body === 'number') return { xid, zxid, err: body, type, body: null } as Reply;
  // `read` gives each type of request the body of its answer.
  return { xid, zxid, err: CODE.OK, type, body } as Reply;
}

function read(context: ReadContext, request: LocalRequest): Reply['body'] | ErrorCode {
  const { message, session } = request;
  const { tree } = context;
  switch (message.type) {
    case OP.ping:
      return null;
    case OP.sync:
      return { path: message.body.path };
    case OP.exists:
      return readExists(context, request, message);
    case OP.getData:
    case OP.getChildren:
    case OP.getChildren2:
      return readNode(context, request, message);
    case OP.getACL:
      return readAcl(context, request, message.body.path);
    case OP.multiRead:
      return { results: message.body.ops.map((op) => readPart(context, request, op)) };
    case OP.getAllChildrenNumber: {
      const node = readable(context, request, message.body.path);
      return typeof node === 'number' ? node : { totalNumber: tree.descendantCount(node) };
    }
    case OP.getEphemerals: {
      const { prefixPath } = message.body;
      const isAll = prefixPath.trim() === '' || prefixPath === '/';
      const own = [...tree.ephemeralsOf(session)];
      return { ephemerals: own.filter((path) => isAll || path.startsWith(prefixPath)) };
    }
    case OP.whoAmI: {
      const clientInfo = request.ids.map((id) => ({ authScheme: id.scheme, user: userName(id) }));
      return { clientInfo };
    }
    default:
      return changeWatches(context, request);
  }
}

function readExists(
  { tree }: ReadContext,
  { connection }: LocalRequest,
  { body: { path, watch } }: RequestFor<typeof OP.exists>,
): Reply['body'] | ErrorCode {
  if (path.includes('\0')) return CODE.BADARGUMENTS;
  if (watch && connection !== null) tree.watches.watchData(path, connection);
  const node = tree.find(path);
  return node === undefined ? CODE.NONODE : { stat: node.stat() };
}

function readNode(
  context: ReadContext,
  request: LocalRequest,
  {
    type,
    body: { path, watch },
  }: RequestFor<typeof OP.getData | typeof OP.getChildren | typeof OP.getChildren2>,
): Reply['body'] | ErrorCode {
  const node = readable(context, request, path);
  if (typeof node === 'number') return node;
  const { watches } = context.tree;
  if (watch && request.connection !== null) {
    if (type === OP.getData) watches.watchData(path, request.connection);
    else watches.watchChildren(path, request.connection);
  }
  if (type === OP.getData) return { data: node.data, stat: node.stat() };
  const children = [...node.children];
  return type === OP.getChildren ? { children } : { children, stat: node.stat() };
}

function readAcl(
  context: ReadContext,
  request: LocalRequest,
  path: string,
): Reply['body'] | ErrorCode {
  const node = context.tree.find(path);
  if (node === undefined) return CODE.NONODE;
  const mayDo = (perms: number): boolean => {
    return context.config.skipAcl || isAllowed(node.acl, perms, request.ids);
  };
  if (!mayDo(PERM.READ | PERM.ADMIN)) return CODE.NOAUTH;
  return { acl: mayDo(PERM.ADMIN) ? node.acl : withoutSecrets(node.acl), stat: node.stat() };
}

function readPart(
  context: ReadContext,
  request: LocalRequest,
  { type, body }: MultiReadOp,
): MultiReadResult {
  const node = readable(context, request, body.path);
  if (typeof node === 'number') return { type: OP.error, body: { err: node } };
  if (type === OP.getData) return { type, body: { data: node.data, stat: node.stat() } };
  return { type, body: { children: [...node.children] } };
}

/** The node at a path, if whoever asks may read it. */
function readable(
  { tree, config }: ReadContext,
  { ids }: LocalRequest,
  path: string,
): Znode | ErrorCode {
  const node = tree.find(path);
  if (node === undefined) return CODE.NONODE;
  return config.skipAcl || isAllowed(node.acl, PERM.READ, ids) ? node : CODE.NOAUTH;
}

function changeWatches(
  { tree, rules }: ReadContext,
  { message, connection }: LocalRequest,
): Reply['body'] | ErrorCode {
  const { watches } = tree;
  assert(connection !== null, 'watches belong to a connection');
  switch (message.type) {
    case OP.addWatch: {
      const { path, mode } = message.body;
      if (mode !== ADD_WATCH_MODE.PERSISTENT && mode !== ADD_WATCH_MODE.PERSISTENT_RECURSIVE) {
        return CODE.MARSHALLINGERROR;
      }
      watches.add(path, connection, mode);
      return { errorField: CODE.OK };
    }
    case OP.checkWatches:
    case OP.removeWatches: {
      const { path, watcherType } = message.body;
      if (watcherType < WATCHER_TYPE.CHILDREN || watcherType > WATCHER_TYPE.ANY) {
        return CODE.MARSHALLINGERROR;
      }
      const isThere =
        message.type === OP.checkWatches
          ? watches.has(path, connection, watcherType)
          : watches.remove(path, connection, watcherType);
      return isThere ? null : CODE.NOWATCHER;
    }
    case OP.setWatches:
    case OP.setWatches2:
      if (!rules.tellsMissedChanges) watches.watchAgain(message.body, connection);
      else watches.catchUp(message.body, connection, (path) => tree.find(path));
      return null;
    default:
      throw new Defect('a write is answered from its transaction');
  }
}
