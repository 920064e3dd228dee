import type { EventHandle } from '../kernel/event-queue.ts';
import type { RandomStream } from '../kernel/random.ts';
import type { Endpoint } from './connection.ts';
import type { AnyDisk } from './disk.ts';
import type { Host } from './host.ts';
import type {
  Connection,
  ConnectionListener,
  Program,
  TimerListener,
  WakeListener,
} from './listeners.ts';
import { EVENT, type Timeline } from './timeline.ts';
import type { World } from './world.ts';

/**
 * One run of a host's program, from its start to its end, and all that the program may ask for.
 * What a process that has ended still asks for is not done: a handler that a crash has overtaken
 * runs to its end without effect.
 */
export class Process<Storage extends AnyDisk = AnyDisk> {
  readonly host: Host<Storage>;
  readonly timeline: Timeline;
  readonly endpoints: Set<Endpoint> = new Set();
  isAlive = true;
  private readonly world: World;
  private readonly stream: RandomStream;

  constructor(host: Host<Storage>, world: World, stream: RandomStream) {
    this.host = host;
    this.world = world;
    this.timeline = world.timeline;
    this.stream = stream;
  }

  /** How long a message is on the wire. */
  bytesOf(port: string, message: unknown): number {
    return this.world.options.bandwidth.bytesOf(port, message);
  }

  get storage(): Storage {
    return this.host.disk;
  }

  /** The host's monotonic clock, in microseconds. */
  now(): number {
    return this.host.clock.monotonic(this.timeline.now);
  }

  /** The host's wall clock, in milliseconds. */
  wallClockMs(): number {
    return Math.floor(this.host.clock.wall(this.timeline.now) / 1000);
  }

  /** An integer from 0 to `bound` - 1, of this process's own sequence. */
  random(bound: number): number {
    return this.stream.below(bound);
  }

  /** Fires once, after `micros` by the host's clock. */
  setTimer(micros: number, listener: TimerListener, timer: number): EventHandle {
    const at = this.timeline.now + this.host.clock.simulated(micros);
    return this.timeline.queue.push(at, EVENT.timer, timer, this, listener);
  }

  cancelTimer(handle: EventHandle): void {
    if (!this.timeline.queue.cancel(handle)) this.host.cancelHeld(handle);
  }

  /** Lets another thread of the program run soon: after other events, and after a possible crash. */
  wake(listener: WakeListener): void {
    const at = this.timeline.now + this.host.threadDelay();
    this.timeline.queue.push(at, EVENT.wake, 0, this, listener);
  }

  dial(host: number, port: string, listener: ConnectionListener): Connection {
    return this.world.dial(this, host, port, listener);
  }

  /** Tells the observers what has just happened. They may end or pause the process there and then. */
  emit(kind: number, value: number, peer: number, subject: unknown): void {
    if (this.isAlive) this.timeline.observe(this.host.id, kind, value, peer, subject);
  }

  /** The program ends itself. */
  exit(): void {
    if (this.isAlive) this.host.exit();
  }
}

/** Makes the program of each process that a host starts. */
export interface ProgramFactory<Storage extends AnyDisk> {
  boot(process: Process<Storage>): Program;
}
