import { assert } from '../../kernel/assert.ts';
import type { RecordedOperation } from '../linearizability/operation.ts';
import { type Edge, OrderGraph } from './order-graph.ts';
import { nameObject, nameOperation } from './phrases.ts';
import { Programs } from './programs.ts';
import { type Written, writersOf } from './version-writers.ts';
import { isAnswer, isRead } from './znode-answers.ts';
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
    assertStillCyclic(cycle);
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
  const told = new Map<Version, number>();
  for (const operation of programs.operations) {
    if (isAnswer(operation) && operation.zxid === undefined) return null;
  }
  for (const one of written) {
    let seen: Version | null | undefined = one.znode.get(one.version);
    for (let version = one.version; seen === undefined; version++) seen = one.znode.get(version);
    const zxid = seen === null ? undefined : (told.get(seen) ?? seen.witness?.zxid);
    if (zxid === undefined) return null;
    zxids.set(one, zxid);
  }
  return [...written].sort((a, b) => {
    return (zxids.get(a) ?? 0) - (zxids.get(b) ?? 0) || a.version - b.version;
  });
}

/** The evidence proves itself, without the rest of the history. */
function assertStillCyclic({ operations }: Conflict): void {
  const programs = new Programs([...operations].sort((a, b) => a.invokedAt - b.invokedAt));
  const znodes = new Znodes(({ version }) => version);
  const conflict = znodes.gather(programs.operations) ?? linkAll(znodes);
  const cycle = conflict ?? new ZnodeGraph(programs, znodes, []).findCycle();
  assert(cycle !== null, 'the evidence against an order proves nothing by itself');
}

/** Why one thing comes before another. */
type Reason = 'program' | 'versions' | 'shows' | 'before';

/** What must come before what, whatever the order is. */
class ZnodeGraph {
  private readonly programs: Programs;
  private readonly graph: OrderGraph<Reason>;
  private readonly nodes = new Map<Version, number>();
  /** Versions whose writer nobody knows for sure, by their nodes. */
  private readonly unsure = new Map<number, { readonly key: string; readonly version: number }>();
  private readonly written: readonly Written[];

  constructor(programs: Programs, znodes: Znodes, written: readonly Written[]) {
    this.programs = programs;
    this.written = written;
    const { length } = programs.operations;
    this.graph = new OrderGraph(length, (reason) => reason === 'program');
    for (let number = 0; number < length; number++) {
      const next = programs.nextOf(number);
      if (next >= 0) this.graph.add(number, next, 'program');
    }
    for (const znode of znodes.all) this.addVersions(znode.inOrder(), nameObject(znode.key));
    for (const [number, operation] of programs.operations.entries()) {
      if (isAnswer(operation) && isRead(operation)) {
        const seen = znodes.of(operation.key).get(operation.version);
        if (seen !== undefined) this.addRead(number, seen);
      }
    }
  }

  findCycle(): Conflict | null {
    const sorted = this.graph.sort();
    return 'order' in sorted ? null : this.describe(this.shortest(sorted.cycle));
  }

  /** Of a graph without a cycle: the writes behind all that must come before them. */
  orderOfWrites(): Written[] {
    const sorted = this.graph.sort();
    if ('cycle' in sorted) return [];
    const places = new Map(sorted.order.map((node, place) => [node, place]));
    const placeOf = ({ znode, version, write, isSure }: Written): number => {
      const seen = znode.get(version);
      const node = seen === undefined ? undefined : this.nodes.get(seen);
      return places.get(isSure || node === undefined ? this.programs.numberOf(write) : node) ?? 0;
    };
    return [...this.written].sort((a, b) => placeOf(a) - placeOf(b));
  }

  private addVersions(versions: readonly Version[], key: string): void {
    const sure = new Map(
      this.written.map(({ isSure, write, znode, version }) => {
        return [znode.get(version), isSure ? write : null];
      }),
    );
    let previous = -1;
    for (const seen of versions) {
      if (seen.version === 0) continue;
      const writer = seen.writer ?? sure.get(seen) ?? null;
      const node = writer === null ? this.graph.addNode() : this.programs.numberOf(writer);
      if (writer === null) this.unsure.set(node, { key, version: seen.version });
      this.nodes.set(seen, node);
      if (previous >= 0) this.graph.add(previous, node, 'versions');
      previous = node;
    }
  }

  private addRead(number: number, seen: Version): void {
    const node = this.nodes.get(seen);
    if (node !== undefined) this.graph.add(node, number, 'shows');
    const next = seen.next === null ? undefined : this.nodes.get(seen.next);
    if (next !== undefined) this.graph.add(number, next, 'before');
  }

  private shortest(cycle: readonly number[]): (Edge<Reason> & { readonly from: number })[] {
    let shortest: (Edge<Reason> & { readonly from: number })[] = [];
    for (const node of cycle.slice(0, STARTS_MAX)) {
      const found = this.graph.shortestCycle(node);
      if (shortest.length === 0 || cost(found) < cost(shortest)) shortest = found;
    }
    return shortest;
  }

  private describe(cycle: readonly (Edge<Reason> & { readonly from: number })[]): Conflict {
    const short = compress(cycle);
    const operations = short.flatMap(({ from }) => this.programs.at(from) ?? []);
    return { operations, explanation: short.map((edge) => this.sentence(edge)) };
  }

  private sentence({ from, to, reason }: Edge<Reason> & { readonly from: number }): string {
    const [first, second] = [this.name(from), this.name(to)];
    switch (reason) {
      case 'program':
        return `${first} comes before ${second}: one process asked for them in this order`;
      case 'versions':
        return `${first} comes before ${second}: it made an earlier version`;
      case 'shows':
        return `${first} comes before ${second}: that shows what it made`;
      case 'before':
        return `${first} comes before ${second}: it shows an earlier version`;
    }
  }

  private name(node: number): string {
    const unsure = this.unsure.get(node);
    if (unsure !== undefined) return `whatever made version ${unsure.version} of ${unsure.key}`;
    const operation = this.programs.at(node);
    return operation === undefined ? '' : nameOperation(operation);
  }
}

/** Of a long cycle not every node is tried as the start of a shorter one. */
const STARTS_MAX = 64;

function cost(cycle: readonly Edge<Reason>[]): number {
  return cycle.filter(({ reason }) => reason !== 'program').length;
}

/** What one process does, or one znode comes to, one after the other, is said in one step. */
function compress(
  cycle: readonly (Edge<Reason> & { readonly from: number })[],
): (Edge<Reason> & { readonly from: number })[] {
  const short: (Edge<Reason> & { readonly from: number })[] = [];
  for (const edge of turned(cycle)) {
    const last = short.at(-1);
    const isRun = edge.reason === 'program' || edge.reason === 'versions';
    if (last !== undefined && isRun && last.reason === edge.reason) {
      short[short.length - 1] = { ...last, to: edge.to };
    } else short.push(edge);
  }
  return short;
}

/** The same cycle, begun where a run of one reason begins. */
function turned<Item extends { readonly reason: Reason }>(cycle: readonly Item[]): Item[] {
  const start = cycle.findIndex(({ reason }, index) => cycle.at(index - 1)?.reason !== reason);
  return [...cycle.slice(Math.max(0, start)), ...cycle.slice(0, Math.max(0, start))];
}
