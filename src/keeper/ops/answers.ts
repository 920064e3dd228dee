import { Defect } from '../../kernel/assert.ts';
import { CODE, OP } from '../codes.ts';
import type { DataTree } from '../data-tree.ts';
import type { MultiResult, Reply, Request } from '../requests.ts';
import type { Stat } from '../stat.ts';
import type { SubChange, Transaction } from '../transaction.ts';

/**
 * The answer to a write that has just been applied. A replica that has gone astray may lack the
 * node that was written: it says so, and leaves the judgement to those who compare replicas.
 *
 * @param stats what each part of a multi left behind
 */
export function answerWrite(
  tree: DataTree,
  { xid, type }: Request,
  txn: Transaction,
  stats: readonly (Stat | null)[],
): Reply {
  const { zxid } = txn;
  const body = txn.type === OP.error ? txn.body.err : bodyOf(tree, type, txn, stats);
  if (typeof body === 'number') return { xid, zxid, err: body, type, body: null } as Reply;
  // `bodyOf` gives each type of request the body of its answer.
  return { xid, zxid, err: CODE.OK, type, body } as Reply;
}

function bodyOf(
  tree: DataTree,
  type: Request['type'],
  txn: Transaction,
  stats: readonly (Stat | null)[],
): Reply['body'] | typeof CODE.RUNTIMEINCONSISTENCY {
  switch (txn.type) {
    case OP.create:
      return { path: txn.body.path };
    case OP.create2:
    case OP.createContainer:
    case OP.createTTL: {
      const { path } = txn.body;
      const stat = tree.nodes.get(path)?.stat();
      return stat === undefined ? CODE.RUNTIMEINCONSISTENCY : { path, stat };
    }
    case OP.setData:
    case OP.setACL: {
      const stat = tree.nodes.get(txn.body.path)?.stat();
      return stat === undefined ? CODE.RUNTIMEINCONSISTENCY : { stat };
    }
    case OP.multi: {
      const results = txn.body.changes.map((change, index) =>
        resultOf(change, stats[index] ?? null),
      );
      return { results };
    }
    case OP.delete:
    case OP.deleteContainer:
    case OP.check:
    case OP.closeSession:
      return null;
    default:
      throw new Defect(`a request of type ${type} is not answered from a transaction`);
  }
}

/** What a multi gives back for one of its parts. */
function resultOf({ type, body }: SubChange, stat: Stat | null): MultiResult {
  switch (type) {
    case OP.error:
      return { type, body };
    case OP.create:
      return { type, body: { path: body.path } };
    case OP.delete:
    case OP.check:
      return { type, body: null };
    default:
      if (stat === null) return { type: OP.error, body: { err: CODE.RUNTIMEINCONSISTENCY } };
      if (type === OP.setData) return { type, body: { stat } };
      return { type: OP.create2, body: { path: body.path, stat } };
  }
}
