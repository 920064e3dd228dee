import { CODE, OP } from '../codes.ts';
import type { Request } from '../requests.ts';
import { prepareCheck } from './check.ts';
import { prepareCreate } from './create.ts';
import { prepareDelete, prepareDeleteContainer } from './delete.ts';
import { prepareMulti } from './multi.ts';
import type { Preparation, Prepared } from './operation.ts';
import { prepareSetAcl } from './set-acl.ts';
import { prepareSetData } from './set-data.ts';

/** Judges a write of a session that may write, and says what it changes. */
export function prepareWrite(preparation: Preparation, request: Request): Prepared {
  switch (request.type) {
    case OP.create:
    case OP.create2:
    case OP.createContainer:
    case OP.createTTL:
      return prepareCreate(preparation, request);
    case OP.delete:
      return prepareDelete(preparation, request.body);
    case OP.deleteContainer:
      return prepareDeleteContainer(preparation, request.body);
    case OP.setData:
      return prepareSetData(preparation, request.body);
    case OP.setACL:
      return prepareSetAcl(preparation, request.body);
    case OP.check:
      return prepareCheck(preparation, request.body);
    case OP.multi:
      return prepareMulti(preparation, request.body.ops);
    case OP.reconfig:
      return CODE.RECONFIGDISABLED;
    default:
      return CODE.UNIMPLEMENTED;
  }
}
