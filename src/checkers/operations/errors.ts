import { CODE, OP } from '../../keeper/codes.ts';
import type { Change, Transaction } from '../../keeper/transaction.ts';

/** With which error a change was committed. */
export function errorOf({ type, body }: Change): number {
  return type === OP.error ? body.err : CODE.OK;
}

/** The same of a transaction; of a multi the first of its parts' errors. */
export function firstError(txn: Transaction): number {
  if (txn.type !== OP.multi) return errorOf(txn);
  const failed = txn.body.changes.find((change) => errorOf(change) !== CODE.OK);
  return failed === undefined ? CODE.OK : errorOf(failed);
}

/** What the leader or a server knows, and the tree cannot tell: a request's session. */
export function isOfSession(err: number): boolean {
  return err === CODE.SESSIONEXPIRED || err === CODE.SESSIONMOVED;
}
