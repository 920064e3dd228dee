import { fixAcl, PERM } from '../acl.ts';
import { CODE, OP } from '../codes.ts';
import { isValidPath } from '../path.ts';
import { ANY_VERSION, type SetAclBody } from '../requests.ts';
import { mayDo, type Preparation, type Prepared } from './operation.ts';

export function prepareSetAcl(
  preparation: Preparation,
  { path, acl, version }: SetAclBody,
): Prepared {
  const { view, zxid, ids } = preparation;
  if (!isValidPath(path)) return CODE.BADARGUMENTS;
  const fixed = fixAcl(acl, ids);
  if (fixed === null) return CODE.INVALIDACL;
  const node = view.get(path);
  if (node === null) return CODE.NONODE;
  if (!mayDo(preparation, node.acl, PERM.ADMIN)) return CODE.NOAUTH;
  if (version !== ANY_VERSION && version !== node.aversion) return CODE.BADVERSION;
  const next = (node.aversion + 1) | 0;
  view.put(zxid, { ...node, acl: fixed, aversion: next });
  return { type: OP.setACL, body: { path, acl: fixed, version: next } };
}
