import type { RecordedOperation } from '../linearizability/operation.ts';
import { nameObject, nameOperation } from '../linearizability/phrases.ts';
import { type Edge, OrderGraph } from './order-graph.ts';
import type { Programs } from './programs.ts';
import type { Written } from './version-writers.ts';
import { isAnswer, isRead } from './znode-answers.ts';
import type { Conflict, Version, Znodes, ZnodeVersions } from './znode-versions.ts';

/** Why one thing comes before another. */
type Reason = 'program' | 'versions' | 'shows' | 'before';

/** What must come before what, whatever the order is. */
export class ZnodeGraph {
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
    const sure = new Map<Version | undefined, RecordedOperation>();
    for (const { isSure, znode, version, write } of written) {
      if (isSure) sure.set(znode.get(version), write);
    }
    for (const znode of znodes.all) this.addVersions(znode, sure);
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

  private addVersions(
    znode: ZnodeVersions,
    sure: ReadonlyMap<Version | undefined, RecordedOperation>,
  ): void {
    const key = nameObject(znode.key);
    let previous = -1;
    for (const seen of znode.inOrder()) {
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

  private shortest(cycle: readonly number[]): Edge<Reason>[] {
    let shortest: Edge<Reason>[] = [];
    for (const node of cycle.slice(0, STARTS_MAX)) {
      const found = this.graph.shortestCycle(node);
      if (shortest.length === 0 || cost(found) < cost(shortest)) shortest = found;
    }
    return shortest;
  }

  private describe(cycle: readonly Edge<Reason>[]): Conflict {
    const short = compress(cycle);
    const operations = short.flatMap(({ from }) => this.programs.at(from) ?? []);
    return { operations, explanation: short.map((edge) => this.sentence(edge)) };
  }

  private sentence({ from, to, reason }: Edge<Reason>): string {
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
function compress(cycle: readonly Edge<Reason>[]): Edge<Reason>[] {
  const short: Edge<Reason>[] = [];
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
