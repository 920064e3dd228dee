import { PERM } from '../acl.ts';
import { CODE, OP } from '../codes.ts';
import { isValidPath } from '../path.ts';
import { ANY_VERSION, type PathVersion } from '../requests.ts';
import { mayDo, type Preparation, type PreparedPart } from './operation.ts';

/** Changes nothing: the other parts of its multi depend on it. */
export function prepareCheck(
  preparation: Preparation,
  { path, version }: PathVersion,
): PreparedPart {
  if (!isValidPath(path)) return CODE.BADARGUMENTS;
  const node = preparation.view.get(path);
  if (node === null) return CODE.NONODE;
  if (!mayDo(preparation, node.acl, PERM.READ)) return CODE.NOAUTH;
  if (version !== ANY_VERSION && version !== node.version) return CODE.BADVERSION;
  return { type: OP.check, body: { path, version } };
}
