import type { HistoryModel } from '../linearizability/model.ts';
import type { RecordedOperation } from '../linearizability/operation.ts';
import { textOf } from '../linearizability/values.ts';

/**
 * Makes a wrong history small: leaves out as much as it can so that what stays is still wrong, and
 * proves the whole wrong. What only looks can go alone; a write only with everything that mentions
 * what it writes, or with all that is on the same object.
 *
 * @param isWrong whether a part of the history is still wrong; may say no where it does not know
 */
export function smallestWrong(
  operations: readonly RecordedOperation[],
  model: HistoryModel<unknown>,
  isWrong: (operations: readonly RecordedOperation[]) => boolean,
): readonly RecordedOperation[] {
  let left = operations;
  for (const groupsOf of [objectsOf, mentionsOf, looksOf]) {
    left = leaveOut(left, groupsOf(left, model), isWrong);
  }
  return left;
}

type Group = ReadonlySet<RecordedOperation>;

function objectsOf(
  operations: readonly RecordedOperation[],
  model: HistoryModel<unknown>,
): Group[] {
  return groupBy(operations, (operation) => [partOf(operation, model)]);
}

function mentionsOf(
  operations: readonly RecordedOperation[],
  model: HistoryModel<unknown>,
): Group[] {
  const { mentions } = model;
  if (mentions === undefined) return [];
  const tied = operations.some(
    (operation) => mentions(operation) === null && !looks(operation, model),
  );
  if (tied) return [];
  return groupBy(operations, (operation) => {
    const part = partOf(operation, model);
    return (mentions(operation) ?? []).map((thing) => textOf([part, thing]));
  });
}

function looksOf(operations: readonly RecordedOperation[], model: HistoryModel<unknown>): Group[] {
  return operations
    .filter((operation) => looks(operation, model))
    .map((operation) => new Set([operation]));
}

function looks({ f, outcome }: RecordedOperation, model: HistoryModel<unknown>): boolean {
  return outcome === 'fail' || model.operations?.[f]?.isRead === true;
}

function partOf(operation: RecordedOperation, model: HistoryModel<unknown>): string {
  return textOf(model.partition?.(operation) ?? operation.key);
}

/** Operations that share a name, or have names that others have together, are in one group. */
function groupBy(
  operations: readonly RecordedOperation[],
  namesOf: (operation: RecordedOperation) => readonly string[],
): Group[] {
  const groups = new Map<string, { names: string[]; members: Set<RecordedOperation> }>();
  for (const operation of operations) {
    const names = namesOf(operation);
    const met = new Set(names.flatMap((name) => groups.get(name) ?? []));
    const [group = { names: [], members: new Set() }, ...others] = met;
    for (const other of others) {
      for (const member of other.members) group.members.add(member);
      group.names.push(...other.names);
    }
    if (names.length > 0) group.members.add(operation);
    group.names.push(...names);
    for (const name of group.names) groups.set(name, group);
  }
  return [...new Set(groups.values())].map(({ members }) => members);
}

/** Tries to do without many groups at once, then without fewer and fewer, down to one. */
function leaveOut(
  operations: readonly RecordedOperation[],
  groups: readonly Group[],
  isWrong: (operations: readonly RecordedOperation[]) => boolean,
): readonly RecordedOperation[] {
  let left = operations;
  let needed = [...groups];
  for (let size = needed.length; size >= 1; size = Math.floor(size / 2)) {
    const kept: Group[] = [];
    for (let at = 0; at < needed.length; at += size) {
      const chunk = needed.slice(at, at + size);
      const without = left.filter((operation) => !chunk.some((group) => group.has(operation)));
      if (without.length > 0 && without.length < left.length && isWrong(without)) left = without;
      else kept.push(...chunk);
    }
    needed = kept;
  }
  return left;
}
