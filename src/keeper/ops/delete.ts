import { CODE, OP } from '../codes.ts';
import { isSpecialPath, parentOf } from '../path.ts';
import { ANY_VERSION, type RequestFor } from '../requests.ts';
import type { Preparation, Prepared } from './operation.ts';

export function prepareDelete(
  { view, zxid }: Preparation,
  { body: { path, version } }: RequestFor<typeof OP.delete>,
): Prepared {
  if (!path.includes('/') || path.includes('\0') || isSpecialPath(path)) return CODE.BADARGUMENTS;
  if (view.get(parentOf(path)) === null) return CODE.NONODE;
  const node = view.get(path);
  if (node === null) return CODE.NONODE;
  if (version !== ANY_VERSION && version !== node.version) return CODE.BADVERSION;
  if (node.childCount > 0) return CODE.NOTEMPTY;
  view.remove(zxid, path);
  return { type: OP.delete, body: { path } };
}
