import { CODE, OP } from '../codes.ts';
import { isValidPath } from '../path.ts';
import { ANY_VERSION, type RequestFor } from '../requests.ts';
import type { Preparation, Prepared } from './operation.ts';

export function prepareSetData(
  { view, zxid }: Preparation,
  { body: { path, data, version } }: RequestFor<typeof OP.setData>,
): Prepared {
  if (!isValidPath(path)) return CODE.BADARGUMENTS;
  const node = view.get(path);
  if (node === null) return CODE.NONODE;
  if (version !== ANY_VERSION && version !== node.version) return CODE.BADVERSION;
  const next = (node.version + 1) | 0;
  view.put(zxid, { ...node, version: next });
  return { type: OP.setData, body: { path, data, version: next } };
}
