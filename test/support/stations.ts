import type { Disk } from '../../src/world/disk.ts';
import type { Host } from '../../src/world/host.ts';
import type {
  Connection,
  ConnectionListener,
  Program,
  StorageListener,
  TimerListener,
} from '../../src/world/listeners.ts';
import type { Process } from '../../src/world/process.ts';
import { World, type WorldOptions } from '../../src/world/world.ts';

/** A disk of words: log records and snapshots are strings. */
export type WordDisk = Disk<string, string>;

/** Where every packet takes a millisecond, every write another, and nothing is left to chance. */
const STEADY: WorldOptions = {
  bandwidth: { bytesPerSecond: 0, bytesOf: (_port, message) => String(message).length },
  latency: { minMicros: 1000, maxMicros: 1000, tailPpm: 0, tailMicros: 0 },
  diskSpeed: { syncMinMicros: 1000, syncMaxMicros: 1000 },
  threadDelay: { minMicros: 10, maxMicros: 10 },
  transport: 'stream',
};

/** The port on which every station's program refuses to be called. */
export const REFUSED_PORT = 'refused';

export function steadyWorld(seed = 'steady', options: Partial<WorldOptions> = {}): World {
  return new World(seed, { ...STEADY, ...options });
}

/** Lets so much simulated time pass. */
export function advance(world: World, micros: number): void {
  let isOver = false;
  const perform = (): void => {
    isOver = true;
  };
  world.schedule(world.timeline.now + micros, { perform });
  while (!isOver) world.step();
}

/** Goes on until nothing is pending any more. */
export function settle(world: World): void {
  while (world.step());
}

/** One side of a connection, and all that it has heard. */
export class Channel implements ConnectionListener {
  connection: Connection | null = null;
  /** In the order of their arrival. */
  readonly messages: unknown[] = [];
  /** When each message came, in microseconds of simulated time. */
  readonly times: number[] = [];
  /** The calls in order: connected, received, closed. */
  readonly story: string[] = [];
  private readonly world: World;

  constructor(world: World) {
    this.world = world;
  }

  connected(): void {
    this.story.push('connected');
  }

  received(message: unknown): void {
    this.story.push('received');
    this.messages.push(message);
    this.times.push(this.world.timeline.now);
  }

  closed(): void {
    this.story.push('closed');
  }

  send(...messages: readonly unknown[]): void {
    for (const message of messages) this.connection?.send(message);
  }

  close(): void {
    this.connection?.close();
  }
}

/** A host whose program does nothing but note what it is told; the test gives the orders. */
export class Station implements TimerListener, StorageListener {
  readonly host: Host<WordDisk>;
  /** The connections that its programs have accepted. */
  readonly accepted: Channel[] = [];
  /** Timers and finished writes, by their numbers, with the time. */
  readonly fired: { readonly timer: number; readonly at: number }[] = [];
  readonly stores: { readonly write: number; readonly succeeded: boolean; readonly at: number }[] =
    [];
  private readonly world: World;

  constructor(world: World, id: number, clock = { driftPpm: 0, offsetMicros: 0 }) {
    this.world = world;
    const boot = (): Program => ({
      start: () => {},
      accept: (port, connection) => this.accept(port, connection),
    });
    this.host = world.addHost<string, string>(id, clock, { boot });
    this.host.start();
  }

  /** The running process. */
  get process(): Process<WordDisk> {
    const { process } = this.host;
    if (process === null) throw new Error('this station is down');
    return process;
  }

  get disk(): WordDisk {
    return this.host.disk;
  }

  dial(to: Station, port = 'any'): Channel {
    const channel = new Channel(this.world);
    channel.connection = this.process.dial(to.host.id, port, channel);
    return channel;
  }

  timerFired(timer: number): void {
    this.fired.push({ timer, at: this.world.timeline.now });
  }

  stored(write: number, succeeded: boolean): void {
    this.stores.push({ write, succeeded, at: this.world.timeline.now });
  }

  private accept(port: string, connection: Connection): Channel | null {
    if (port === REFUSED_PORT) return null;
    const channel = new Channel(this.world);
    channel.connection = connection;
    this.accepted.push(channel);
    return channel;
  }
}

/** Two stations, 1 and 2, and a connection between them that 1 has dialled. */
export class Pair {
  readonly world: World;
  readonly one: Station;
  readonly two: Station;
  readonly near: Channel;
  readonly far: Channel;

  constructor(world: World) {
    this.world = world;
    this.one = new Station(world, 1);
    this.two = new Station(world, 2);
    this.near = this.one.dial(this.two);
    settle(world);
    const [far] = this.two.accepted;
    if (far === undefined) throw new Error('the connection was not accepted');
    this.far = far;
  }
}

/** The integers from 0 to `count` - 1. */
export function upTo(count: number): number[] {
  return Array.from({ length: count }, (_, n) => n);
}
