import type { Operation } from '../../client/history.ts';
import { CODE, isWrite } from '../../keeper/codes.ts';
import type { SessionId } from '../../keeper/session-id.ts';
import type { Transaction } from '../../keeper/transaction.ts';
import { formatZxid, ZXID_ZERO, type Zxid } from '../../zab/zxid.ts';
import { describeOperation } from '../answers.ts';
import { firstError } from './errors.ts';
import type { Court, Finding } from './finding.ts';

/** Which transaction each write became, the unanswered ones included. */
export class Effects {
  /** The first write that has become one that it must not be, or none. */
  finding: Finding | null = null;
  private readonly byOperation = new Map<Operation, Transaction>();
  private readonly byZxid = new Map<Zxid, Operation>();

  constructor(operations: readonly Operation[], committed: readonly Transaction[], court: Court) {
    const sessions = groupBySession(committed);
    const late = lateTxns(committed, court);
    for (const operation of operations) {
      if (operation.xid === 0 || !isWrite(operation.question.type)) continue;
      const txn = sessions.get(operation.session)?.get(operation.xid);
      if (txn !== undefined) {
        this.byOperation.set(operation, txn);
        this.byZxid.set(txn.zxid, operation);
      }
      this.finding ??=
        court.keep(unlikeAnswer(operation, txn)) ??
        court.keep(txn !== undefined && late.has(txn) ? lateEffect(operation, txn) : null);
    }
  }

  of(operation: Operation): Transaction | undefined {
    return this.byOperation.get(operation);
  }

  /** What asked for the transaction `zxid`; nobody did for those of the servers' own. */
  cause(zxid: Zxid): Operation | undefined {
    return this.byZxid.get(zxid);
  }
}

/** An answer tells under which zxid its write was committed. */
function unlikeAnswer(operation: Operation, txn: Transaction | undefined): Finding | null {
  // A request that no server understood has no place in the order.
  const isRefused = operation.zxid < ZXID_ZERO && txn === undefined;
  if (operation.reply === null || operation.zxid === txn?.zxid || isRefused) return null;
  return {
    property: 'zxid-order',
    message: `${describeOperation(operation)} was answered with a zxid that it was not committed under`,
    operation,
  };
}

function lateEffect(operation: Operation, { zxid }: Transaction): Finding {
  return {
    property: 'monotonic-writes',
    message: `${describeOperation(operation)} took effect at ${formatZxid(zxid)}, behind itself or a later one of its session`,
    operation,
  };
}

/** The transactions of each session, by the xid of the request. */
function groupBySession(txns: readonly Transaction[]): Map<SessionId, Map<number, Transaction>> {
  const sessions = new Map<SessionId, Map<number, Transaction>>();
  for (const txn of txns) {
    let session = sessions.get(txn.session);
    if (session === undefined) {
      session = new Map();
      sessions.set(txn.session, session);
    }
    session.set(txn.cxid, txn);
  }
  return sessions;
}

/**
 * The transactions that come behind one which their session asked for later, or are the second for
 * one request. A session's writes take effect in the order of its requests, each at most once.
 * Refusals may be late: what still is on its way through a server that the session has left.
 */
function lateTxns(txns: readonly Transaction[], court: Court): Set<Transaction> {
  const late = new Set<Transaction>();
  const lastXids = new Map<SessionId, number>();
  for (const txn of txns) {
    // The servers' own have no xid.
    if (txn.cxid <= 0 || firstError(txn) !== CODE.OK) continue;
    const last = lastXids.get(txn.session);
    if (last !== undefined) court.count('monotonic-writes');
    if (txn.cxid <= (last ?? 0)) late.add(txn);
    else lastXids.set(txn.session, txn.cxid);
  }
  return late;
}
