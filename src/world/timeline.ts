import { Digest } from '../kernel/digest.ts';
import { EventQueue } from '../kernel/event-queue.ts';
import type { Bottleneck } from './bottleneck.ts';
import type { Delivery, Endpoint } from './connection.ts';
import type { DiskOperation } from './disk-operation.ts';
import type { TimerListener, WakeListener } from './listeners.ts';
import type { Process } from './process.ts';

/** Something the world itself does at a time: a fault begins, the workload ends. */
export interface Action {
  perform(): void;
}

/** What kinds of event the queue holds; each says of what type its target is. */
export const EVENT = {
  timer: 0,
  wake: 1,
  packet: 2,
  retransmit: 3,
  datagram: 4,
  connect: 5,
  connected: 6,
  refused: 7,
  stored: 8,
  action: 9,
  /** A message that reached its host while the process was paused. */
  read: 10,
  /** A message at which the process was paused when it was about to be told of it. */
  handle: 11,
  /** A message that arrived while the process did not read. */
  arrived: 12,
  /** A message has left its host by a link of limited bandwidth. */
  transmitted: 13,
} as const;

export type EventTarget =
  | TimerListener
  | WakeListener
  | Endpoint
  | Delivery
  | DiskOperation
  | Bottleneck
  | Action;

/**
 * Hears everything that happens, as it happens. Faults strike there and then; nobody else may
 * change anything but himself.
 */
export interface Observer {
  /**
   * @param host where
   * @param kind a number of `WORLD_EVENTS` or of the programs' own tables
   * @param value the number that goes with the kind: an epoch, a zxid, a count
   * @param peer another host concerned, or 0
   * @param subject what else belongs to it, for those who know the kind
   */
  observe(host: number, kind: number, value: number, peer: number, subject: unknown): void;
}

/**
 * Hears of messages between processes, for traces and triggers. Like any observer it may end or
 * pause the processes there and then, and break connections.
 */
export interface PacketObserver {
  /** The message is under way; what befalls its sender now does not take it back. */
  sent(from: number, to: number, port: string, message: unknown): void;
  /**
   * The message is about to be handled. A process that is ended now does not handle it, one that
   * is paused handles it when it is resumed.
   */
  received(from: number, to: number, port: string, message: unknown): void;
}

/** The time of a simulated world: what is pending, what has happened, and who watches. */
export class Timeline {
  /** Microseconds since the start. */
  now = 0;
  readonly queue: EventQueue<Process | null, EventTarget> = new EventQueue();
  readonly digest: Digest = new Digest();
  private readonly observers: Observer[] = [];
  private readonly packetObservers: PacketObserver[] = [];

  addObserver(observer: Observer): void {
    this.observers.push(observer);
  }

  addPacketObserver(observer: PacketObserver): void {
    this.packetObservers.push(observer);
  }

  observe(host: number, kind: number, value: number, peer: number, subject: unknown): void {
    this.digest.mix(kind * 0x10000 + host * 0x100 + peer);
    this.digest.mix(value);
    for (let index = 0; index < this.observers.length; index++) {
      (this.observers[index] as Observer).observe(host, kind, value, peer, subject);
    }
  }

  sent(from: number, to: number, port: string, message: unknown): void {
    for (let index = 0; index < this.packetObservers.length; index++) {
      (this.packetObservers[index] as PacketObserver).sent(from, to, port, message);
    }
  }

  received(from: number, to: number, port: string, message: unknown): void {
    for (let index = 0; index < this.packetObservers.length; index++) {
      (this.packetObservers[index] as PacketObserver).received(from, to, port, message);
    }
  }
}
