import { Columns, type Part } from './columns.ts';
import { findEvidence, type Wrong } from './evidence/find-evidence.ts';
import { mergeOrders } from './legal-order.ts';
import { MemoryBudget } from './memory-budget.ts';
import type { HistoryModel } from './model.ts';
import type { RecordedOperation } from './operation.ts';
import { PASSES } from './passes/passes.ts';
import { Scratch } from './passes/scratch.ts';
import { suspectsOf } from './passes/suspects.ts';
import type { CheckOptions, CheckResult, Evidence, Progress, Route, Verdict } from './result.ts';
import type { Search } from './search/search.ts';
import { Turns } from './search/turns.ts';

const MEMORY_MAX = 512 * 2 ** 20;

/**
 * Is there one order of all operations that respects real time and in which every answer is right?
 *
 * The same history always takes the same steps to the same result.
 *
 * @throws RangeError if two ends of operations have one place, or an answer comes before its question
 */
export function checkHistory<State>(
  operations: readonly RecordedOperation[],
  model: HistoryModel<State>,
  options: CheckOptions = {},
): CheckResult {
  const check = new HistoryCheck(operations, model, options);
  check.advance(Number.POSITIVE_INFINITY);
  return check.result();
}

/** A check that can be interrupted: whether and when is for the caller to say. */
export class HistoryCheck {
  private readonly operations: readonly RecordedOperation[];
  private readonly model: HistoryModel<unknown>;
  private readonly stepsMax: number;
  private readonly wantsEvidence: boolean;
  private readonly wantsOrder: boolean;
  private readonly budget: MemoryBudget;
  private verdict: Verdict | null = null;
  private steps = 0;
  private readonly routes = new Set<Route>();
  private columns: Columns | null = null;
  private turns: Turns | null = null;
  /** The first of the parts that were not looked at yet, and those that have to be searched. */
  private nextPart = 0;
  private readonly unclear: number[] = [];
  private readonly scratch = new Scratch();
  private decided = 0;
  private progress: Progress | null = null;
  private wrong: Wrong | null = null;
  private evidence: Evidence | null | undefined;
  /** Of the parts that were found right, if that is asked for. */
  private readonly orders = new Map<number, Int32Array>();

  constructor(
    operations: readonly RecordedOperation[],
    model: HistoryModel<unknown>,
    options: CheckOptions = {},
  ) {
    this.operations = operations;
    this.model = model;
    this.stepsMax = options.stepsMax ?? Number.POSITIVE_INFINITY;
    this.wantsEvidence = options.evidence !== false;
    this.wantsOrder = options.order === true;
    this.budget = new MemoryBudget(options.memoryMax ?? MEMORY_MAX);
  }

  /**
   * Goes on for so many steps, or until there is a verdict. A pass over a part of the history is
   * never interrupted, and takes as many steps as the part has operations.
   *
   * @returns whether there is a verdict
   */
  advance(steps: number): boolean {
    const until = Math.min(this.steps + steps, this.stepsMax);
    if (this.verdict === null && this.columns === null) this.begin();
    while (this.verdict === null && this.steps < until) this.goOn(until - this.steps);
    if (this.verdict === null && this.steps >= this.stepsMax) this.giveUp('steps');
    return this.verdict !== null;
  }

  /**
   * What is known by now: `unknown` if there is no verdict yet. The evidence of a violation is looked
   * for when it is first asked for; that takes no steps of the check's.
   */
  result(): CheckResult {
    const { verdict, steps, columns, orders, operations } = this;
    const hasOrder = verdict === 'pass' && this.wantsOrder && columns !== null;
    return {
      verdict: verdict ?? 'unknown',
      operations: operations.length,
      steps,
      peakBytes: this.budget.peak,
      routes: [...this.routes],
      evidence: this.evidenceIfWrong(),
      order: hasOrder ? mergeOrders(orders, columns, operations) : null,
      progress: verdict === null ? this.progressOf('caller') : this.progress,
    };
  }

  private evidenceIfWrong(): Evidence | null {
    if (this.wrong === null) return null;
    if (this.evidence === undefined)
      this.evidence = findEvidence(this.wrong, this.model, checkHistory);
    return this.evidence;
  }

  private begin(): void {
    const { operations, model, budget } = this;
    this.columns = Columns.of(operations, model, budget);
    if (this.columns === null) {
      this.giveUp('memory');
      return;
    }
  }

  private goOn(stepsMax: number): void {
    const { columns, nextPart } = this;
    if (columns !== null && nextPart < columns.partCount) this.pass(columns, nextPart);
    else this.search(stepsMax);
  }

  /** Decides a part in one go, if there is a way. */
  private pass(columns: Columns, index: number): void {
    const { model, budget, operations, stepsMax } = this;
    const way = model.shape === undefined ? undefined : PASSES[model.shape];
    const part = columns.part(index);
    const bytes = part.count * (way?.bytesPerCall ?? 0);
    this.nextPart++;
    if (way === undefined || this.steps + part.count > stepsMax || !budget.take(bytes)) {
      this.unclear.push(index);
      return;
    }
    const result = way.pass(part, operations, this.wantsOrder, this.scratch);
    budget.give(bytes);
    this.steps += part.count;
    if (result.verdict === 'unclear') {
      this.unclear.push(index);
      return;
    }
    if (result.verdict === 'pass') {
      this.routes.add(way.route);
      this.accept(index, result.order);
    } else {
      this.reject(way.route, part, suspectsOf(result.conflict), null);
    }
  }

  /** Another turn of a part that has to be searched. */
  private search(stepsMax: number): void {
    const { columns, operations, model, budget } = this;
    if (columns === null) return;
    this.turns ??= new Turns(this.unclear, columns, operations, model, budget);
    const candidate = this.turns.current;
    if (candidate === null) {
      this.verdict = this.progress === null ? 'pass' : 'unknown';
      return;
    }
    this.routes.add('search');
    const { steps, ended } = this.turns.advance(candidate, stepsMax);
    this.steps += steps;
    if (ended === null) return;
    const { state, part, search: found } = ended;
    if (state === 'pass') this.accept(part, this.wantsOrder ? (found?.legalOrder() ?? null) : null);
    else if (state === 'violation') {
      this.reject('search', columns.part(part), [], found?.eventMost ?? null);
    } else this.progress ??= this.progressOf('memory', part, found);
  }

  private accept(part: number, order: Int32Array | null): void {
    this.decided++;
    if (order !== null) this.orders.set(part, order);
  }

  /** @param event the return, among the part's ends, by which something is wrong, if that is known */
  private reject(
    route: Route,
    part: Part,
    suspects: readonly number[],
    event: number | null,
  ): void {
    this.verdict = 'violation';
    this.routes.clear();
    this.routes.add(route);
    if (!this.wantsEvidence) return;
    const calls = Array.from(part.members, (index) => this.operations[index] as RecordedOperation);
    const last = event === null ? undefined : calls[(part.ends[event] as number) >> 1];
    this.wrong = { calls, suspects, until: last?.returnedAt ?? Number.POSITIVE_INFINITY };
  }

  private giveUp(cap: Progress['cap']): void {
    this.verdict = 'unknown';
    this.progress ??= this.progressOf(cap);
  }

  /** @param part the part that could not be decided; else the one whose turn it is */
  private progressOf(cap: Progress['cap'], part?: number, search?: Search | null): Progress {
    const { columns, turns, operations, decided } = this;
    const current = part === undefined ? (turns?.current ?? null) : { part, search };
    const stuck = current === null ? null : (columns?.part(current.part) ?? null);
    return {
      cap,
      parts: columns?.partCount ?? 0,
      partsDecided: decided,
      key: stuck === null ? null : (operations[stuck.members[0] ?? 0]?.key ?? null),
      operations: stuck?.count ?? operations.length,
      placed: current?.search?.placedMost ?? 0,
    };
  }
}
