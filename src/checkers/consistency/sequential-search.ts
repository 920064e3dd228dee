import type { MemoryBudget } from '../linearizability/memory-budget.ts';
import type { HistoryModel } from '../linearizability/model.ts';
import type { RecordedOperation } from '../linearizability/operation.ts';
import { textOf } from '../linearizability/values.ts';
import { LookAhead } from './look-ahead.ts';
import type { Programs } from './programs.ts';

/** What a search has come to; `null` as long as it goes on. */
export type SearchEnd = 'found' | 'impossible' | 'memory' | null;

/** What an operation has changed, to take that back. */
interface Placing {
  readonly number: number;
  readonly process: number;
  readonly part: number;
  readonly stateBefore: unknown;
  readonly idBefore: number;
}

/** A choice among operations that change something. */
interface Choice {
  /** How much was placed before. */
  readonly depth: number;
  /** Processes whose turn it may be, the last to be tried first. */
  readonly processes: number[];
}

/** A seen configuration: its text, and a set's entry. */
const CONFIGURATION_BYTES = 80;

/**
 * Looks for one order of all operations that every process agrees with: depth first, never twice
 * from one configuration, which is how far each process has come, and the objects' states.
 *
 * What only looks is placed as soon as it fits, for it is never too early. (A write that changes
 * nothing now is no such thing: it may be needed later.) A write without an answer is the last of
 * its process, and need not be placed.
 */
export class SequentialSearch {
  end: SearchEnd = null;
  /** As many operations as were ever placed before some were taken back, in their order. */
  longest: readonly RecordedOperation[] = [];
  private readonly programs: Programs;
  private readonly model: HistoryModel<unknown>;
  private readonly budget: MemoryBudget;
  private readonly ahead: LookAhead;
  /** By process, the number of what comes next; -1 behind the last. */
  private readonly heads: number[];
  private readonly partOf: Int32Array;
  private readonly states: unknown[] = [];
  private readonly stateIds: number[] = [];
  private readonly idsOfStates = new Map<string, number>();
  private readonly placed: Placing[] = [];
  private readonly choices: Choice[] = [];
  private readonly seen = new Set<string>();
  private seenBytes = 0;
  /** Operations that must have a place and have none. */
  private left: number;
  private steps = 0;

  /** @param programs of operations that say something, and no others */
  constructor(programs: Programs, model: HistoryModel<unknown>, budget: MemoryBudget) {
    this.programs = programs;
    this.model = model;
    this.budget = budget;
    this.heads = [...programs.heads];
    this.ahead = new LookAhead(programs.operations, model.shape === 'register');
    this.partOf = this.divide();
    this.left = programs.operations.filter(({ outcome }) => outcome !== 'info').length;
    this.look();
  }

  /** How many operations were ever placed. */
  get placedMost(): number {
    return Math.max(this.longest.length, this.placed.length);
  }

  /** Tries so many operations, and a few more to come to the end of a choice. */
  advance(stepsMax: number): number {
    this.steps = 0;
    while (this.end === null && this.steps < stepsMax) this.choose();
    return this.steps;
  }

  /** The memory of the memo is another's now. */
  release(): void {
    this.budget.give(this.seenBytes);
    this.seen.clear();
  }

  private divide(): Int32Array {
    const { model, programs } = this;
    const parts = new Map<string, number>();
    return Int32Array.from(programs.operations, (operation) => {
      const name = textOf(model.partition?.(operation) ?? operation.key);
      let part = parts.get(name);
      if (part === undefined) {
        part = parts.size;
        parts.set(name, part);
        this.states.push(model.init);
        this.stateIds.push(this.idOf(model.init));
      }
      return part;
    });
  }

  private idOf(state: unknown): number {
    const key = textOf(this.model.hash?.(state) ?? state);
    let id = this.idsOfStates.get(key);
    if (id === undefined) {
      id = this.idsOfStates.size;
      this.idsOfStates.set(key, id);
    }
    return id;
  }

  /** Takes the next way from the last choice, or goes back behind it. */
  private choose(): void {
    const choice = this.choices.at(-1);
    if (choice === undefined) {
      this.end = 'impossible';
      return;
    }
    if (this.placed.length > this.longest.length) this.keepLongest();
    while (this.placed.length > choice.depth) this.takeBack();
    const process = choice.processes.pop();
    if (process === undefined) this.choices.pop();
    else if (this.place(process, true)) this.look();
  }

  /** Places all that only looks; then there is a choice, unless this was here before. */
  private look(): void {
    this.settle();
    if (this.left === 0) {
      // Others may have been longer, by writes that nobody answered.
      this.keepLongest();
      this.end = 'found';
      return;
    }
    const configuration = `${this.heads.join()}|${this.stateIds.join()}`;
    if (this.seen.has(configuration)) return;
    const bytes = CONFIGURATION_BYTES + configuration.length;
    if (!this.budget.take(bytes)) {
      this.end = 'memory';
      return;
    }
    this.seenBytes += bytes;
    this.seen.add(configuration);
    this.choices.push({ depth: this.placed.length, processes: this.candidates() });
  }

  private keepLongest(): void {
    this.longest = this.placed.flatMap(({ number }) => this.programs.at(number) ?? []);
  }

  private settle(): void {
    let isSettled = false;
    while (!isSettled) {
      isSettled = true;
      for (let process = 0; process < this.heads.length; process++) {
        while (this.place(process, false)) isSettled = false;
      }
    }
  }

  /** Who can go on with a change; who asked first is tried first, what may never have been last. */
  private candidates(): number[] {
    const askedAt = (process: number): number => {
      const operation = this.programs.at(this.heads[process] ?? -1);
      if (operation === undefined) return Number.POSITIVE_INFINITY;
      return operation.outcome === 'info' ? Number.MAX_VALUE : operation.invokedAt;
    };
    return this.heads
      .flatMap((head, process) => (head < 0 ? [] : [process]))
      .sort((a, b) => askedAt(b) - askedAt(a) || b - a);
  }

  /** Whether an operation changes nothing, whatever the state is in which it can be. */
  private onlyLooks({ f, output, outcome }: RecordedOperation): boolean {
    if (this.model.operations?.[f]?.isRead === true || outcome === 'fail') return true;
    return f === 'dequeue' && outcome === 'ok' && output === null;
  }

  /** @returns whether what comes next in a process has a place now: a change, or a look */
  private place(process: number, isChange: boolean): boolean {
    const number = this.heads[process] ?? -1;
    const operation = this.programs.at(number);
    if (operation === undefined || this.onlyLooks(operation) === isChange) return false;
    this.steps++;
    const part = this.partOf[number] ?? 0;
    const state = this.states[part];
    const next = this.model.step(state, operation);
    if (next === null) return false;
    const idBefore = this.stateIds[part] ?? 0;
    const id = next === state ? idBefore : this.idOf(next);
    // One without an answer that would change nothing now may still do so later.
    if (id === idBefore && operation.outcome === 'info') return false;
    this.ahead.put(operation, -1);
    if (id !== idBefore && !this.ahead.mayOverwrite(operation, valueOfState(state))) {
      this.ahead.put(operation, 1);
      return false;
    }
    this.placed.push({ number, process, part, stateBefore: state, idBefore });
    this.states[part] = next;
    this.stateIds[part] = id;
    this.heads[process] = this.programs.nextOf(number);
    if (operation.outcome !== 'info') this.left--;
    return true;
  }

  private takeBack(): void {
    const last = this.placed.pop();
    if (last === undefined) return;
    const { number, process, part, stateBefore, idBefore } = last;
    const operation = this.programs.at(number);
    if (operation === undefined) return;
    this.states[part] = stateBefore;
    this.stateIds[part] = idBefore;
    this.heads[process] = number;
    this.ahead.put(operation, 1);
    if (operation.outcome !== 'info') this.left++;
  }
}

/** Of a register. */
function valueOfState(state: unknown): unknown {
  return typeof state === 'object' && state !== null && 'value' in state ? state.value : null;
}
