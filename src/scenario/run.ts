import { findBug } from '../bugs/catalogue.ts';
import { type Missing, missingProgress, recoveryBoundMicros } from '../checkers/liveness.ts';
import { checkOperations, type ServiceRules } from '../checkers/operations-checker.ts';
import { ProtocolChecker } from '../checkers/protocol-checker.ts';
import { checkRecipes, type RecipeFinding, stuckRecipes } from '../checkers/recipe-checker.ts';
import { Tally } from '../checkers/tally.ts';
import { checkTurns } from '../checkers/turn-checker.ts';
import type { Property, Violation } from '../checkers/violation.ts';
import { checkWatches } from '../checkers/watch-checker.ts';
import type { Operation } from '../client/history.ts';
import { FaultInjector } from '../faults/injector.ts';
import { CODE, codeName, OP } from '../keeper/codes.ts';
import { DEFAULT_SERVICE } from '../keeper/config.ts';
import { CORRECT_SERVER_RULES } from '../keeper/rules.ts';
import type { Transaction } from '../keeper/transaction.ts';
import { RandomStream } from '../kernel/random.ts';
import type { PacketCounts } from '../world/link.ts';
import type { Observer, PacketObserver } from '../world/timeline.ts';
import { ZAB_EVENTS } from '../zab/events.ts';
import { formatZxid } from '../zab/zxid.ts';
import { Clients } from './clients.ts';
import { describeWaiting } from './diagnosis.ts';
import { Ensemble } from './ensemble.ts';
import { type Plan, parsePlan } from './plan.ts';
import { RunView } from './run-view.ts';
import { lookAtServer, type Role, type ServerLook } from './server-look.ts';
import { type Leadership, Statistics, type Synchronisation, serviceReached } from './statistics.ts';

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
  readonly history: RunHistory;
}

/** What clients asked for, and what they were answered. */
export interface RunHistory {
  /** In the order of their invocation. */
  readonly operations: readonly Operation[];
  /** The syncs that were answered by a leader which no other had succeeded. */
  readonly freshSyncs: readonly Operation[];
}

export interface RunStats {
  /** Who was established as the leader of which epoch, and when. */
  readonly leaders: readonly Leadership[];
  /** How often each kind of fault has struck, and each of its notable forms. */
  readonly faults: Readonly<Record<string, number>>;
  /** By their place in the plan, from 0: the faults that never struck. */
  readonly idleFaults: readonly number[];
  readonly packets: PacketCounts;
  /** Operations by their outcome: OK, or the name of an error. */
  readonly operations: Readonly<Record<string, number>>;
  /** Learners synchronised, by the way it was done. */
  readonly syncs: Readonly<
    Record<'DIFF' | 'DIFF from disk' | 'TRUNC' | 'TRUNC+DIFF' | 'SNAP', number>
  >;
  /** What each server believed at the end, and what was on its disk. */
  readonly servers: readonly FinalState[];
  /** Each time that a learner was synchronised, in order. */
  readonly synchronised: readonly Synchronisation[];
  /** Rounds that a server began, and servers that won one. */
  readonly elections: { readonly begun: number; readonly won: number };
  /** What became of the transactions that leaders proposed. */
  readonly proposals: ProposalCounts;
  /** How often each event happened that did: by its name in a trace, or in `SERVICE_EVENTS`. */
  readonly happened: Readonly<Record<string, number>>;
  /** How often this run came to what is rare, by name; see `REACHABLE`. */
  readonly reached: Readonly<Record<string, number>>;
  /** How often each property that is judged was put to the test; 0: it has proved nothing. */
  readonly checked: Readonly<Partial<Record<Property, number>>>;
}

export interface ProposalCounts {
  readonly made: number;
  readonly committed: number;
  /** Committed, but not by the leader that had proposed them: a later one found them in its log. */
  readonly adopted: number;
  /** Not committed by the end of the run. */
  readonly discarded: number;
}

/** A server at the end of a run. Zxids are written as servers write them. */
export interface FinalState {
  readonly server: number;
  /** `null` when it does not run. */
  readonly role: Role | null;
  readonly acceptedEpoch: number;
  readonly currentEpoch: number;
  /** As `srvr` shows it; `null` when it does not run. */
  readonly zxid: string | null;
  /** The end of its log. */
  readonly lastLogged: string;
}

/** Simulated time, and how many events have happened. */
export interface TraceClock {
  readonly now: number;
  readonly eventCount: number;
}

/** Watches a run without being part of it: the outcome is the same with and without. */
export interface TraceObserver extends Observer, PacketObserver {
  /** The run begins. @param view shows it, and tells the time, as long as it lasts */
  begin(view: RunView): void;
}

/** Within this all clients are started. */
const CLIENT_START_MAX_MICROS = 1_000_000;

/** How often a run that is over looks whether everything has come to rest. */
const SETTLE_CHECK_MICROS = 100_000;

/** A run is over when nothing is owed, judged or not. */
const EVERYTHING = new Tally();

/** What the clients have asked for last is answered within this, when nothing is wrong. */
const LAST_ANSWERS_MICROS = 10_000_000;

/** How a run is judged. What happens in it is the same whatever these are. */
export interface RunOptions {
  /**
   * Properties that are not judged. A run ends with the first violation, so without the one that
   * sees a mistake first it comes to what else the mistake leads to.
   */
  readonly without?: readonly Property[];
}

/**
 * Runs a plan from its first event to its verdict. Pure and synchronous: no clock, no environment,
 * no I/O.
 *
 * @param trace hears of everything that happens
 * @throws {@link InputError} if the plan is not valid, {@link Defect} on a bug in zabox itself
 */
export function run(plan: Plan, trace?: TraceObserver, options: RunOptions = {}): Run {
  return new Runner(parsePlan(plan), trace ?? null, options).run();
}

/** A look for who waits in vain, and how much there was to see. */
interface Look {
  readonly events: number;
  readonly committed: number;
  readonly finding: RecipeFinding | null;
}

class Runner {
  private readonly plan: Plan;
  private readonly ensemble: Ensemble;
  private readonly clients: Clients;
  private readonly tally: Tally;
  private readonly checker: ProtocolChecker;
  private readonly statistics: Statistics;
  private readonly injector: FaultInjector;
  private readonly deadlineMicros: number;
  private isOver = false;
  private overdue: Violation | null = null;
  private lastLook: Look | null = null;

  constructor(plan: Plan, trace: TraceObserver | null, { without }: RunOptions) {
    this.plan = plan;
    this.tally = new Tally(without);
    const bug = plan.bug === null ? undefined : findBug(plan.bug);
    this.ensemble = new Ensemble(plan, bug?.rules?.(CORRECT_SERVER_RULES) ?? CORRECT_SERVER_RULES);
    const { world, serverIds } = this.ensemble;
    this.clients = new Clients(plan, world, serverIds);
    const { timeline } = world;
    this.checker = new ProtocolChecker(this.ensemble, plan.timing.counterStart, this.tally);
    this.statistics = new Statistics(() => timeline.now);
    timeline.addObserver(this.checker);
    timeline.addPacketObserver(this.checker);
    timeline.addObserver(this.statistics);
    if (trace !== null) {
      trace.begin(new RunView(this.ensemble, this.clients));
      timeline.addObserver(trace);
      timeline.addPacketObserver(trace);
    }
    const company = {
      voters: serverIds.slice(0, plan.servers),
      servers: serverIds,
      clients: this.clients.hostIds,
    };
    this.injector = new FaultInjector(world, company, plan.faults);
    timeline.addObserver(this.injector);
    if (this.injector.watchesPackets) timeline.addPacketObserver(this.injector);
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
    while (!this.isOver && this.broken === null && ensemble.world.step());
    return this.result();
  }

  /** What was seen to be broken while the run went on. */
  private get broken(): Violation | null {
    return this.checker.violation;
  }

  private startAll(): void {
    const { world, serverIds } = this.ensemble;
    const random = new RandomStream(this.plan.seed, 'start');
    const startAt = (id: number, micros: number): void => {
      const host = world.host(id);
      const perform = (): void => {
        if (!host.isRunning) host.start();
      };
      world.schedule(micros, { perform });
    };
    serverIds.forEach((id, index) => {
      startAt(id, this.plan.startsMicros[index] ?? 0);
    });
    for (const id of this.clients.hostIds) startAt(id, random.below(CLIENT_START_MAX_MICROS));
  }

  /** The clients have done their work; the run ends when what is owed has been paid. */
  private finish(): void {
    this.clients.stop();
    this.settle();
  }

  private settle(): void {
    const { ensemble } = this;
    if (this.missing(EVERYTHING) === null || ensemble.now >= this.deadlineMicros) {
      this.isOver = true;
      const missing = this.missing(this.tally);
      const { now: at, eventCount: seq } = ensemble;
      this.overdue = missing === null ? null : { ...this.diagnosed(missing), at, seq };
      this.countProgress();
    } else {
      const at = ensemble.now + SETTLE_CHECK_MICROS;
      ensemble.world.schedule(at, { perform: () => this.settle() });
    }
  }

  /** With the servers' and the clients' side of it; recipes tell theirs by themselves. */
  private diagnosed({ property, message }: Missing): Missing {
    if (property === 'recipe-progress') return { property, message };
    const waiting = describeWaiting(this.ensemble, this.clients.standings());
    return { property, message: `${message}: ${waiting}` };
  }

  /** What is still owed; who waits in vain says more than that somebody waits. */
  private missing(tally: Tally): Missing | null {
    const { ensemble, clients } = this;
    const missing = missingProgress(ensemble.standings(), clients.standings(), tally);
    const isLast = ensemble.now >= this.deadlineMicros;
    if (missing !== null && (missing.property !== 'answers' || !isLast)) return missing;
    return tally.keep(this.stuck()) ?? missing;
  }

  /** Who waits in vain: looked for anew only when something has happened since the last look. */
  private stuck(): RecipeFinding | null {
    const { events } = this.clients.journal;
    const { length } = this.checker.ghost.committed;
    if (this.lastLook?.events !== events.length || this.lastLook.committed !== length) {
      const finding = stuckRecipes(events, this.committed());
      this.lastLook = { events: events.length, committed: length, finding };
    }
    return this.lastLook.finding;
  }

  /** What is missing was put to the test, and all else if nothing is. */
  private countProgress(): void {
    const { tally, overdue, clients } = this;
    if (overdue !== null) {
      tally.count(overdue.property);
      return;
    }
    for (const property of ['leader', 'convergence', 'answers'] as const) tally.count(property);
    if (clients.journal.events.length > 0) tally.count('recipe-progress');
  }

  private result(): Run {
    const { plan, ensemble } = this;
    const violations = this.violations();
    return {
      plan,
      verdict: violations.length === 0 ? 'pass' : 'violation',
      violations,
      digest: ensemble.world.timeline.digest.toString(),
      simulatedMicros: ensemble.now,
      events: ensemble.eventCount,
      stats: this.stats(),
      history: this.history(),
    };
  }

  private history(): RunHistory {
    const { operations } = this.clients.history;
    const freshSyncs = operations.filter((operation) => {
      const { question, reply, session, xid } = operation;
      const isAnswered = question.type === OP.sync && reply?.err === CODE.OK;
      return isAnswered && this.checker.isFresh(session, xid);
    });
    return { operations, freshSyncs };
  }

  private stats(): RunStats {
    const { statistics, injector, ensemble } = this;
    const faults = Object.fromEntries(injector.counts);
    const service = serviceReached(this.clients.history, this.committed());
    return {
      leaders: statistics.leaders,
      faults,
      idleFaults: this.plan.faults.flatMap((_, n) => (injector.struck.has(n) ? [] : [n])),
      packets: this.ensemble.world.packets,
      operations: countOutcomes(this.clients.history.operations),
      syncs: {
        DIFF: statistics.count(ZAB_EVENTS.diffChosen),
        'DIFF from disk': statistics.count(ZAB_EVENTS.diffFromDiskChosen),
        TRUNC: statistics.count(ZAB_EVENTS.truncChosen),
        'TRUNC+DIFF': statistics.count(ZAB_EVENTS.truncDiffChosen),
        SNAP: statistics.count(ZAB_EVENTS.snapChosen),
      },
      servers: ensemble.serverIds.map((id) => finalState(lookAtServer(ensemble, id, null))),
      synchronised: statistics.synchronised,
      elections: {
        begun: statistics.count(ZAB_EVENTS.looking),
        won: statistics.count(ZAB_EVENTS.leading),
      },
      proposals: this.proposals(),
      happened: aboveZero({ ...statistics.happened(), ...service }),
      reached: {
        ...statistics.reached(),
        'adopted-proposals': this.checker.ghost.adoptionCount,
        'second-leader': Math.max(0, statistics.leaders.length - 1),
        ...service,
        ...prefixed('fault-', faults),
        ...prefixed('crash-point-', Object.fromEntries(injector.crashPoints)),
        ...this.recipeReached(faults),
      },
      checked: this.checked(),
    };
  }

  private checked(): RunStats['checked'] {
    this.checker.countIn(this.tally);
    return this.tally.toRecord();
  }

  private proposals(): ProposalCounts {
    const { proposedCount: made, adoptedTxnCount: adopted, committed } = this.checker.ghost;
    const { length } = committed;
    return { made, committed: length, adopted, discarded: made - length };
  }

  /** All that was ever committed, in order. */
  private committed(): readonly Transaction[] {
    // The service proposes nothing else.
    return this.checker.committedTxns() as Transaction[];
  }

  /** That a recipe was followed, and with which faults. */
  private recipeReached(faults: Readonly<Record<string, number>>): Record<string, number> {
    const { recipe } = this.plan.workload;
    const { length } = this.clients.journal.events;
    if (recipe === null || length === 0) return {};
    return { [`recipe-${recipe}`]: length, ...prefixed(`recipe-${recipe}/`, faults) };
  }

  private violations(): Violation[] {
    const { checker, overdue, ensemble, broken, tally } = this;
    if (broken !== null) return [broken];
    if (!tally.judgesAnything) return [];
    const { operations, events, strays } = this.clients.history;
    const committed = this.committed();
    const isFresh = (sync: Operation): boolean => checker.isFresh(sync.session, sync.xid);
    const rules = this.serviceRules();
    const findings = checkOperations(operations, committed, isFresh, rules, tally);
    const seq = ensemble.eventCount;
    const violations: Violation[] = [
      ...findings.map(({ property, message, operation }) => {
        return { property, message, at: operation?.completedAt ?? ensemble.now, seq };
      }),
      ...checkTurns(strays, tally).map((one) => ({ ...one, seq })),
      ...checkWatches(operations, events, committed, tally).map((one) => ({ ...one, seq })),
      ...checkRecipes(this.clients.journal.events, committed, tally).map((one) => ({
        ...one,
        seq,
      })),
    ];
    if (overdue !== null) violations.push(overdue);
    return violations;
  }

  private serviceRules(): ServiceRules {
    const { ensemble, clients } = this;
    const addressOf = (client: number): string => {
      return ensemble.world.host(clients.hostIds[client - 1] ?? 0).address;
    };
    return { ...DEFAULT_SERVICE, addressOf };
  }
}

function finalState(look: ServerLook): FinalState {
  const { server, role, acceptedEpoch, currentEpoch, lastApplied, lastLogged } = look;
  return {
    server,
    role,
    acceptedEpoch,
    currentEpoch,
    zxid: lastApplied === null ? null : formatZxid(lastApplied),
    lastLogged: formatZxid(lastLogged),
  };
}

function countOutcomes(operations: readonly Operation[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { isDone, err } of operations) {
    const outcome = isDone ? codeName(err) : 'open';
    counts[outcome] = (counts[outcome] ?? 0) + 1;
  }
  return counts;
}

function aboveZero(counts: Readonly<Record<string, number>>): Record<string, number> {
  return Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0));
}

function prefixed(
  prefix: string,
  counts: Readonly<Record<string, number>>,
): Record<string, number> {
  return Object.fromEntries(
    Object.entries(counts).map(([name, count]) => [`${prefix}${name}`, count]),
  );
}
