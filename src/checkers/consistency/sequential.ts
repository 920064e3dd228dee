import { HistoryCheck } from '../linearizability/history-check.ts';
import { MemoryBudget } from '../linearizability/memory-budget.ts';
import type { HistoryModel } from '../linearizability/model.ts';
import type { RecordedOperation } from '../linearizability/operation.ts';
import { asSentence, nameAnswered } from '../linearizability/phrases.ts';
import type {
  CheckOptions,
  CheckResult,
  Evidence,
  Progress,
  Route,
} from '../linearizability/result.ts';
import { smallestWrong } from './closed-parts.ts';
import { asEvidence } from './conflict-evidence.ts';
import { Programs } from './programs.ts';
import { SequentialSearch } from './sequential-search.ts';
import { orderZnodes } from './sequential-znodes.ts';

/** The default of the history check, which this one uses. */
const MEMORY_MAX = 512 * 2 ** 20;

/** Steps that may be taken to make the evidence small, in all and for one attempt. */
const EVIDENCE_STEPS_MAX = 1_000_000;
const ATTEMPT_STEPS_MAX = 20_000;

/**
 * Is there one order of all operations, over all objects, that agrees with what each process did
 * one after the other, and in which every answer is right? Real time and zxids say nothing.
 *
 * Three ways, one after the other: the versions of znodes; an order that real time agrees with too,
 * which is quickly found if there is one; and a search, which may come to no end.
 */
export class SequentialCheck {
  private readonly operations: readonly RecordedOperation[];
  private readonly model: HistoryModel<unknown>;
  private readonly options: CheckOptions;
  private readonly budget: MemoryBudget;
  private readonly stepsMax: number;
  private steps = 0;
  private readonly routes = new Set<Route>();
  private stage: 'versions' | 'real time' | 'search' | 'over' = 'versions';
  private verdict: CheckResult['verdict'] = 'unknown';
  private cap: Progress['cap'] = 'caller';
  private evidence: Evidence | null = null;
  private order: readonly RecordedOperation[] | null = null;
  private realTime: HistoryCheck | null = null;
  private search: SequentialSearch | null = null;

  constructor(
    operations: readonly RecordedOperation[],
    model: HistoryModel<unknown>,
    options: CheckOptions = {},
  ) {
    this.operations = operations;
    this.model = model;
    this.options = options;
    this.stepsMax = options.stepsMax ?? Number.POSITIVE_INFINITY;
    this.budget = new MemoryBudget(options.memoryMax ?? MEMORY_MAX);
  }

  /** Goes on for about so many steps. @returns whether there is a verdict */
  advance(steps: number): boolean {
    const until = Math.min(this.steps + steps, this.stepsMax);
    while (this.stage !== 'over' && this.steps < until) this.goOn(until - this.steps);
    if (this.stage !== 'over' && this.steps >= this.stepsMax) this.finish('unknown', 'steps');
    return this.stage === 'over';
  }

  /** What is known by now: `unknown` if there is no verdict yet. */
  result(): CheckResult {
    const { verdict, operations, steps, budget, realTime, evidence, options } = this;
    return {
      verdict,
      operations: operations.length,
      steps,
      peakBytes: Math.max(budget.peak, realTime?.result().peakBytes ?? 0),
      routes: [...this.routes],
      evidence,
      order: options.order === true ? this.order : null,
      progress: verdict === 'unknown' ? this.progress() : null,
    };
  }

  private goOn(stepsMax: number): void {
    if (this.stage === 'versions') this.tryVersions();
    else if (this.stage === 'real time') this.tryRealTime(stepsMax);
    else this.trySearch(stepsMax);
  }

  private tryVersions(): void {
    this.stage = 'real time';
    if (this.model.shape !== 'versions') return;
    this.routes.add('witness');
    this.steps += this.operations.length;
    const finding = orderZnodes(this.operations);
    if (finding === 'undecided') return;
    if ('order' in finding) this.pass(finding.order);
    else {
      // Each comes before the next, and the last before the first.
      this.evidence = asEvidence(finding.conflict, finding.conflict.operations.slice(0, -1));
      this.finish('violation');
    }
  }

  private tryRealTime(stepsMax: number): void {
    const { operations, model, options } = this;
    const wanted = { ...options, evidence: false };
    this.realTime ??= new HistoryCheck(operations, model, wanted);
    const before = this.realTime.result().steps;
    // The search is for whatever is not soon found.
    const isOver = this.realTime.advance(stepsMax);
    const { verdict, steps, order, routes } = this.realTime.result();
    this.steps += Math.max(1, steps - before);
    if (verdict === 'pass') {
      for (const route of routes) this.routes.add(route);
      this.pass(order);
    } else if (isOver || steps > PATIENCE * operations.length) this.stage = 'search';
  }

  private trySearch(stepsMax: number): void {
    const { operations, model, budget } = this;
    this.routes.add('search');
    this.search ??= new SequentialSearch(programsOf(operations, model), model, budget);
    const { search } = this;
    this.steps += Math.max(1, search.advance(stepsMax));
    if (search.end === 'found') this.pass(search.longest);
    else if (search.end === 'memory') this.finish('unknown', 'memory');
    else if (search.end === 'impossible') {
      search.release();
      if (this.options.evidence !== false) this.evidence = this.findEvidence();
      this.finish('violation');
    }
  }

  private pass(order: readonly RecordedOperation[] | null): void {
    this.order = order;
    this.finish('pass');
  }

  private finish(verdict: CheckResult['verdict'], cap: Progress['cap'] = 'caller'): void {
    this.stage = 'over';
    this.verdict = verdict;
    this.cap = cap;
  }

  private progress(): Progress {
    const { operations, search, realTime, cap } = this;
    const placed = search?.placedMost ?? realTime?.result().progress?.placed ?? 0;
    return { cap, parts: 1, partsDecided: 0, key: null, operations: operations.length, placed };
  }

  private findEvidence(): Evidence {
    const { model } = this;
    let stepsLeft = EVIDENCE_STEPS_MAX;
    const isWrong = (operations: readonly RecordedOperation[]): boolean => {
      const budget = new MemoryBudget(this.budget.max);
      const search = new SequentialSearch(programsOf(operations, model), model, budget);
      stepsLeft -= search.advance(Math.min(ATTEMPT_STEPS_MAX, stepsLeft));
      return search.end === 'impossible';
    };
    const operations = smallestWrong(this.operations, model, isWrong);
    const search = new SequentialSearch(programsOf(operations, model), model, this.budget);
    search.advance(EVIDENCE_STEPS_MAX);
    const { longest } = search;
    return { operations, explanation: explain(operations, longest), longestOrder: longest };
  }
}

/** An order that real time agrees with is looked for with so many steps an operation. */
const PATIENCE = 100;

/** Of the operations that say something; others are nothing to agree about. */
function programsOf(
  operations: readonly RecordedOperation[],
  model: HistoryModel<unknown>,
): Programs {
  return new Programs(
    operations.filter(({ f, outcome }) => {
      const traits = model.operations?.[f];
      if (outcome === 'info') return traits?.isRead !== true;
      return outcome === 'ok' || traits?.tellsWhenRefused === true;
    }),
  );
}

function explain(
  operations: readonly RecordedOperation[],
  longest: readonly RecordedOperation[],
): string[] {
  const last = longest.at(-1);
  const stuck = operations.find((operation) => {
    return operation.outcome !== 'info' && !longest.includes(operation);
  });
  const came = last === undefined ? '' : `, the last of them ${nameAnswered(last)}`;
  return [
    `no order of these ${operations.length} operations agrees with what each process did`,
    `at most ${longest.length} of them find a place${came}`,
    ...(stuck === undefined ? [] : [`then there is none for ${nameAnswered(stuck)}`]),
  ].map(asSentence);
}
