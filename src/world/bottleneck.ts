import { type EventHandle, NO_EVENT } from '../kernel/event-queue.ts';
import { Fifo } from '../kernel/fifo.ts';
import { EVENT, type Timeline } from './timeline.ts';

/** Whose messages queue. */
export interface Sender {
  /** The whole message has left the host. */
  depart(message: unknown): void;
}

interface Waiting {
  readonly sender: Sender;
  readonly message: unknown;
  readonly byteCount: number;
}

/**
 * The narrow way out of a host to another: it carries so many bytes a second, and messages of all
 * connections queue before it.
 */
export class Bottleneck {
  /** The lowest limit in force; 0 where there is none, and nothing queues. */
  bytesPerSecond: number;

  private readonly timeline: Timeline;
  private readonly general: number;
  private readonly limits: number[] = [];
  /** The first one is being transmitted. */
  private readonly queue = new Fifo<Waiting>();
  private transmission: EventHandle = NO_EVENT;

  /** @param general the limit that always holds; 0 for none */
  constructor(timeline: Timeline, general: number) {
    this.timeline = timeline;
    this.general = general;
    this.bytesPerSecond = general;
  }

  limit(bytesPerSecond: number): void {
    this.limits.push(bytesPerSecond);
    this.adjust();
  }

  /** One limit of this height is lifted. */
  unlimit(bytesPerSecond: number): void {
    this.limits.splice(this.limits.indexOf(bytesPerSecond), 1);
    this.adjust();
  }

  enqueue(sender: Sender, message: unknown, byteCount: number): void {
    this.queue.push({ sender, message, byteCount });
    if (this.queue.length === 1) this.transmit();
  }

  /** The first message is through. */
  transmitted(): void {
    const first = this.queue.shift();
    if (this.queue.length > 0) this.transmit();
    first?.sender.depart(first.message);
  }

  /** Takes back the messages of one sender. @returns them in order */
  remove(sender: Sender): unknown[] {
    if (this.queue.length === 0) return [];
    const all = [...this.queue];
    const own = all.filter((waiting) => waiting.sender === sender);
    if (own.length === 0) return [];
    this.queue.clear();
    for (const waiting of all) if (waiting.sender !== sender) this.queue.push(waiting);
    if (all[0]?.sender === sender) this.restart();
    return own.map(({ message }) => message);
  }

  private adjust(): void {
    const all = this.general === 0 ? this.limits : [...this.limits, this.general];
    this.bytesPerSecond = all.length === 0 ? 0 : Math.min(...all);
    this.restart();
  }

  /** Transmits the first message at the rate that holds now; if there is no limit any more, all. */
  private restart(): void {
    this.timeline.queue.cancel(this.transmission);
    if (this.bytesPerSecond > 0) {
      if (this.queue.length > 0) this.transmit();
      return;
    }
    const all = [...this.queue];
    this.queue.clear();
    for (const { sender, message } of all) sender.depart(message);
  }

  private transmit(): void {
    const byteCount = this.queue.at(0)?.byteCount ?? 0;
    const micros = Math.ceil((byteCount * 1_000_000) / this.bytesPerSecond);
    const { now, queue } = this.timeline;
    this.transmission = queue.push(now + micros, EVENT.transmitted, 0, null, this);
  }
}
