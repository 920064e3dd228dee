import { fixAcl, PERM } from '../acl.ts';
import { CODE, type ErrorCode, OP } from '../codes.ts';
import type { ServiceConfig } from '../config.ts';
import { isValidPath, parentOf } from '../path.ts';
import { CREATE_MODE, type RequestFor } from '../requests.ts';
import { NO_SESSION } from '../session-id.ts';
import type { SubChange } from '../transaction.ts';
import { isPathLike, mayDo, type Preparation, type PreparedPart } from './operation.ts';

export type CreateOp = Omit<
  RequestFor<
    typeof OP.create | typeof OP.create2 | typeof OP.createContainer | typeof OP.createTTL
  >,
  'xid'
>;

const TTL_MAX_MS = 2 ** 40 - 1;

/** Checks in ZooKeeper's order. `PrepRequestProcessor.pRequest2TxnCreate`. */
export function prepareCreate(preparation: Preparation, op: CreateOp): PreparedPart {
  const { view, zxid, session, config, rules } = preparation;
  const { body } = op;
  const { flags, data } = body;
  const badMode = checkMode(op, config);
  if (badMode !== CODE.OK) return badMode;
  if (!isPathLike(body.path)) return CODE.BADARGUMENTS;
  const acl = fixAcl(body.acl, preparation.ids);
  if (acl === null) return CODE.INVALIDACL;
  const parent = view.get(parentOf(body.path));
  if (parent === null) return CODE.NONODE;
  if (!mayDo(preparation, parent.acl, PERM.CREATE)) return CODE.NOAUTH;
  const path = isSequential(flags)
    ? body.path + sequenceSuffix(rules.sequenceNumber(parent))
    : body.path;
  if (!isValidPath(path)) return CODE.BADARGUMENTS;
  if (view.get(path) !== null) return CODE.NODEEXISTS;
  if (parent.ephemeralOwner !== NO_SESSION) return CODE.NOCHILDRENFOREPHEMERALS;
  if (config.enforceQuota && !view.mayGrow(path, 1, data?.length ?? 0)) return CODE.QUOTAEXCEEDED;

  const isEphemeral = flags === CREATE_MODE.EPHEMERAL || flags === CREATE_MODE.EPHEMERAL_SEQUENTIAL;
  const parentCversion = parent.cversion + 1;
  view.put(zxid, { ...parent, cversion: parentCversion, childCount: parent.childCount + 1 });
  view.put(zxid, {
    path,
    exists: true,
    version: 0,
    cversion: 0,
    aversion: 0,
    ephemeralOwner: isEphemeral ? session : NO_SESSION,
    childCount: 0,
    acl,
  });
  return changeOf(op, { path, data, acl, parentCversion }, isEphemeral);
}

/** The kind of node follows the type of the request, whatever the flags say. */
function changeOf(
  op: CreateOp,
  node: Extract<SubChange, { readonly type: typeof OP.createContainer }>['body'],
  isEphemeral: boolean,
): SubChange {
  switch (op.type) {
    case OP.createContainer:
      return { type: op.type, body: node };
    case OP.createTTL:
      return { type: op.type, body: { ...node, ttl: 'ttl' in op.body ? op.body.ttl : 0 } };
    default:
      return { type: op.type, body: { ...node, isEphemeral } };
  }
}

function checkMode({ type, body }: CreateOp, config: ServiceConfig): ErrorCode | 0 {
  const { flags } = body;
  const ttl = 'ttl' in body ? body.ttl : -1;
  if (!isKnownMode(flags)) return CODE.BADARGUMENTS;
  const hasTtl = flags >= CREATE_MODE.PERSISTENT_WITH_TTL;
  if (hasTtl && !config.extendedTypesEnabled) return CODE.UNIMPLEMENTED;
  if (hasTtl && (ttl < 1 || ttl > TTL_MAX_MS)) return CODE.BADARGUMENTS;
  return !hasTtl && (ttl >= 0 || type === OP.createTTL) ? CODE.BADARGUMENTS : CODE.OK;
}

/** Whether a number stands for a way to create nodes. */
export function isKnownMode(flags: number): boolean {
  return (
    flags >= CREATE_MODE.PERSISTENT &&
    flags <= CREATE_MODE.PERSISTENT_SEQUENTIAL_WITH_TTL &&
    Number.isInteger(flags)
  );
}

function isSequential(flags: number): boolean {
  return (
    flags === CREATE_MODE.PERSISTENT_SEQUENTIAL ||
    flags === CREATE_MODE.EPHEMERAL_SEQUENTIAL ||
    flags === CREATE_MODE.PERSISTENT_SEQUENTIAL_WITH_TTL
  );
}

/** Ten digits; a negative number shows its sign. Java's `%010d`. */
function sequenceSuffix(count: number): string {
  return count < 0 ? `-${String(-count).padStart(9, '0')}` : String(count).padStart(10, '0');
}
