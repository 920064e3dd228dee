import type { Operation } from '../../client/history.ts';
import { OP } from '../../keeper/codes.ts';
import { formatZxid, ZXID_ZERO, type Zxid } from '../../zab/zxid.ts';
import { describeOperation } from '../answers.ts';
import type { Property } from '../violation.ts';
import type { Effects } from './effects.ts';
import type { Court, Finding } from './finding.ts';

/**
 * What takes effect later has a higher zxid than anything that was known when it was asked for. A
 * sync shows all that was known by then, if the leader that answered it was in office.
 */
export function checkRealTime(
  operations: readonly Operation[],
  answered: readonly Operation[],
  effects: Effects,
  isFresh: (sync: Operation) => boolean,
  court: Court,
): Finding | null {
  for (const { operation, known } of withKnown(operations, answered)) {
    const txn = effects.of(operation);
    let finding: Finding | null = null;
    if (txn !== undefined) {
      court.count('zxid-order');
      if (txn.zxid <= known) finding = tooLow('zxid-order', operation, txn.zxid, known);
    } else if (isPromise(operation, isFresh)) {
      if (known > ZXID_ZERO) court.count('fresh-sync');
      if (operation.zxid < known) finding = tooLow('fresh-sync', operation, operation.zxid, known);
    }
    finding = court.keep(finding);
    if (finding !== null) return finding;
  }
  return null;
}

/**
 * How many syncs showed less than somebody had seen before they were asked for. ZooKeeper promises
 * no better of a leader that does not know of its successor (ZOOKEEPER-1675): it answers alone.
 */
export function countStaleSyncs(
  operations: readonly Operation[],
  answered: readonly Operation[],
): number {
  let count = 0;
  for (const { operation, known } of withKnown(operations, answered)) {
    const { question, reply, zxid } = operation;
    if (question.type === OP.sync && reply !== null && zxid < known) count++;
  }
  return count;
}

/** Each operation, with the latest state that anybody had seen when it was asked for. */
function* withKnown(
  operations: readonly Operation[],
  answered: readonly Operation[],
): Generator<{ operation: Operation; known: Zxid }> {
  let known: Zxid = ZXID_ZERO;
  let next = 0;
  for (const operation of operations) {
    for (;;) {
      const earlier = answered[next];
      if (earlier === undefined || earlier.completedIndex > operation.invokedIndex) break;
      if (earlier.zxid > known) known = earlier.zxid;
      next++;
    }
    yield { operation, known };
  }
}

function isPromise(operation: Operation, isFresh: (sync: Operation) => boolean): boolean {
  const { question, reply } = operation;
  return question.type === OP.sync && reply !== null && isFresh(operation);
}

function tooLow(property: Property, operation: Operation, seen: Zxid, known: Zxid): Finding {
  const message = `${describeOperation(operation)} is at ${formatZxid(seen)}, but ${formatZxid(known)} was known before`;
  return { property, message, operation };
}
