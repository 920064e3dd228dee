import { fixAcl } from '../acl.ts';
import { CODE, type OP } from '../codes.ts';
import { isValidPath, parentOf } from '../path.ts';
import { CREATE_MODE, type RequestFor } from '../requests.ts';
import { NO_SESSION } from '../session-id.ts';
import type { Preparation, Prepared } from './operation.ts';

/** Checks in ZooKeeper's order. `PrepRequestProcessor.pRequest2TxnCreate`. */
export function prepareCreate(
  { view, zxid, session }: Preparation,
  { type, body }: RequestFor<typeof OP.create> | RequestFor<typeof OP.create2>,
): Prepared {
  const { flags, data } = body;
  if (flags < CREATE_MODE.PERSISTENT || flags > CREATE_MODE.EPHEMERAL_SEQUENTIAL) {
    return CODE.BADARGUMENTS;
  }
  if (!body.path.includes('/') || body.path.includes('\0')) return CODE.BADARGUMENTS;
  const acl = fixAcl(body.acl, []);
  if (acl === null) return CODE.INVALIDACL;
  const parent = view.get(parentOf(body.path));
  if (parent === null) return CODE.NONODE;
  const path = isSequential(flags) ? body.path + sequenceSuffix(parent.cversion) : body.path;
  if (!isValidPath(path)) return CODE.BADARGUMENTS;
  if (view.get(path) !== null) return CODE.NODEEXISTS;
  if (parent.ephemeralOwner !== NO_SESSION) return CODE.NOCHILDRENFOREPHEMERALS;

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
  return { type, body: { path, data, acl, isEphemeral, parentCversion } };
}

function isSequential(flags: number): boolean {
  return flags === CREATE_MODE.PERSISTENT_SEQUENTIAL || flags === CREATE_MODE.EPHEMERAL_SEQUENTIAL;
}

/** Ten digits; a negative number shows its sign. Java's `%010d`. */
function sequenceSuffix(count: number): string {
  return count < 0 ? `-${String(-count).padStart(9, '0')}` : String(count).padStart(10, '0');
}
