import { type Acl, OPEN_ACL } from '../keeper/acl.ts';
import { OP } from '../keeper/codes.ts';
import type { CreateMode, Data, MultiOp, MultiReadOp } from '../keeper/requests.ts';

/** Makes the parts of a `multi` or a `multiRead`. `Op` in ZooKeeper's library. */
export const multiOp = {
  create(path: string, data: Data, mode: CreateMode, acl: Acl = OPEN_ACL): MultiOp {
    return { type: OP.create, body: { path, data, acl, flags: mode } };
  },
  delete(path: string, version: number): MultiOp {
    return { type: OP.delete, body: { path, version } };
  },
  setData(path: string, data: Data, version: number): MultiOp {
    return { type: OP.setData, body: { path, data, version } };
  },
  check(path: string, version: number): MultiOp {
    return { type: OP.check, body: { path, version } };
  },
  getData(path: string): MultiReadOp {
    return { type: OP.getData, body: { path, watch: false } };
  },
  getChildren(path: string): MultiReadOp {
    return { type: OP.getChildren, body: { path, watch: false } };
  },
} as const;
