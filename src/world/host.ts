import { assert } from '../kernel/assert.ts';
import { type EventHandle, NO_EVENT } from '../kernel/event-queue.ts';
import { KeyedRandom, RandomStream } from '../kernel/random.ts';
import type { Clock } from './clock.ts';
import type { Delivery } from './connection.ts';
import type { AnyDisk } from './disk.ts';
import { WORLD_EVENTS } from './events.ts';
import type { Program } from './listeners.ts';
import { Process, type ProgramFactory } from './process.ts';
import { Slowdown } from './slowdown.ts';
import { EVENT, type EventTarget } from './timeline.ts';
import type { World } from './world.ts';

/** How long another thread of a program takes to get the processor, in microseconds. */
export interface ThreadDelay {
  readonly minMicros: number;
  readonly maxMicros: number;
}

/** How a process ends; see {@link Host.kill}. */
export interface Ending {
  /**
   * If anything was appended and is not synced, the first record that is lost is half written for
   * certain, behind a random part of the others that survive.
   */
  readonly tearsTail?: boolean;
}

interface HeldEvent {
  readonly handle: EventHandle;
  readonly kind: number;
  readonly arg: number;
  readonly target: EventTarget;
}

/** A machine: its disk and clocks outlive the processes that run on it, one at a time. */
export class Host<Storage extends AnyDisk = AnyDisk> {
  readonly id: number;
  readonly disk: Storage;
  readonly clock: Clock;
  /** What others see of it. */
  address: string;
  process: Process<Storage> | null = null;
  program: Program | null = null;
  isPowered = true;
  /** How many processes have been started here. */
  incarnation = 0;
  readonly slowdown: Slowdown = new Slowdown();

  private readonly world: World;
  private readonly factory: ProgramFactory<Storage>;
  private readonly delays: KeyedRandom;
  private crashes: RandomStream | null = null;
  private delayCount = 0;
  private pauseCount = 0;
  private held: HeldEvent[] = [];
  private deafCount = 0;
  /** What has arrived since the process stopped reading. */
  private unread: Delivery[] = [];

  constructor(
    world: World,
    id: number,
    disk: Storage,
    clock: Clock,
    factory: ProgramFactory<Storage>,
  ) {
    this.world = world;
    this.id = id;
    this.disk = disk;
    this.clock = clock;
    this.factory = factory;
    this.address = `10.0.0.${id}`;
    this.delays = new KeyedRandom(world.seed, `threads/${id}`);
  }

  get isRunning(): boolean {
    return this.process !== null;
  }

  get isPaused(): boolean {
    return this.pauseCount > 0;
  }

  threadDelay(): number {
    const { minMicros, maxMicros } = this.world.options.threadDelay;
    return this.delays.between(this.delayCount++, minMicros, maxMicros) * this.slowdown.factor;
  }

  /** Starts a process, powering the host if need be. */
  start(): void {
    assert(this.process === null, 'a host runs one process at a time');
    this.isPowered = true;
    this.incarnation++;
    const stream = new RandomStream(this.world.seed, `process/${this.id}/${this.incarnation}`);
    const process = new Process<Storage>(this, this.world, stream);
    this.process = process;
    this.disk.owner = process;
    this.observe(WORLD_EVENTS.processStarted, this.incarnation);
    // Who hears of it may have ended it there and then.
    if (process.isAlive) this.boot(process);
  }

  /** Whether the process takes no messages from its connections. */
  get isDeaf(): boolean {
    return this.deafCount > 0;
  }

  /** kill -9: the operating system stays and closes the connections. */
  kill(ending: Ending = {}): void {
    this.end(0, ending);
  }

  /** The whole host is off: the other ends of its connections hear nothing. */
  losePower(ending: Ending = {}): void {
    this.isPowered = false;
    this.end(1, ending);
  }

  /** The program has decided to end. */
  exit(): void {
    this.end(2, {});
  }

  /**
   * The process stops where it is, as in a long garbage collection; time goes on without it. A
   * process that is started later is not concerned.
   */
  pause(): void {
    if (this.process === null) return;
    if (this.pauseCount++ === 0) this.observe(WORLD_EVENTS.paused, 0);
  }

  resume(): void {
    if (this.pauseCount === 0 || --this.pauseCount > 0) return;
    this.observe(WORLD_EVENTS.resumed, 0);
    while (!this.isPaused) {
      const event = this.held.shift();
      if (event === undefined) return;
      this.world.perform(event.kind, event.arg, this.process, event.target);
    }
  }

  /**
   * The process stops reading from its connections: what arrives waits there in order, all else
   * goes on. A process that is started later is not concerned.
   */
  stopReading(): void {
    if (this.process === null) return;
    if (this.deafCount++ === 0) this.observe(WORLD_EVENTS.readingStopped, 0);
  }

  /** Undoes one call of {@link Host.stopReading}; after the last the process reads what has waited. */
  readAgain(): void {
    if (this.deafCount === 0 || --this.deafCount > 0) return;
    this.observe(WORLD_EVENTS.readingResumed, 0);
    // What arrived during a pause came later.
    const later = this.held.splice(0);
    for (const delivery of this.unread.splice(0)) {
      if (this.isPaused) this.hold(NO_EVENT, EVENT.arrived, 0, delivery);
      else delivery.to.arrived(delivery.message);
    }
    this.held.push(...later);
  }

  /** Keeps a message, or the end of a connection, until the process reads again. */
  leaveUnread(delivery: Delivery): void {
    this.unread.push(delivery);
  }

  /** Keeps for the resumption what would have happened to the paused process. */
  hold(handle: EventHandle, kind: number, arg: number, target: EventTarget): void {
    this.held.push({ handle, kind, arg, target });
  }

  /** Keeps, before all else, the message at which the process was paused. */
  holdFirst(delivery: Delivery): void {
    this.held.unshift({ handle: NO_EVENT, kind: EVENT.handle, arg: 0, target: delivery });
  }

  /** Takes back what is kept for the resumption. */
  cancelHeld(handle: EventHandle): void {
    const index = this.held.findIndex((event) => event.handle === handle);
    if (index >= 0) this.held.splice(index, 1);
  }

  private boot(process: Process<Storage>): void {
    const program = this.factory.boot(process);
    if (!process.isAlive) return;
    this.program = program;
    program.start();
  }

  private end(how: number, { tearsTail = false }: Ending): void {
    const { process } = this;
    if (process === null) return;
    const { held } = this;
    const lostPower = how === 1;
    process.isAlive = false;
    this.process = null;
    this.program = null;
    this.held = [];
    this.pauseCount = 0;
    this.deafCount = 0;
    this.unread = [];
    this.crashes ??= new RandomStream(this.world.seed, `crash/${this.id}`);
    const losses = this.disk.crash(this.crashes, { lostPower, tearsTail });
    for (const endpoint of [...process.endpoints]) endpoint.breakOff(this.crashes, lostPower);
    // The program hears none of it, but the other ends of connections have to be answered.
    for (const { kind, arg, target } of held) this.world.perform(kind, arg, process, target);
    this.observe(WORLD_EVENTS.processEnded, how);
    if (losses.unsyncedCount > 0) this.observe(WORLD_EVENTS.unsyncedLost, losses.unsyncedCount);
    if (losses.hasTornTail) this.observe(WORLD_EVENTS.tornTail, 0);
  }

  private observe(kind: number, value: number): void {
    this.world.timeline.observe(this.id, kind, value, 0, null);
  }
}
