import { Fifo } from '../kernel/fifo.ts';
import type { RandomStream } from '../kernel/random.ts';
import type { Sender } from './bottleneck.ts';
import type { Link } from './link.ts';
import type { Connection, ConnectionListener } from './listeners.ts';
import type { Process } from './process.ts';
import { EVENT, type Timeline } from './timeline.ts';

/** Stands in a stream before the first message: the other side has accepted. */
const ACCEPTED = Symbol('accepted');
/** Stands in a stream behind the last message: the other side has closed, or the way is broken. */
const END = Symbol('end of stream');

const CONNECTING = 0;
const OPEN = 1;
const CLOSED = 2;

/**
 * One side of a connection between two processes.
 *
 * A stream keeps TCP's promises: messages arrive in the order in which they were sent, each once,
 * as long as the connection lives; a lost packet holds up everything behind it, a cut link is
 * silence, and when a connection breaks a prefix of what was under way still arrives. A datagram
 * connection keeps none of them: packets are lost, doubled and overtake one another.
 */
export class Endpoint implements Connection, Sender {
  readonly process: Process;
  readonly port: string;
  readonly isStream: boolean;
  /** The other side; `null` until the other process has accepted. */
  peer: Endpoint | null = null;
  listener: ConnectionListener | null = null;

  private readonly timeline: Timeline;
  private readonly out: Link;
  private state = CONNECTING;
  /** Lost its process without a word to the other side. */
  private hasVanished = false;
  private readonly underWay = new Fifo<unknown>();
  private lastArrivalAt = 0;
  /** How many messages have reached a link that was cut and wait for it to heal. */
  private stalledCount = 0;
  private stalledSince = 0;

  constructor(process: Process, port: string, out: Link, isStream: boolean) {
    this.process = process;
    this.port = port;
    this.out = out;
    this.isStream = isStream;
    this.timeline = process.timeline;
    process.endpoints.add(this);
  }

  get remoteAddress(): string {
    return this.peer?.process.host.address ?? '';
  }

  get isConnecting(): boolean {
    return this.state === CONNECTING;
  }

  /** Takes the connection that `dialler` asked for. */
  accept(dialler: Endpoint, listener: ConnectionListener): void {
    this.peer = dialler;
    this.listener = listener;
    this.state = OPEN;
    dialler.peer = this;
    this.put(ACCEPTED, 0);
  }

  send(message: unknown): void {
    if (this.state !== OPEN || !this.process.isAlive) return;
    if (this.out.bottleneck.bytesPerSecond === 0) this.depart(message);
    else this.put(message, this.process.bytesOf(this.port, message));
    this.timeline.sent(this.out.from, this.out.to, this.port, message);
  }

  close(): void {
    if (this.state === CLOSED || !this.process.isAlive) return;
    if (this.state === OPEN) this.put(END, 0);
    this.release();
  }

  /** A message has left the host. */
  depart(message: unknown): void {
    if (this.isStream || message === ACCEPTED || message === END) this.sendOnStream(message);
    else this.sendDatagrams(message);
  }

  /**
   * The connection breaks here: of what is under way to the other side a random prefix arrives,
   * then the end, unless the host is `silent` because it has lost its power.
   */
  breakOff(random: RandomStream, silent: boolean): void {
    if (this.state === OPEN) {
      this.loseSuffix(random);
      if (silent) this.hasVanished = true;
      else this.sendOnStream(END);
    }
    this.release();
  }

  /**
   * The way between the two ends is reset from outside; both still have to learn of it.
   *
   * @returns `false` when there is nothing to break yet
   */
  reset(random: RandomStream): boolean {
    if (this.state !== OPEN || this.peer === null) return false;
    for (const side of [this, this.peer]) {
      side.loseSuffix(random);
      side.sendOnStream(END);
    }
    return true;
  }

  /** The connection was refused. */
  refused(): void {
    if (this.state === CONNECTING) this.end();
  }

  /** A packet of the other side has arrived. */
  packetArrived(): void {
    if (this.isReached()) this.read();
  }

  /** Whether a packet that is due gets here; one that a cut link swallows is sent again later. */
  isReached(): boolean {
    const sender = this.peer;
    if (sender === null) return false;
    if (!sender.out.swallows() && sender.stalledCount === 0) return true;
    sender.stall();
    return false;
  }

  /** Takes the next message that has arrived. */
  read(): void {
    const sender = this.peer;
    const message = sender?.underWay.shift();
    if (message === ACCEPTED) this.accepted();
    else if (message !== undefined) this.arrived(message);
  }

  /** TCP tries again what waited for the link to heal: all of it arrives now. */
  retransmitted(): void {
    if (this.out.swallows()) {
      this.out.stalled.push(this);
      return;
    }
    const peer = this.peer as Endpoint;
    for (; this.stalledCount > 0; this.stalledCount--) {
      this.timeline.queue.push(this.timeline.now, EVENT.packet, 0, peer.process, peer);
    }
  }

  /** The link that this side sends on has healed. */
  linkHealed(): void {
    const delay = this.out.retransmitDelay(this.timeline.now - this.stalledSince);
    this.timeline.queue.push(this.timeline.now + delay, EVENT.retransmit, 0, null, this);
  }

  datagramArrived(message: unknown): void {
    if (this.peer?.out.swallows() !== true) this.arrived(message);
  }

  /** A message, or the end, is at the host; it waits there as long as nobody reads. */
  arrived(message: unknown): void {
    const { host, isAlive } = this.process;
    if (host.isDeaf && isAlive) host.leaveUnread(new Delivery(this, message));
    else if (message !== END) this.deliver(message);
    else this.endArrived();
  }

  /** The process is told of a message, unless it has ended, or closed the connection. */
  handle(message: unknown): void {
    this.listener?.received(message);
  }

  /** Sends a message, behind those that wait for the link. */
  private put(message: unknown, byteCount: number): void {
    const { bottleneck } = this.out;
    if (bottleneck.bytesPerSecond === 0) this.depart(message);
    else bottleneck.enqueue(this, message, byteCount);
  }

  /** A random part of what has not arrived will not arrive: a prefix is left. */
  private loseSuffix(random: RandomStream): void {
    for (const message of this.out.bottleneck.remove(this)) this.depart(message);
    this.underWay.truncate(random.below(this.underWay.length + 1));
  }

  private sendOnStream(message: unknown): void {
    const { now } = this.timeline;
    const arrivalAt = Math.max(now + this.out.streamDelay(), this.lastArrivalAt);
    this.lastArrivalAt = arrivalAt;
    this.underWay.push(message);
    const peer = this.peer as Endpoint;
    this.timeline.queue.push(arrivalAt, EVENT.packet, 0, peer.process, peer);
  }

  private sendDatagrams(message: unknown): void {
    const peer = this.peer as Endpoint;
    const { now, queue } = this.timeline;
    for (const delay of this.out.datagramDelays()) {
      queue.push(now + delay, EVENT.datagram, 0, peer.process, new Delivery(peer, message));
    }
  }

  private stall(): void {
    if (this.stalledCount++ > 0) return;
    this.stalledSince = this.timeline.now;
    this.out.stalled.push(this);
  }

  private accepted(): void {
    if (this.state === CLOSED) {
      this.answerReset();
      return;
    }
    this.state = OPEN;
    this.listener?.connected();
  }

  private deliver(message: unknown): void {
    if (this.state !== OPEN) {
      if (this.hasVanished) this.answerReset();
      return;
    }
    this.timeline.received(this.out.to, this.out.from, this.port, message);
    const { host } = this.process;
    if (host.isPaused && this.process.isAlive) host.holdFirst(new Delivery(this, message));
    else this.handle(message);
  }

  /**
   * The host has no such connection any more. It says so when it is on; that is how the other side
   * learns of a loss of power.
   */
  private answerReset(): void {
    this.hasVanished = !this.process.host.isPowered;
    if (!this.hasVanished) this.sendOnStream(END);
  }

  /** The other side reads no more, so what still waits for the link is not sent. */
  private endArrived(): void {
    this.out.bottleneck.remove(this);
    if (this.state !== CLOSED) this.end();
  }

  private end(): void {
    const listener = this.listener;
    this.release();
    listener?.closed();
  }

  private release(): void {
    this.state = CLOSED;
    this.listener = null;
    this.process.endpoints.delete(this);
  }
}

/** A message by itself: a raw packet under way, or one that is at its process. */
export class Delivery {
  readonly to: Endpoint;
  readonly message: unknown;

  constructor(to: Endpoint, message: unknown) {
    this.to = to;
    this.message = message;
  }
}
