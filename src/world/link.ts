import { KeyedRandom, type Ppm } from '../kernel/random.ts';
import { Bottleneck } from './bottleneck.ts';
import type { Endpoint } from './connection.ts';
import type { Timeline } from './timeline.ts';

/** How long packets take when nothing is wrong, in microseconds; the tail is added to a few. */
export interface Latency {
  readonly minMicros: number;
  readonly maxMicros: number;
  readonly tailRatePpm: Ppm;
  readonly tailMicros: number;
}

/** What befalls single packets while a fault lasts. */
export interface PacketFaults {
  readonly lossPpm: Ppm;
  readonly corruptPpm: Ppm;
  readonly duplicatePpm: Ppm;
  readonly reorderPpm: Ppm;
  readonly delayPpm: Ppm;
  /** At most so much is added to a delayed or reordered packet. */
  readonly delayMicros: number;
  /** So much is added to every packet. */
  readonly slowMicros: number;
}

export const NO_PACKET_FAULTS: PacketFaults = {
  lossPpm: 0,
  corruptPpm: 0,
  duplicatePpm: 0,
  reorderPpm: 0,
  delayPpm: 0,
  delayMicros: 0,
  slowMicros: 0,
};

export interface PacketCounts {
  sent: number;
  lost: number;
  corrupted: number;
  duplicated: number;
  reordered: number;
  delayed: number;
  retransmitted: number;
  /** Arrived where the link was cut. */
  blackholed: number;
}

export function noPackets(): PacketCounts {
  return {
    sent: 0,
    lost: 0,
    corrupted: 0,
    duplicated: 0,
    reordered: 0,
    delayed: 0,
    retransmitted: 0,
    blackholed: 0,
  };
}

/** TCP's first time-out is Linux's least; its last is cut down to the length of a run. */
const RETRANSMIT_MIN_MICROS = 200_000;
const RETRANSMIT_MAX_MICROS = 2_000_000;

/** Every decision about a packet has a number of its own, so that none moves another. */
const DRAW = {
  latency: 0,
  tail: 1,
  loss: 2,
  corrupt: 3,
  duplicate: 4,
  echo: 5,
  reorder: 6,
  extra: 7,
};
const DRAWS_PER_PACKET = 8;

/**
 * The way from one host to another: how long packets take, how many bytes of messages get through,
 * and which packets suffer what.
 */
export class Link {
  readonly from: number;
  readonly to: number;
  readonly bottleneck: Bottleneck;
  /** Connections whose packets wait for this link to heal. */
  readonly stalled: Endpoint[] = [];

  private readonly random: KeyedRandom;
  private readonly latency: Latency;
  private readonly counts: PacketCounts;
  private packetCount = 0;
  private cutCount = 0;
  private readonly active: PacketFaults[] = [];
  private faults: PacketFaults = NO_PACKET_FAULTS;

  /** @param bytesPerSecond what it carries at most; 0 for no limit */
  constructor(
    timeline: Timeline,
    seed: string,
    from: number,
    to: number,
    latency: Latency,
    bytesPerSecond: number,
    counts: PacketCounts,
  ) {
    this.from = from;
    this.to = to;
    this.bottleneck = new Bottleneck(timeline, bytesPerSecond);
    this.random = new KeyedRandom(seed, `link/${from}/${to}`);
    this.latency = latency;
    this.counts = counts;
  }

  get isCut(): boolean {
    return this.cutCount > 0;
  }

  /** Several faults may cut the link at once; it heals when the last of them ends. */
  cut(): void {
    this.cutCount++;
  }

  heal(): void {
    this.cutCount--;
  }

  /** Whether a packet that has come this far gets no further; counts it if so. */
  swallows(): boolean {
    if (!this.isCut) return false;
    this.counts.blackholed++;
    return true;
  }

  /**
   * From now on it carries less; of several limits the lowest holds. What waits goes slower too.
   *
   * @param bytesPerSecond above 0
   */
  limit(bytesPerSecond: number): void {
    this.bottleneck.limit(bytesPerSecond);
  }

  /** Lifts a limit. If it was the last, all that waits is under way at once. */
  unlimit(bytesPerSecond: number): void {
    this.bottleneck.unlimit(bytesPerSecond);
  }

  addFaults(faults: PacketFaults): void {
    this.active.push(faults);
    this.mergeFaults();
  }

  removeFaults(faults: PacketFaults): void {
    this.active.splice(this.active.indexOf(faults), 1);
    this.mergeFaults();
  }

  /**
   * How long the next packet of a stream takes to arrive, in microseconds. TCP sends a lost or a
   * corrupted one again, later each time; it puts a reordered one back and discards a duplicate.
   */
  streamDelay(): number {
    let delay = 0;
    let timeout = RETRANSMIT_MIN_MICROS;
    while (this.isLost(this.packetCount * DRAWS_PER_PACKET)) {
      this.packetCount++;
      this.counts.sent++;
      this.counts.retransmitted++;
      delay += timeout;
      timeout = Math.min(timeout * 2, RETRANSMIT_MAX_MICROS);
    }
    const n = this.packetCount++ * DRAWS_PER_PACKET;
    this.counts.sent++;
    if (this.isDuplicated(n)) this.counts.duplicated++;
    return delay + this.transit(n);
  }

  /** The arrivals of the next raw packet, as delays: none when lost, two when duplicated. */
  datagramDelays(): number[] {
    const n = this.packetCount++ * DRAWS_PER_PACKET;
    this.counts.sent++;
    if (this.isLost(n)) return [];
    const first = this.transit(n);
    if (!this.isDuplicated(n)) return [first];
    this.counts.duplicated++;
    return [first, first + this.random.below(n + DRAW.echo, RETRANSMIT_MIN_MICROS)];
  }

  /** How long a packet that waited for a cut link to heal still waits for TCP to try again. */
  retransmitDelay(stalledMicros: number): number {
    this.counts.retransmitted++;
    const bound = Math.min(Math.max(stalledMicros, RETRANSMIT_MIN_MICROS), RETRANSMIT_MAX_MICROS);
    return this.random.below(this.packetCount++ * DRAWS_PER_PACKET, bound);
  }

  private transit(n: number): number {
    const { minMicros, maxMicros, tailRatePpm, tailMicros } = this.latency;
    let delay = this.random.between(n + DRAW.latency, minMicros, maxMicros);
    if (tailRatePpm > 0 && this.random.chance(n + DRAW.tail, tailRatePpm)) delay += tailMicros;
    if (this.faults === NO_PACKET_FAULTS) return delay;
    const { reorderPpm, delayPpm, delayMicros, slowMicros } = this.faults;
    delay += slowMicros;
    const draw = this.random.below(n + DRAW.reorder, 1_000_000);
    if (draw < reorderPpm) this.counts.reordered++;
    else if (draw < reorderPpm + delayPpm) this.counts.delayed++;
    else return delay;
    return delay + this.random.below(n + DRAW.extra, delayMicros);
  }

  private isLost(n: number): boolean {
    if (this.faults === NO_PACKET_FAULTS) return false;
    if (this.random.chance(n + DRAW.loss, this.faults.lossPpm)) {
      this.counts.lost++;
      return true;
    }
    if (this.random.chance(n + DRAW.corrupt, this.faults.corruptPpm)) {
      this.counts.corrupted++;
      return true;
    }
    return false;
  }

  private isDuplicated(n: number): boolean {
    if (this.faults === NO_PACKET_FAULTS) return false;
    return this.random.chance(n + DRAW.duplicate, this.faults.duplicatePpm);
  }

  /** Where faults overlap, the worse of each kind holds. */
  private mergeFaults(): void {
    this.faults = this.active.reduce(worse, NO_PACKET_FAULTS);
  }
}

function worse(a: PacketFaults, b: PacketFaults): PacketFaults {
  return {
    lossPpm: Math.max(a.lossPpm, b.lossPpm),
    corruptPpm: Math.max(a.corruptPpm, b.corruptPpm),
    duplicatePpm: Math.max(a.duplicatePpm, b.duplicatePpm),
    reorderPpm: Math.max(a.reorderPpm, b.reorderPpm),
    delayPpm: Math.max(a.delayPpm, b.delayPpm),
    delayMicros: Math.max(a.delayMicros, b.delayMicros),
    slowMicros: Math.max(a.slowMicros, b.slowMicros),
  };
}
