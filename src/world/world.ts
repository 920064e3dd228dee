import { assert } from '../kernel/assert.ts';
import type { EventHandle } from '../kernel/event-queue.ts';
import { RandomStream } from '../kernel/random.ts';
import type { Bottleneck } from './bottleneck.ts';
import { Clock } from './clock.ts';
import { type Delivery, Endpoint } from './connection.ts';
import { Disk, type DiskSpeed } from './disk.ts';
import type { DiskOperation } from './disk-operation.ts';
import { WORLD_EVENTS } from './events.ts';
import { Host, type ThreadDelay } from './host.ts';
import { type Latency, Link, noPackets, type PacketCounts } from './link.ts';
import type { ConnectionListener, TimerListener, WakeListener } from './listeners.ts';
import type { Process, ProgramFactory } from './process.ts';
import { type Action, EVENT, type EventTarget, Timeline } from './timeline.ts';

/** What each link carries, and how much each message asks of it. */
export interface Bandwidth {
  /** 0 for no limit but those that faults set. */
  readonly bytesPerSecond: number;
  bytesOf(port: string, message: unknown): number;
}

export interface WorldOptions {
  readonly latency: Latency;
  readonly bandwidth: Bandwidth;
  readonly diskSpeed: DiskSpeed;
  readonly threadDelay: ThreadDelay;
  /** `datagram` takes TCP's promises away from every connection; see `Endpoint`. */
  readonly transport: 'stream' | 'datagram';
}

/** A SYN or its answer that meets a cut link is sent again after so long. */
const CONNECT_RETRY_MICROS = 1_000_000;

/**
 * Simulated hosts and the links between them. One call of {@link World.step} performs the earliest
 * event: time moves to it, its process is told, and whatever that does in answer is done.
 */
export class World {
  readonly seed: string;
  readonly options: WorldOptions;
  readonly timeline: Timeline = new Timeline();
  readonly packets: PacketCounts = noPackets();
  eventCount = 0;

  private readonly hosts = new Map<number, Host>();
  private readonly links = new Map<number, Link>();
  private readonly resets: RandomStream;

  constructor(seed: string, options: WorldOptions) {
    this.seed = seed;
    this.options = options;
    this.resets = new RandomStream(seed, 'resets');
  }

  /**
   * @param id from 1 to 255
   * @param clock drift in parts per million, offset of the wall clock in microseconds
   */
  addHost<LogRecord, Snapshot>(
    id: number,
    clock: { readonly driftPpm: number; readonly offsetMicros: number },
    factory: ProgramFactory<Disk<LogRecord, Snapshot>>,
  ): Host<Disk<LogRecord, Snapshot>> {
    assert(id >= 1 && id <= 255 && !this.hosts.has(id), 'host ids are unique, from 1 to 255');
    const { timeline, seed, options } = this;
    const disk = new Disk<LogRecord, Snapshot>(timeline, seed, id, options.diskSpeed);
    const host = new Host(this, id, disk, new Clock(clock.driftPpm, clock.offsetMicros), factory);
    this.hosts.set(id, host);
    return host;
  }

  host(id: number): Host {
    const host = this.hosts.get(id);
    assert(host !== undefined, 'no such host');
    return host;
  }

  /** The directed link between two hosts. */
  link(from: number, to: number): Link {
    const key = from * 256 + to;
    let link = this.links.get(key);
    if (link === undefined) {
      const { latency, bandwidth } = this.options;
      const { timeline, seed, packets } = this;
      link = new Link(timeline, seed, from, to, latency, bandwidth.bytesPerSecond, packets);
      this.links.set(key, link);
    }
    return link;
  }

  /** Does something at `at` microseconds, or now if that has passed. */
  schedule(at: number, action: Action): void {
    this.timeline.queue.push(Math.max(at, this.timeline.now), EVENT.action, 0, null, action);
  }

  dial(process: Process, to: number, port: string, listener: ConnectionListener): Endpoint {
    const out = this.link(process.host.id, to);
    const endpoint = new Endpoint(process, port, out, this.options.transport === 'stream');
    endpoint.listener = listener;
    if (!process.isAlive) return endpoint;
    const at = this.timeline.now + out.streamDelay();
    this.timeline.queue.push(at, EVENT.connect, to, null, endpoint);
    return endpoint;
  }

  cutLink(from: number, to: number): void {
    const link = this.link(from, to);
    link.cut();
    this.timeline.observe(from, WORLD_EVENTS.linkCut, 0, to, null);
  }

  healLink(from: number, to: number): void {
    const link = this.link(from, to);
    link.heal();
    this.timeline.observe(from, WORLD_EVENTS.linkHealed, 0, to, null);
    if (link.isCut) return;
    for (const endpoint of link.stalled.splice(0)) endpoint.linkHealed();
  }

  /**
   * Breaks the connections between two hosts, or those of one host when `b` is `null`.
   *
   * @returns whether there was any
   */
  resetConnections(a: number, b: number | null): boolean {
    const process = this.host(a).process;
    let count = 0;
    for (const endpoint of [...(process?.endpoints ?? [])]) {
      const other = endpoint.peer?.process.host.id ?? 0;
      if (b !== null && other !== b) continue;
      if (!endpoint.reset(this.resets)) continue;
      count++;
      this.timeline.observe(a, WORLD_EVENTS.connectionReset, 0, other, null);
    }
    return count > 0;
  }

  /** Performs the earliest event. @returns `false` when nothing is pending */
  step(): boolean {
    const { queue } = this.timeline;
    if (!queue.pop()) return false;
    const { handle, kind, arg, owner } = queue;
    const target = queue.target as EventTarget;
    this.timeline.now = queue.at;
    this.eventCount++;
    this.timeline.digest.mix(queue.at * 16 + kind);
    if (owner?.host.isPaused && owner.isAlive) {
      this.hold(owner, handle, kind, arg, target);
    } else {
      this.perform(kind, arg, owner, target);
    }
    return true;
  }

  /**
   * A paused process hears nothing, but what its disk was writing gets written, and what arrives
   * waits in its sockets.
   */
  private hold(
    owner: Process,
    handle: EventHandle,
    kind: number,
    arg: number,
    target: EventTarget,
  ): void {
    if (kind === EVENT.stored) {
      const operation = target as DiskOperation;
      if (!operation.disk.complete(operation)) return;
    }
    if (kind !== EVENT.packet) owner.host.hold(handle, kind, arg, target);
    else if ((target as Endpoint).isReached()) owner.host.hold(handle, EVENT.read, arg, target);
  }

  /** Does what an event says. Each kind has one type of target; see `EVENT`. */
  perform(kind: number, arg: number, owner: Process | null, target: EventTarget): void {
    switch (kind) {
      case EVENT.packet:
        (target as Endpoint).packetArrived();
        break;
      case EVENT.read:
        (target as Endpoint).read();
        break;
      case EVENT.timer:
        if (owner?.isAlive === true) (target as TimerListener).timerFired(arg);
        break;
      case EVENT.wake:
        if (owner?.isAlive === true) (target as WakeListener).awake();
        break;
      case EVENT.stored:
        this.stored(owner, target as DiskOperation);
        break;
      case EVENT.retransmit:
        (target as Endpoint).retransmitted();
        break;
      case EVENT.datagram: {
        const { to, message } = target as Delivery;
        to.datagramArrived(message);
        break;
      }
      case EVENT.handle: {
        const { to, message } = target as Delivery;
        to.handle(message);
        break;
      }
      case EVENT.arrived: {
        const { to, message } = target as Delivery;
        to.arrived(message);
        break;
      }
      case EVENT.transmitted:
        (target as Bottleneck).transmitted();
        break;
      case EVENT.connect:
        this.connect(target as Endpoint, arg);
        break;
      case EVENT.refused:
        this.refused(target as Endpoint, arg);
        break;
      default:
        (target as Action).perform();
    }
  }

  private stored(owner: Process | null, operation: DiskOperation): void {
    if (!operation.disk.complete(operation)) return;
    if (owner?.isAlive !== true) return;
    if (!operation.succeeded) {
      this.timeline.observe(owner.host.id, WORLD_EVENTS.diskFailed, operation.number, 0, null);
    }
    if (owner.isAlive) operation.listener.stored(operation.number, operation.succeeded);
  }

  /** A request for a connection has reached the host that was dialled. */
  private connect(dialler: Endpoint, to: number): void {
    if (!dialler.isConnecting) return;
    const host = this.host(to);
    const isSilent = host.isPaused && host.isRunning;
    if (isSilent || this.link(dialler.process.host.id, to).swallows()) {
      this.retryConnect(dialler, to);
    } else if (!this.accept(dialler, host)) {
      if (host.isPowered) this.refuse(dialler, to);
      else this.retryConnect(dialler, to);
    }
  }

  /** @returns `false` when nobody is there, does not want to, or has ended while it was asked */
  private accept(dialler: Endpoint, { id, process, program }: Host): boolean {
    if (process === null || program === null) return false;
    const back = this.link(id, dialler.process.host.id);
    const endpoint = new Endpoint(process, dialler.port, back, dialler.isStream);
    const listener = program.accept(dialler.port, endpoint);
    if (listener !== null && endpoint.isConnecting) {
      endpoint.accept(dialler, listener);
      return true;
    }
    process.endpoints.delete(endpoint);
    return false;
  }

  private refuse(dialler: Endpoint, by: number): void {
    const delay = this.link(by, dialler.process.host.id).streamDelay();
    const at = this.timeline.now + delay;
    this.timeline.queue.push(at, EVENT.refused, by, dialler.process, dialler);
  }

  /** The answer to a request for a connection, that there will be none, is back at the dialler. */
  private refused(dialler: Endpoint, by: number): void {
    if (!dialler.isConnecting) return;
    if (this.link(by, dialler.process.host.id).swallows()) this.retryConnect(dialler, by);
    else dialler.refused();
  }

  private retryConnect(dialler: Endpoint, to: number): void {
    const at = this.timeline.now + CONNECT_RETRY_MICROS;
    this.timeline.queue.push(at, EVENT.connect, to, null, dialler);
  }
}
