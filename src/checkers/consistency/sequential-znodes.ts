import { assert } from '../../kernel/assert.ts';
import type { RecordedOperation } from '../linearizability/operation.ts';
import { Programs } from './programs.ts';
import { type Written, writersOf } from './version-writers.ts';
import { isAnswer, isRead } from './znode-answers.ts';
import { ZnodeGraph } from './znode-graph.ts';
import { replayZnodes } from './znode-replay.ts';
import { type Conflict, type Version, Znodes } from './znode-versions.ts';

/** An order that all processes agree with, why there is none, or neither. */
export type SequentialFinding =
  | { readonly order: readonly RecordedOperation[] }
  | { readonly conflict: Conflict }
  | 'undecided';

/**
 * Is there one order of all operations that agrees with what each process did one after the other,
 * and in which every answer is right, by values and versions?
 *
 * Versions give the order of each znode's writes, and with it what must come before what: a cycle
 * of that is a proof that there is no such order. If there is none, the zxids, and what is left of
 * the order, propose one, which is carried out. What speaks against both only a search can decide:
 * a `cas` that failed comes before or after a version, and a write without an answer anywhere.
 *
 * @param operations of the model `znode`, in the order of their invocation
 */
export function orderZnodes(operations: readonly RecordedOperation[]): SequentialFinding {
  const programs = new Programs(operations.filter(saysSomething));
  const znodes = new Znodes(({ version }) => version);
  const conflict = znodes.gather(programs.operations) ?? linkAll(znodes);
  if (conflict !== null) return { conflict };
  const written: Written[] = [];
  for (const znode of znodes.all) {
    const writers = writersOf(znode);
    if ('explanation' in writers) return { conflict: writers };
    written.push(...writers);
  }
  const byZxid = orderByZxid(programs, written);
  const placed = byZxid === null ? null : replayZnodes(programs, byZxid);
  if (placed !== null) return { order: placed };
  const graph = new ZnodeGraph(programs, znodes, written);
  const cycle = graph.findCycle();
  if (cycle !== null) {
    assertStillCyclic(cycle, written);
    return { conflict: cycle };
  }
  const order = replayZnodes(programs, graph.orderOfWrites());
  return order === null ? 'undecided' : { order };
}

function saysSomething(operation: RecordedOperation): boolean {
  const { outcome, f } = operation;
  if (outcome === 'ok') return isAnswer(operation);
  return outcome === 'info' ? !isRead(operation) : f === 'cas';
}

function linkAll(znodes: Znodes): Conflict | null {
  for (const znode of znodes.all) {
    const conflict = znode.link();
    if (conflict !== null) return conflict;
  }
  return null;
}

/** A version that nobody saw comes right before the next that somebody saw. */
function orderByZxid(programs: Programs, written: readonly Written[]): Written[] | null {
  const zxids = new Map<Written, number>();
  for (const operation of programs.operations) {
    if (isAnswer(operation) && operation.zxid === undefined) return null;
  }
  for (const one of written) {
    let seen: Version | null | undefined = one.znode.get(one.version);
    for (let version = one.version; seen === undefined; version++) seen = one.znode.get(version);
    const zxid = seen === null ? undefined : seen.witness?.zxid;
    if (zxid === undefined) return null;
    zxids.set(one, zxid);
  }
  return [...written].sort((a, b) => {
    return (zxids.get(a) ?? 0) - (zxids.get(b) ?? 0) || a.version - b.version;
  });
}

/** The evidence proves itself, with no more of the rest than who can have made which version. */
function assertStillCyclic({ operations }: Conflict, written: readonly Written[]): void {
  const programs = new Programs([...operations].sort((a, b) => a.invokedAt - b.invokedAt));
  const znodes = new Znodes(({ version }) => version);
  const conflict = znodes.gather(programs.operations) ?? linkAll(znodes);
  const known = written
    .filter(({ write }) => operations.includes(write))
    .map((one) => ({ ...one, znode: znodes.of(one.znode.key) }));
  const cycle = conflict ?? new ZnodeGraph(programs, znodes, known).findCycle();
  assert(cycle !== null, 'the evidence against an order proves nothing by itself');
}
