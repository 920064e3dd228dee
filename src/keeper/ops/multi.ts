import { CODE, OP } from '../codes.ts';
import { CREATE_MODE, type MultiOp } from '../requests.ts';
import type { SubChange } from '../transaction.ts';
import { prepareCheck } from './check.ts';
import { type CreateOp, isKnownMode, prepareCreate } from './create.ts';
import { prepareDelete } from './delete.ts';
import type { Preparation, Prepared, PreparedPart } from './operation.ts';
import { prepareSetData } from './set-data.ts';

/**
 * All or nothing: each part is checked behind those before it, and when one fails all that they
 * have changed is taken back. The transaction then says what became of each.
 */
export function prepareMulti(preparation: Preparation, ops: readonly MultiOp[]): Prepared {
  if (!ops.every(isReadable)) return CODE.MARSHALLINGERROR;
  const { view } = preparation;
  const mark = view.mark();
  const changes: SubChange[] = [];
  for (const op of ops) {
    const prepared = preparePart(preparation, op);
    if (typeof prepared === 'number') {
      const errors = failed(ops.length, changes.length, prepared);
      if (!preparation.rules.undoesFailedMulti) {
        return { type: OP.multi, body: { changes: [...changes, ...errors.slice(changes.length)] } };
      }
      view.rollback(mark);
      return { type: OP.multi, body: { changes: errors } };
    }
    changes.push(prepared);
  }
  return { type: OP.multi, body: { changes } };
}

/** The parts before the one that failed would have gone well; nobody looked at those behind it. */
function failed(count: number, at: number, err: number): SubChange[] {
  return Array.from({ length: count }, (_, index) => {
    const code = index < at ? CODE.OK : index === at ? err : CODE.RUNTIMEINCONSISTENCY;
    return { type: OP.error, body: { err: code } };
  });
}

function preparePart(preparation: Preparation, op: MultiOp): PreparedPart {
  switch (op.type) {
    case OP.create:
    case OP.create2:
    case OP.createContainer:
    case OP.createTTL:
      return prepareCreate(preparation, byFlags(op));
    case OP.delete:
      return prepareDelete(preparation, op.body);
    case OP.setData:
      return prepareSetData(preparation, op.body);
    case OP.check:
      return prepareCheck(preparation, op.body);
    default:
      return CODE.MARSHALLINGERROR;
  }
}

/**
 * In a multi the kind of node follows the flags alone, and whoever asks for a stat gets none.
 * `MultiOperationRecord.deserialize`.
 */
function byFlags({ body }: CreateOp): CreateOp {
  const { path, data, acl, flags } = body;
  const node = { path, data, acl, flags };
  if (flags < CREATE_MODE.CONTAINER) return { type: OP.create, body: node };
  if (flags === CREATE_MODE.CONTAINER) return { type: OP.createContainer, body: node };
  return { type: OP.createTTL, body: { ...node, ttl: 'ttl' in body ? body.ttl : -1 } };
}

/** A real server cannot decode a multi with anything else in it. */
function isReadable(op: MultiOp): boolean {
  if (op.type === OP.unknown) return false;
  return !('flags' in op.body) || isKnownMode(op.body.flags);
}
