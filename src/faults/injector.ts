import { RandomStream } from '../kernel/random.ts';
import { WORLD_EVENTS } from '../world/events.ts';
import type { Observer, PacketObserver } from '../world/timeline.ts';
import type { World } from '../world/world.ts';
import { afflict, type Stage } from './afflictions.ts';
import { Cast, NOWHERE, type Scene } from './cast.ts';
import { crashPointOf } from './crash-points.ts';
import { EVENT_KIND_COUNT, eventKind, packetName } from './event-names.ts';
import { CUT_KINDS, type Fault, type When } from './fault.ts';

type EventTrigger = Extract<When, { readonly on: string }>;

/** How long an exited process stays away until something starts it again. */
const SUPERVISOR_MICROS = 1_000_000;

/** How a process ends by its own decision; see `WORLD_EVENTS.processEnded`. */
const EXITED = 2;

/** Faults that, struck at a crash point, part what comes before it from what comes after. */
const PARTING: ReadonlySet<string> = new Set([
  'crash',
  'powerOff',
  'tornTail',
  'powerLoss',
  'allRestart',
  'pause',
  'reset',
  ...CUT_KINDS,
]);

/** Who takes part in a run: the host ids of the voters, of all servers, and of the clients. */
export interface Company {
  readonly voters: readonly number[];
  readonly servers: readonly number[];
  readonly clients: readonly number[];
}

/**
 * Strikes with the faults of a plan, each when its time, its event or its turn has come, and undoes
 * it when it is over. At the heal it undoes all that is left, and strikes no more.
 */
export class FaultInjector implements Observer, PacketObserver {
  /** How often each kind has struck, and each of its notable forms; see {@link formsOf}. */
  readonly counts: Map<string, number> = new Map();
  /** How often a fault has struck at each crash point; see `CRASH_POINTS`. */
  readonly crashPoints: Map<string, number> = new Map();
  /** By their place in the plan: which faults have struck at least once. */
  readonly struck: Set<number> = new Set();
  /** Whether a fault waits for a packet, so that packets have to be looked at. */
  readonly watchesPackets: boolean;

  private readonly world: World;
  private readonly company: Company;
  private readonly cast: Cast;
  private readonly random: RandomStream;
  private readonly ongoing = new Set<() => void>();
  /** By the number of the event that they wait for. */
  private readonly triggers: (Trigger[] | undefined)[] = new Array(EVENT_KIND_COUNT).fill(
    undefined,
  );
  private readonly packetTriggers = new Map<string, Trigger[]>();
  /** Faults that come after another, by the name of that. */
  private readonly followers = new Map<string, Follower[]>();
  private isHealed = false;

  constructor(world: World, company: Company, faults: readonly Fault[]) {
    this.world = world;
    this.company = company;
    this.cast = new Cast(company.voters);
    this.random = new RandomStream(world.seed, 'faults');
    faults.forEach((fault, index) => {
      this.prepare({ fault, index });
    });
    this.watchesPackets = this.packetTriggers.size > 0;
  }

  /** Something has happened, which may be what a fault waits for. It strikes there and then. */
  observe(host: number, kind: number, value: number, peer: number): void {
    this.cast.observe(host, kind);
    const triggers = this.triggers[kind];
    if (triggers !== undefined) this.pull(triggers, { host, peer });
    this.cast.settle(host, kind);
    if (kind === WORLD_EVENTS.processEnded && value === EXITED) this.restartLater(host);
  }

  sent(from: number, to: number, port: string, message: unknown): void {
    this.pullPacket('sent', port, message, { host: from, peer: to });
  }

  received(from: number, to: number, port: string, message: unknown): void {
    this.pullPacket('received', port, message, { host: to, peer: from });
  }

  /** Ends every fault. From now on the ensemble owes progress. */
  heal(): void {
    this.isHealed = true;
    for (const end of [...this.ongoing]) end();
    for (const id of [...this.company.servers, ...this.company.clients]) this.startAgain(id);
  }

  private prepare(planned: Planned): void {
    const { when } = planned.fault;
    if ('atMicros' in when) {
      this.at(when.atMicros, () => this.begin(planned, NOWHERE));
    } else if ('after' in when) {
      addTo(this.followers, when.after, { planned, delayMicros: when.delayMicros });
    } else {
      const trigger = new Trigger(planned, when);
      const kind = eventKind(when.on);
      if (kind === undefined) addTo(this.packetTriggers, when.on, trigger);
      else this.triggers[kind] = [...(this.triggers[kind] ?? []), trigger];
    }
  }

  private pullPacket(how: string, port: string, message: unknown, scene: Scene): void {
    const name = packetName(port, message);
    const triggers = name === null ? undefined : this.packetTriggers.get(`${name} ${how}`);
    if (triggers !== undefined) this.pull(triggers, scene);
  }

  private pull(triggers: readonly Trigger[], scene: Scene): void {
    const role = this.cast.roleOf(scene.host);
    for (const trigger of triggers) {
      if (!trigger.isPulledBy(scene.host, role)) continue;
      const { planned, delayMicros } = trigger;
      if (delayMicros === 0) this.begin(planned, scene);
      else this.at(this.world.timeline.now + delayMicros, () => this.begin(planned, scene));
    }
  }

  /** A fault's time has come, and perhaps comes again. */
  private begin(planned: Planned, scene: Scene): void {
    if (this.isHealed) return;
    const { now } = this.world.timeline;
    this.strike(planned, scene);
    const { times, everyMicros } = planned.fault.repeat ?? { times: 1, everyMicros: 0 };
    for (let n = 1; n < times; n++) {
      this.at(now + n * everyMicros, () => this.strike(planned, scene));
    }
  }

  private strike({ fault, index }: Planned, scene: Scene): void {
    if (!afflict(fault, this.stage(scene))) return;
    for (const form of formsOf(fault)) count(this.counts, form);
    const point = PARTING.has(fault.kind) ? crashPointOf(fault.when) : null;
    if (point !== null) count(this.crashPoints, point);
    if (this.struck.has(index)) return;
    this.struck.add(index);
    const { now } = this.world.timeline;
    for (const { planned, delayMicros } of this.followers.get(fault.name ?? '') ?? []) {
      this.at(now + delayMicros, () => this.begin(planned, scene));
    }
  }

  private stage(scene: Scene): Stage {
    const { world, company, cast, random } = this;
    return {
      world,
      ...company,
      clientHost: (client) => company.clients[client - 1] ?? 0,
      whom: (whom) => cast.find(whom, scene),
      random: (bound) => random.below(bound),
      later: (micros, begin) => this.at(world.timeline.now + micros, begin),
      during: (micros, end) => this.during(micros, end),
    };
  }

  /** A process that has ended by itself is started again, as a supervisor would. */
  private restartLater(id: number): void {
    const { now } = this.world.timeline;
    this.world.schedule(now + SUPERVISOR_MICROS, { perform: () => this.startAgain(id) });
  }

  private startAgain(id: number): void {
    const host = this.world.host(id);
    if (!host.isRunning) host.start();
  }

  private during(micros: number, end: () => void): void {
    const once = (): void => {
      if (this.ongoing.delete(once)) end();
    };
    this.ongoing.add(once);
    this.world.schedule(this.world.timeline.now + micros, { perform: once });
  }

  private at(micros: number, begin: () => void): void {
    const perform = (): void => {
      if (!this.isHealed) begin();
    };
    this.world.schedule(micros, { perform });
  }
}

/** A fault, and its place in the plan. */
interface Planned {
  readonly fault: Fault;
  readonly index: number;
}

/** A fault that comes after another. */
interface Follower {
  readonly planned: Planned;
  readonly delayMicros: number;
}

/** Counts the occurrences that a fault waits for. */
class Trigger {
  readonly planned: Planned;
  readonly delayMicros: number;
  private readonly when: EventTrigger;
  private left: number;

  constructor(planned: Planned, when: EventTrigger) {
    this.planned = planned;
    this.when = when;
    this.left = when.nth ?? 1;
    this.delayMicros = when.delayMicros ?? 0;
  }

  isPulledBy(host: number, role: 'leader' | 'learner' | null): boolean {
    const { when } = this;
    if (when.server !== undefined && when.server !== host) return false;
    if (when.role !== undefined && when.role !== role) return false;
    return --this.left === 0;
  }
}

/** What a strike is counted as: its kind, and whom it was meant for, and that it comes again. */
function formsOf(fault: Fault): string[] {
  const forms: string[] = [fault.kind];
  if ('server' in fault && fault.server === 'leader') forms.push(`${fault.kind}-leader`);
  if (fault.repeat === undefined) return forms;
  if (fault.kind === 'crash') forms.push('crash-loop');
  else if (CUT_KINDS.some((kind) => kind === fault.kind)) forms.push('flapping');
  return forms;
}

function addTo<Value>(map: Map<string, Value[]>, key: string, value: Value): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else list.push(value);
}

function count(counts: Map<string, number>, what: string): void {
  counts.set(what, (counts.get(what) ?? 0) + 1);
}
