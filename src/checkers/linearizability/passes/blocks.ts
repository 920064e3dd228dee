import type { Part } from '../columns.ts';
import type { Conflict } from './pass.ts';
import type { Scratch } from './scratch.ts';

export const NONE = -1;

/**
 * The calls of a part by what they show: a group is the one writing of a value (its head) and all
 * that found it there. Group 0 is what was there at first; it has no head.
 */
export interface Groups {
  readonly count: number;
  /** The call that wrote it; -1 for group 0. */
  readonly heads: Int32Array;
  /** The group that is known to follow at once, or -1. */
  readonly nexts: Int32Array;
  /** 1 for those that follow no other at once, 0 for the rest and those that took no effect. */
  readonly roots: Uint8Array;
  /** The group of each call, -1 if it took no effect or observes something else. */
  readonly groupOf: Int32Array;
}

/**
 * Puts the blocks of a part in order (the zones of Gibbons and Korach, 1997): no other writing comes
 * between what follows each other at once, so every legal order has each block in one piece. One
 * block must come before another if a call of the one returned before a call of the other was
 * invoked. If there is no order, there are two blocks that must each come before the other.
 *
 * O(n). The roots of the blocks in order, or why there is no order.
 */
export class Blocks {
  readonly roots: Int32Array;
  rootCount = 0;
  conflict: Conflict | null = null;
  private readonly part: Part;
  private readonly groups: Groups;
  /** Of each group's readers, the first to return and the last to be invoked, or -1. */
  private readonly firstReader: Int32Array;
  private readonly lastReader: Int32Array;
  /**
   * The same of each block, by its root, over all its calls. The block of group 0 was there before
   * all calls, so none of them is its first.
   */
  private readonly first: Int32Array;
  private readonly last: Int32Array;

  constructor(part: Part, groups: Groups, scratch: Scratch) {
    this.part = part;
    this.groups = groups;
    this.roots = scratch.take(groups.count);
    this.firstReader = scratch.take(groups.count);
    this.lastReader = scratch.take(groups.count);
    this.first = scratch.take(groups.count);
    this.last = scratch.take(groups.count);
    this.summarize();
    for (let root = 0; root < groups.count && this.conflict === null; root++) {
      if (groups.roots[root] === 1) this.followChain(root);
    }
    if (this.conflict === null) this.sweep(scratch.take(part.ends.length));
  }

  /** How many numbers it takes for groups of so many calls. */
  static intsFor(groups: number, calls: number): number {
    return 5 * groups + 2 * calls;
  }

  private summarize(): void {
    const { part, groups, firstReader, lastReader } = this;
    const { groupOf, heads } = groups;
    for (let call = 0; call < part.count; call++) {
      const group = groupOf[call] as number;
      if (group < 0 || heads[group] === call) continue;
      lastReader[group] = call;
      const first = firstReader[group] as number;
      if (first < 0 || this.returned(call) < this.returned(first)) firstReader[group] = call;
    }
  }

  /** Whether the calls of a block can stand in the order in which they follow each other. */
  private followChain(root: number): void {
    const { groups, firstReader, lastReader } = this;
    for (let group = root; group !== NONE; group = groups.nexts[group] as number) {
      this.addToBlock(root, group, groups.heads[group] as number, groups.heads[group] as number);
      this.addToBlock(root, group, firstReader[group] as number, lastReader[group] as number);
      if (this.conflict !== null) return;
    }
  }

  /** Takes in calls that come behind all that the block has already. */
  private addToBlock(root: number, group: number, first: number, last: number): void {
    if (first < 0) return;
    const before = this.last[root] as number;
    if (before >= 0 && this.returned(first) < this.invoked(before)) {
      this.conflict = this.turned(root, group, first);
      return;
    }
    if (before < 0 || this.invoked(last) > this.invoked(before)) this.last[root] = last;
    const earliest = this.first[root] as number;
    const isFirst = earliest < 0 || this.returned(first) < this.returned(earliest);
    if (root !== 0 && isFirst) this.first[root] = first;
  }

  /**
   * Passes over the blocks in the order in which they begin.
   *
   * @param rootAt for each end of a call the block that begins with it, or -1
   */
  private sweep(rootAt: Int32Array): void {
    const { groups } = this;
    for (let root = 1; root < groups.count; root++) {
      if (groups.roots[root] === 1) rootAt[this.beginOf(root)] = root;
    }
    let reaching = 0;
    let reach = this.last[0] === NONE ? NONE : this.invoked(this.last[0] as number);
    if (groups.roots[0] === 1) this.roots[this.rootCount++] = 0;
    for (let place = 0; place < rootAt.length; place++) {
      const root = rootAt[place] as number;
      if (root === NONE) continue;
      // The block that reaches furthest began before this one.
      if (this.returned(this.first[root] as number) < reach) {
        this.conflict = this.crossed(reaching, root);
        return;
      }
      this.roots[this.rootCount++] = root;
      const end = this.invoked(this.last[root] as number);
      if (end > reach) {
        reach = end;
        reaching = root;
      }
    }
  }

  private beginOf(root: number): number {
    const firstReturn = this.returned(this.first[root] as number);
    const lastInvocation = this.invoked(this.last[root] as number);
    return Math.min(firstReturn, lastInvocation);
  }

  /** `later`, of `group`, returned before something was invoked that comes before it in its block. */
  private turned(root: number, group: number, later: number): Conflict {
    const { groups, lastReader } = this;
    const before = this.returned(later);
    let earlier = NONE;
    let from = root;
    const consider = (call: number, at: number): void => {
      if (call < 0 || this.invoked(call) < before) return;
      earlier = call;
      from = at;
    };
    for (let at = root; at !== group; at = groups.nexts[at] as number) {
      consider(groups.heads[at] as number, at);
      consider(lastReader[at] as number, at);
    }
    if (groups.heads[group] !== later) consider(groups.heads[group] as number, group);
    return { kind: 'turned', earlier, later, links: this.headsFrom(from, group) };
  }

  private crossed(left: number, right: number): Conflict {
    const { first, last } = this;
    return {
      kind: 'crossed',
      firsts: [first[left] as number, first[right] as number],
      lasts: [last[left] as number, last[right] as number],
      links: [...this.linksOf(left), ...this.linksOf(right)],
    };
  }

  /** What shows that the first and the last of a block belong together. */
  private linksOf(root: number): number[] {
    const { groupOf } = this.groups;
    const first = this.first[root] as number;
    const one = first < 0 ? root : (groupOf[first] as number);
    const other = groupOf[this.last[root] as number] as number;
    const links = this.headsFrom(one, other);
    return links.length > 0 ? links : this.headsFrom(other, one);
  }

  /** The heads of the groups from one to another behind it in its chain; none if it is not. */
  private headsFrom(from: number, to: number): number[] {
    const { heads, nexts } = this.groups;
    const found: number[] = [];
    for (let group = from; group !== NONE; group = nexts[group] as number) {
      if (heads[group] !== NONE) found.push(heads[group] as number);
      if (group === to) return found;
    }
    return [];
  }

  private invoked(call: number): number {
    return this.part.invoked[call] as number;
  }

  private returned(call: number): number {
    return this.part.returned[call] as number;
  }
}
