import { PERM } from '../acl.ts';
import { CODE, OP } from '../codes.ts';
import { isValidPath } from '../path.ts';
import { ANY_VERSION, type SetDataBody } from '../requests.ts';
import { mayDo, type Preparation, type PreparedPart } from './operation.ts';

export function prepareSetData(
  preparation: Preparation,
  { path, data, version }: SetDataBody,
): PreparedPart {
  const { view, zxid, config } = preparation;
  if (!isValidPath(path)) return CODE.BADARGUMENTS;
  const node = view.get(path);
  if (node === null) return CODE.NONODE;
  if (!mayDo(preparation, node.acl, PERM.WRITE)) return CODE.NOAUTH;
  if (config.enforceQuota) {
    const more = (data?.length ?? 0) - view.dataLength(path);
    if (!view.mayGrow(path, 0, more)) return CODE.QUOTAEXCEEDED;
  }
  if (version !== ANY_VERSION && version !== node.version) return CODE.BADVERSION;
  const next = (node.version + 1) | 0;
  view.put(zxid, { ...node, version: next });
  return { type: OP.setData, body: { path, data, version: next } };
}
