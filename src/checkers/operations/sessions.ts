import type { Operation } from '../../client/history.ts';
import { isWrite } from '../../keeper/codes.ts';
import type { SessionId } from '../../keeper/session-id.ts';
import { formatZxid, ZXID_ZERO, type Zxid } from '../../zab/zxid.ts';
import { describeOperation } from '../answers.ts';
import type { Property } from '../violation.ts';
import type { Court, Finding } from './finding.ts';

/** What a session has been answered so far. */
class SessionPast {
  /** The latest state that a read has shown, and the place of the latest write. */
  readZxid: Zxid = ZXID_ZERO;
  writeZxid: Zxid = ZXID_ZERO;
  /** The request that was answered last. */
  last: Operation | null = null;
}

/**
 * The guarantees of a session (Terry et al., "Session guarantees for weakly consistent replicated
 * data", 1994), as ZooKeeper gives them: answers come in the order of the requests, and none shows
 * less than one before it.
 *
 * @param answered in the order of the answers
 */
export function checkSessions(answered: readonly Operation[], court: Court): Finding | null {
  const sessions = new Map<SessionId, SessionPast>();
  for (const operation of answered) {
    if (operation.zxid <= ZXID_ZERO) continue;
    let past = sessions.get(operation.session);
    if (past === undefined) {
      past = new SessionPast();
      sessions.set(operation.session, past);
    }
    const finding = judge(operation, past, court);
    if (finding !== null) return finding;
    add(operation, past);
  }
  return null;
}

function add(operation: Operation, past: SessionPast): void {
  const { zxid, question } = operation;
  if (isWrite(question.type)) past.writeZxid = later(past.writeZxid, zxid);
  else past.readZxid = later(past.readZxid, zxid);
  past.last = operation;
}

function later(a: Zxid, b: Zxid): Zxid {
  return a > b ? a : b;
}

function judge(operation: Operation, past: SessionPast, court: Court): Finding | null {
  const { readZxid, writeZxid, last } = past;
  if (last === null) return null;
  const [afterRead, afterWrite]: [Property, Property] = isWrite(operation.question.type)
    ? ['writes-follow-reads', 'monotonic-writes']
    : ['monotonic-reads', 'read-your-writes'];
  return (
    compare(afterRead, operation, readZxid, 'had seen', court) ??
    compare(afterWrite, operation, writeZxid, 'had written', court) ??
    compareOrder(operation, last, court)
  );
}

/** @param before what the answer must not be behind; zero if there is no such thing */
function compare(
  property: Property,
  operation: Operation,
  before: Zxid,
  what: string,
  court: Court,
): Finding | null {
  if (before === ZXID_ZERO) return null;
  court.count(property);
  if (operation.zxid >= before) return null;
  const shown = `${describeOperation(operation)} shows ${formatZxid(operation.zxid)}`;
  const message = `${shown}, and its session ${what} ${formatZxid(before)} before`;
  return court.keep({ property, message, operation });
}

function compareOrder(operation: Operation, last: Operation, court: Court): Finding | null {
  // What clients send by themselves has no place among the requests.
  if (operation.xid <= 0) return null;
  court.count('fifo-client-order');
  if (operation.xid > last.xid) return null;
  const message = `${describeOperation(operation)} was answered after ${describeOperation(last)}`;
  return court.keep({ property: 'fifo-client-order', message, operation });
}
