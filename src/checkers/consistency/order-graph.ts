/** Why something comes before something else. */
export interface Edge<Reason> {
  readonly from: number;
  readonly to: number;
  readonly reason: Reason;
}

/** What must come before what, and why. Nodes are numbered from 0. */
export class OrderGraph<Reason> {
  private readonly edges: Edge<Reason>[][] = [];
  private readonly isFree: (reason: Reason) => boolean;

  /** @param isFree whether a reason of this kind adds nothing to an explanation's length */
  constructor(nodeCount: number, isFree: (reason: Reason) => boolean) {
    this.edges = Array.from({ length: nodeCount }, () => []);
    this.isFree = isFree;
  }

  add(from: number, to: number, reason: Reason): void {
    this.edges[from]?.push({ from, to, reason });
  }

  addNode(): number {
    return this.edges.push([]) - 1;
  }

  edgesOf(node: number): readonly Edge<Reason>[] {
    return this.edges[node] ?? [];
  }

  /**
   * All nodes, each behind what must come before it, those of low numbers early.
   *
   * @returns the nodes; or those of a cycle, each before the next and the last before the first
   */
  sort(): { readonly order: number[] } | { readonly cycle: number[] } {
    const state = new Uint8Array(this.edges.length);
    const order: number[] = [];
    for (let root = this.edges.length - 1; root >= 0; root--) {
      const cycle = state[root] === NEW ? this.visit(root, state, order) : null;
      if (cycle !== null) return { cycle };
    }
    return { order: order.reverse() };
  }

  /** Depth first. @returns a cycle, if one is met */
  private visit(root: number, state: Uint8Array, order: number[]): number[] | null {
    const path = [root];
    const tried = [0];
    state[root] = OPEN;
    while (path.length > 0) {
      const top = path.length - 1;
      const node = path[top] ?? 0;
      const edge = this.edgesOf(node)[tried[top] ?? 0];
      if (edge === undefined) {
        state[node] = DONE;
        order.push(node);
        path.pop();
        tried.pop();
        continue;
      }
      tried[top] = (tried[top] ?? 0) + 1;
      if (state[edge.to] === OPEN) return path.slice(path.indexOf(edge.to));
      if (state[edge.to] === DONE) continue;
      state[edge.to] = OPEN;
      path.push(edge.to);
      tried.push(0);
    }
    return null;
  }

  /**
   * The way from a node back to itself with the fewest edges that are not free.
   *
   * @returns its edges; empty if there is none
   */
  shortestCycle(node: number): Edge<Reason>[] {
    const distance = new Map<number, number>();
    const cameBy = new Map<number, Edge<Reason>>();
    // Two queues in one: free edges lead to nodes of the same distance, the others to the next.
    let near = [node];
    let far: number[] = [];
    for (let steps = 0; near.length > 0; steps++) {
      for (let from = near.pop(); from !== undefined; from = near.pop()) {
        for (const edge of this.edgesOf(from)) {
          const isFree = this.isFree(edge.reason);
          const next = steps + (isFree ? 0 : 1);
          if ((distance.get(edge.to) ?? Number.POSITIVE_INFINITY) <= next) continue;
          distance.set(edge.to, next);
          cameBy.set(edge.to, edge);
          if (edge.to !== node) (isFree ? near : far).push(edge.to);
        }
      }
      if (cameBy.has(node)) break;
      [near, far] = [far, near];
    }
    return this.trace(node, cameBy);
  }

  private trace(node: number, cameBy: ReadonlyMap<number, Edge<Reason>>): Edge<Reason>[] {
    const edges: Edge<Reason>[] = [];
    let edge = cameBy.get(node);
    while (edge !== undefined) {
      edges.push(edge);
      if (edge.from === node) return edges.reverse();
      edge = cameBy.get(edge.from);
    }
    return [];
  }
}

const [NEW, OPEN, DONE] = [0, 1, 2];
