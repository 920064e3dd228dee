import { RandomStream } from '../../src/kernel/random.ts';
import type { Plan } from '../../src/scenario/plan.ts';
import { type Run, run, type TraceObserver } from '../../src/scenario/run.ts';
import type { RunView } from '../../src/scenario/run-view.ts';
import type { World } from '../../src/world/world.ts';
import { SECOND } from './plans.ts';

/** How often a client dies of what it hears, sends, or of what happens at a server. */
const DEATH_PPM = 4000;
const TIMED_DEATHS = 8;
const DEAFNESSES = 6;
const DOWN_MAX_MICROS = 4 * SECOND;

/** How a storm went. */
export interface StormRun {
  readonly result: Run;
  /** How often a client did not read for a while. */
  readonly deafnesses: number;
  /** Crashes of clients, by what they died of. */
  readonly deaths: Readonly<Record<Cause, number>>;
}

type Cause = 'time' | 'sent' | 'received' | 'event';

/**
 * Runs a plan, and beside its faults crashes clients again and again until the heal: at any time, at
 * a message that they get or have sent, and at what happens in a server. Some do not read for a while.
 */
export function runClientStorm(plan: Plan): StormRun {
  const storm = new ClientStorm(plan);
  const result = run(plan, storm);
  const { deaths, deafnesses } = storm;
  return { result, deaths, deafnesses };
}

class ClientStorm implements TraceObserver {
  readonly deaths: Record<Cause, number> = { time: 0, sent: 0, received: 0, event: 0 };
  deafnesses = 0;
  private readonly plan: Plan;
  private readonly random: RandomStream;
  private readonly firstHost: number;
  private world: World | null = null;

  constructor(plan: Plan) {
    this.plan = plan;
    this.random = new RandomStream(plan.seed, 'client-storm');
    this.firstHost = plan.servers + plan.observers + 1;
  }

  begin({ ensemble }: RunView): void {
    const { world } = ensemble;
    const { healAtMicros } = this.plan;
    this.world = world;
    for (let n = 0; n < TIMED_DEATHS; n++) {
      const perform = (): void => this.crash(this.anyClient(), 'time');
      world.schedule(this.random.below(healAtMicros), { perform });
    }
    for (let n = 0; n < DEAFNESSES; n++) {
      const perform = (): void => this.deafen(this.anyClient());
      world.schedule(this.random.below(healAtMicros), { perform });
    }
  }

  observe(host: number, kind: number): void {
    const isOfServer = host < this.firstHost && kind < 200;
    if (isOfServer && this.random.chance(DEATH_PPM / 10)) this.crash(this.anyClient(), 'event');
  }

  /** The message is on its way, and its sender does no more. */
  sent(from: number): void {
    if (this.isClient(from) && this.random.chance(DEATH_PPM)) this.crash(from, 'sent');
  }

  /** The message has come, and nobody reads it. */
  received(_from: number, to: number): void {
    if (this.isClient(to) && this.random.chance(DEATH_PPM)) this.crash(to, 'received');
  }

  private crash(id: number, cause: Cause): void {
    const { world, random, plan } = this;
    if (world === null || world.timeline.now >= plan.healAtMicros) return;
    const host = world.host(id);
    if (!host.isRunning) return;
    this.deaths[cause]++;
    if (random.chance(300_000)) host.losePower();
    else host.kill();
    const backAt = world.timeline.now + random.below(random.pick([1000, DOWN_MAX_MICROS]));
    const perform = (): void => {
      if (!host.isRunning) host.start();
    };
    world.schedule(Math.min(backAt, plan.healAtMicros), { perform });
  }

  private deafen(id: number): void {
    const { world, random, plan } = this;
    const host = world?.host(id);
    const process = host?.process ?? null;
    if (world === null || host === undefined || process === null) return;
    this.deafnesses++;
    host.stopReading();
    const endsAt = world.timeline.now + random.below(random.pick([1, 6]) * SECOND);
    const perform = (): void => {
      if (host.process === process) host.readAgain();
    };
    world.schedule(Math.min(endsAt, plan.healAtMicros), { perform });
  }

  private isClient(host: number): boolean {
    return host >= this.firstHost;
  }

  private anyClient(): number {
    return this.firstHost + this.random.below(this.plan.clients);
  }
}
