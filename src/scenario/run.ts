import { findBug } from '../bugs/catalogue.ts';
import { missingProgress, recoveryBoundMicros } from '../checkers/liveness.ts';
import { checkOperations } from '../checkers/operations-checker.ts';
import { ProtocolChecker } from '../checkers/protocol-checker.ts';
import type { Violation } from '../checkers/violation.ts';
import type { Operation } from '../client/history.ts';
import { FaultInjector } from '../faults/injector.ts';
import { RandomStream } from '../kernel/random.ts';
import { codeName } from '../keeper/codes.ts';
import type { Transaction } from '../keeper/transaction.ts';
import type { PacketCounts } from '../world/link.ts';
import type { Observer, PacketObserver } from '../world/timeline.ts';
import { CORRECT_RULES } from '../zab/rules.ts';
import { Clients } from './clients.ts';
import { Ensemble } from './ensemble.ts';
import { type Plan, parsePlan } from './plan.ts';
import { Statistics } from './statistics.ts';

/** What became of a run: all properties hold, one is broken, or nobody could tell in time. */
export type Verdict = 'pass' | 'violation' | 'unknown';

/** A run, and what is known of it. */
export interface Run {
  readonly plan: Plan;
  readonly verdict: Verdict;
  /** Empty with `pass`. */
  readonly violations: readonly Violation[];
  /** A hash over all that happened: the same plan, the same digest, on every machine. */
  readonly digest: string;
  readonly simulatedMicros: number;
  /** Events that the queue performed. */
  readonly events: number;
  readonly stats: RunStats;
}

export interface RunStats {
  readonly leaders: readonly { readonly epoch: number; readonly server: number; at: number }[];
  /** How often each kind of fault has struck, and each shape of partition. */
  readonly faults: Readonly<Record<string, number>>;
  readonly packets: PacketCounts;
  /** Operations by their outcome: OK, or the name of an error. */
  readonly operations: Readonly<Record<string, number>>;
  /** What happened in the servers and to them, by name. */
  readonly happened: Readonly<Record<string, number>>;
}

/** Watches a run without being part of it: the outcome is the same with and without. */
export type TraceObserver = Observer & PacketObserver;

/** Within this everybody has been started. */
const START_MAX_MICROS = 1_000_000;

/** How often a run that is over looks whether everything has come to rest. */
const SETTLE_CHECK_MICROS = 100_000;

/** What the clients have asked for last is answered within this, when nothing is wrong. */
const LAST_ANSWERS_MICROS = 10_000_000;

/**
 * Runs a plan from its first event to its verdict. Pure and synchronous: no clock, no environment,
 * no I/O.
 *
 * @param trace hears of everything that happens
 * @throws {@link InputError} if the plan is not valid, {@link Defect} on a bug in zabox itself
 */
export function run(plan: Plan, trace?: TraceObserver): Run {
  return new Runner(parsePlan(plan), trace ?? null).run();
}

class Runner {
  private readonly plan: Plan;
  private readonly ensemble: Ensemble;
  private readonly clients: Clients;
  private readonly checker: ProtocolChecker;
  private readonly statistics: Statistics;
  private readonly injector: FaultInjector;
  private readonly deadlineMicros: number;
  private isOver = false;
  private overdue: Violation | null = null;

  constructor(plan: Plan, trace: TraceObserver | null) {
    this.plan = plan;
    const bug = plan.bug === null ? undefined : findBug(plan.bug);
    this.ensemble = new Ensemble(plan, bug?.rules(CORRECT_RULES) ?? CORRECT_RULES);
    const { world, serverIds } = this.ensemble;
    this.clients = new Clients(plan, world, serverIds);
    const { timeline } = world;
    this.checker = new ProtocolChecker(this.ensemble, plan.timing.counterStart);
    this.statistics = new Statistics(() => timeline.now);
    timeline.addObserver(this.checker);
    timeline.addObserver(this.statistics);
    if (trace !== null) {
      timeline.addObserver(trace);
      timeline.packetObserver = trace;
    }
    this.injector = new FaultInjector(world, serverIds, this.clients.hostIds, plan.faults);
    timeline.addObserver(this.injector);
    const bound = recoveryBoundMicros(plan.timing, plan.workload.sessionTimeoutMs);
    this.deadlineMicros = Math.max(
      plan.durationMicros + LAST_ANSWERS_MICROS,
      plan.healAtMicros + bound,
    );
  }

  run(): Run {
    const { plan, ensemble } = this;
    this.startAll();
    ensemble.world.schedule(plan.healAtMicros, { perform: () => this.injector.heal() });
    ensemble.world.schedule(plan.durationMicros, { perform: () => this.finish() });
    while (!this.isOver && this.checker.violation === null && ensemble.world.step());
    return this.result();
  }

  /** Starts everybody, but not all in the same microsecond. */
  private startAll(): void {
    const { world, serverIds } = this.ensemble;
    const random = new RandomStream(this.plan.seed, 'start');
    for (const id of [...serverIds, ...this.clients.hostIds]) {
      const host = world.host(id);
      const perform = (): void => {
        if (!host.isRunning) host.start();
      };
      world.schedule(random.below(START_MAX_MICROS), { perform });
    }
  }

  /** The clients have done their work; the run ends when what is owed has been paid. */
  private finish(): void {
    this.clients.stop();
    this.settle();
  }

  private settle(): void {
    const { ensemble, clients } = this;
    const missing = missingProgress(ensemble.standings(), clients.standings());
    if (missing === null) this.isOver = true;
    else if (ensemble.now >= this.deadlineMicros) {
      this.isOver = true;
      this.overdue = { ...missing, at: ensemble.now, seq: ensemble.eventCount };
    } else {
      const at = ensemble.now + SETTLE_CHECK_MICROS;
      ensemble.world.schedule(at, { perform: () => this.settle() });
    }
  }

  private result(): Run {
    const { plan, ensemble, clients } = this;
    const violations = this.violations();
    return {
      plan,
      verdict: violations.length === 0 ? 'pass' : 'violation',
      violations,
      digest: ensemble.world.timeline.digest.toString(),
      simulatedMicros: ensemble.now,
      events: ensemble.eventCount,
      stats: {
        leaders: this.statistics.leaders,
        faults: Object.fromEntries(this.injector.counts),
        packets: ensemble.world.packets,
        operations: countOutcomes(clients.history.operations),
        happened: this.statistics.byName(),
      },
    };
  }

  private violations(): Violation[] {
    const { checker, overdue, ensemble } = this;
    if (checker.violation !== null) return [checker.violation];
    const { operations } = this.clients.history;
    const committed = checker.committedTxns() as Transaction[];
    const findings = checkOperations(operations, committed, (sync) =>
      checker.isFresh(sync.session, sync.xid),
    );
    const violations: Violation[] = findings.map(({ property, message, operation }) => ({
      property,
      message,
      at: operation.completedAt,
      seq: ensemble.eventCount,
    }));
    if (overdue !== null) violations.push(overdue);
    return violations;
  }
}

function countOutcomes(operations: readonly Operation[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { isDone, err } of operations) {
    const outcome = isDone ? codeName(err) : 'open';
    counts[outcome] = (counts[outcome] ?? 0) + 1;
  }
  return counts;
}
