import type { Columns } from '../columns.ts';
import type { MemoryBudget } from '../memory-budget.ts';
import type { HistoryModel } from '../model.ts';
import type { RecordedOperation } from '../operation.ts';
import { Machine } from './machine.ts';
import { Search } from './search.ts';
import { searchCalls } from './search-calls.ts';

/** Steps of a part's first turn; each of the next is twice as long. */
const FIRST_TURN = 1024;
const TURN_MAX = 2 ** 20;

/** A part that is searched, or waits for its first turn. */
export interface Candidate {
  readonly part: number;
  search: Search | null;
}

/** How a part's search ended, and the part. */
export interface Ended {
  readonly part: number;
  readonly state: 'pass' | 'violation' | 'out of memory';
  readonly search: Search | null;
}

/**
 * Searches parts by turns, the smallest first, so that one that is wrong is found though another
 * takes long.
 */
export class Turns {
  private readonly columns: Columns;
  private readonly operations: readonly RecordedOperation[];
  private readonly model: HistoryModel<unknown>;
  private readonly budget: MemoryBudget;
  private readonly machine: Machine<unknown>;
  /** Those of this round, and those that will have a turn in the next. */
  private round: Candidate[];
  private nextRound: Candidate[] = [];
  private at = 0;
  private turn = FIRST_TURN;
  private left = FIRST_TURN;

  constructor(
    parts: readonly number[],
    columns: Columns,
    operations: readonly RecordedOperation[],
    model: HistoryModel<unknown>,
    budget: MemoryBudget,
  ) {
    this.columns = columns;
    this.operations = operations;
    this.model = model;
    this.budget = budget;
    this.machine = new Machine(model, budget);
    this.round = [...parts]
      .sort((a, b) => columns.sizeOf(a) - columns.sizeOf(b) || a - b)
      .map((part) => ({ part, search: null }));
  }

  /** The part whose turn it is, and its search if that has begun; `null` when all have ended. */
  get current(): Candidate | null {
    return this.round[this.at] ?? null;
  }

  /**
   * Goes on with the part whose turn it is, for no more than so many steps.
   *
   * @returns the steps taken, and how its search ended if it has
   */
  advance(candidate: Candidate, stepsMax: number): { steps: number; ended: Ended | null } {
    const { part } = candidate;
    candidate.search ??= this.begin(part);
    const { search } = candidate;
    if (search === null) {
      this.pass();
      return { steps: 0, ended: { part, state: 'out of memory', search } };
    }
    const before = search.steps;
    const state = search.advance(Math.min(stepsMax, this.left));
    const steps = search.steps - before;
    this.left -= steps;
    if (state !== 'running') {
      search.release();
      this.pass();
      return { steps, ended: { part, state, search } };
    }
    if (this.left === 0) {
      this.nextRound.push(candidate);
      this.pass();
    }
    return { steps, ended: null };
  }

  private begin(index: number): Search | null {
    const part = this.columns.part(index);
    if (!this.budget.take(Search.bytesFor(part.count))) return null;
    const calls = searchCalls(part, this.operations, this.model, this.machine);
    if (calls !== null) return new Search(part, calls, this.machine, this.budget);
    this.budget.give(Search.bytesFor(part.count));
    return null;
  }

  /** Gives the turn on. */
  private pass(): void {
    this.at++;
    if (this.at === this.round.length) {
      this.round = this.nextRound;
      this.nextRound = [];
      this.at = 0;
      this.turn = Math.min(this.turn * 2, TURN_MAX);
    }
    this.left = this.turn;
  }
}
