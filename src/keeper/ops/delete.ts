import { PERM } from '../acl.ts';
import { CODE, OP } from '../codes.ts';
import { isSpecialPath, parentOf } from '../path.ts';
import { ANY_VERSION, type PathOnly, type PathVersion } from '../requests.ts';
import { NO_SESSION } from '../session-id.ts';
import {
  isPathLike,
  mayDo,
  type Preparation,
  type Prepared,
  type PreparedPart,
} from './operation.ts';

export function prepareDelete(
  preparation: Preparation,
  { path, version }: PathVersion,
): PreparedPart {
  const { view, zxid } = preparation;
  if (!isPathLike(path) || isSpecialPath(path)) return CODE.BADARGUMENTS;
  const parent = view.get(parentOf(path));
  if (parent === null) return CODE.NONODE;
  if (!mayDo(preparation, parent.acl, PERM.DELETE)) return CODE.NOAUTH;
  const node = view.get(path);
  if (node === null) return CODE.NONODE;
  if (version !== ANY_VERSION && version !== node.version) return CODE.BADVERSION;
  if (node.childCount > 0) return CODE.NOTEMPTY;
  view.remove(zxid, path);
  return { type: OP.delete, body: { path } };
}

/** The leader removes a container that is empty, or a node whose time is over. */
export function prepareDeleteContainer({ view, zxid }: Preparation, { path }: PathOnly): Prepared {
  if (!isPathLike(path) || isSpecialPath(path)) return CODE.BADARGUMENTS;
  const node = view.get(path);
  if (node === null) return CODE.NONODE;
  if (node.childCount > 0) return CODE.NOTEMPTY;
  if (node.ephemeralOwner !== NO_SESSION) return CODE.BADVERSION;
  view.remove(zxid, path);
  return { type: OP.deleteContainer, body: { path } };
}
