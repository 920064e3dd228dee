import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NO_PACKET_FAULTS } from '../../../src/world/link.ts';
import { advance, type Channel, Pair, settle, steadyWorld } from '../../support/stations.ts';

const SECOND = 1_000_000;
const LATENCY = { minMicros: 100, maxMicros: 20_000, tailRatePpm: 50_000, tailMicros: 300_000 };

type Side = 1 | 2;
type Step =
  | { readonly kind: 'send'; readonly from: Side; readonly count: number }
  | { readonly kind: 'cut' | 'heal'; readonly from: Side }
  | { readonly kind: 'pause' | 'resume' | 'deafen' | 'listen'; readonly side: Side }
  | { readonly kind: 'narrow' | 'widen'; readonly from: Side; readonly rate: number }
  | { readonly kind: 'spoil' | 'restore'; readonly from: Side; readonly ppm: number };
type Plan = readonly (readonly [afterMicros: number, step: Step])[];

const side = fc.constantFrom<Side>(1, 2);
/** Bytes a second; a message has a few. */
const rate = fc.constantFrom(1, 10, 1000);
const ppm = fc.constantFrom(10_000, 200_000, 600_000);
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('send'), from: side, count: fc.nat(5) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constantFrom('cut', 'heal'), from: side }) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constantFrom('pause', 'resume', 'deafen', 'listen'), side }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constantFrom('narrow', 'widen'), from: side, rate }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constantFrom('spoil', 'restore'), from: side, ppm }),
  },
);
const gap = fc.oneof(fc.nat(10), fc.nat(50_000), fc.nat(5 * SECOND));
const plan: fc.Arbitrary<Plan> = fc.array(fc.tuple(gap, step), { maxLength: 60, size: 'max' });
const seed = fc.nat().map(String);

/** A connection on which a plan is carried out, with a note of what was sent from each side. */
class Ordeal {
  readonly pair: Pair;
  readonly sent: Record<Side, number[]> = { 1: [], 2: [] };
  /** What undoes the faults that are in force, by their kinds and sides. */
  private readonly undo = new Map<string, () => void>();

  constructor(seed: string) {
    this.pair = new Pair(steadyWorld(seed, { latency: LATENCY }));
  }

  go(plan: Plan): void {
    for (const [afterMicros, step] of plan) {
      advance(this.pair.world, afterMicros);
      this.take(step);
    }
  }

  /** Takes all faults away and waits until everything has arrived. */
  end(): void {
    for (const key of [...this.undo.keys()]) this.stop(key);
    settle(this.pair.world);
  }

  received(by: Side): unknown[] {
    return this.channel(by).messages;
  }

  channel(side: Side): Channel {
    return side === 1 ? this.pair.near : this.pair.far;
  }

  private take(step: Step): void {
    const { world } = this.pair;
    switch (step.kind) {
      case 'send':
        for (let n = 0; n < step.count; n++) this.send(step.from);
        break;
      case 'cut': {
        const to = 3 - step.from;
        this.begin(`cut ${step.from}`, () => world.healLink(step.from, to));
        world.cutLink(step.from, to);
        break;
      }
      case 'pause': {
        const host = world.host(step.side);
        this.begin(`pause ${step.side}`, () => host.resume());
        host.pause();
        break;
      }
      case 'deafen': {
        const host = world.host(step.side);
        this.begin(`deaf ${step.side}`, () => host.readAgain());
        host.stopReading();
        break;
      }
      case 'narrow': {
        const link = world.link(step.from, 3 - step.from);
        this.begin(`narrow ${step.from}`, () => link.unlimit(step.rate));
        link.limit(step.rate);
        break;
      }
      case 'spoil':
        this.spoil(step.from, step.ppm);
        break;
      case 'heal':
        this.stop(`cut ${step.from}`);
        break;
      case 'resume':
        this.stop(`pause ${step.side}`);
        break;
      case 'listen':
        this.stop(`deaf ${step.side}`);
        break;
      case 'widen':
        this.stop(`narrow ${step.from}`);
        break;
      case 'restore':
        this.stop(`spoil ${step.from}`);
        break;
    }
  }

  private send(from: Side): void {
    const message = this.sent[from].length;
    this.sent[from].push(message);
    this.channel(from).send(message);
  }

  private spoil(from: Side, ppm: number): void {
    const faults = {
      ...NO_PACKET_FAULTS,
      lossPpm: ppm,
      duplicatePpm: ppm,
      reorderPpm: ppm,
      delayPpm: ppm,
      delayMicros: SECOND,
    };
    const link = this.pair.world.link(from, 3 - from);
    this.begin(`spoil ${from}`, () => link.removeFaults(faults));
    link.addFaults(faults);
  }

  /** A fault that is in force already ends before it begins again. */
  private begin(key: string, undo: () => void): void {
    this.stop(key);
    this.undo.set(key, undo);
  }

  private stop(key: string): void {
    this.undo.get(key)?.();
    this.undo.delete(key);
  }
}

function expectPrefix(ordeal: Ordeal, by: Side): void {
  const received = ordeal.received(by);
  const sent = ordeal.sent[by === 1 ? 2 : 1];
  expect(received).toEqual(sent.slice(0, received.length));
}

describe('a stream connection', () => {
  it('that does not break delivers exactly what was sent, whatever befalls packets, links and hosts', () => {
    const property = fc.property(seed, plan, (seed, plan) => {
      const ordeal = new Ordeal(seed);
      ordeal.go(plan);
      expectPrefix(ordeal, 1);
      expectPrefix(ordeal, 2);
      ordeal.end();
      expect(ordeal.received(2)).toEqual(ordeal.sent[1]);
      expect(ordeal.received(1)).toEqual(ordeal.sent[2]);
      expect(ordeal.channel(2).story).not.toContain('closed');
    });
    fc.assert(property, { numRuns: 300, seed: 1 });
  });

  it('that is reset delivers a prefix of what was sent, and then the end, to both sides', () => {
    const property = fc.property(seed, plan, plan, side, (seed, before, after, at) => {
      const ordeal = new Ordeal(seed);
      ordeal.go(before);
      ordeal.pair.world.resetConnections(at, null);
      ordeal.go(after);
      ordeal.end();
      for (const by of [1, 2] as const) {
        expectPrefix(ordeal, by);
        const { story } = ordeal.channel(by);
        expect(story.indexOf('closed')).toBe(story.length - 1);
      }
    });
    fc.assert(property, { numRuns: 150, seed: 2 });
  });

  it('whose one end is killed delivers a prefix of what was sent, and then the end', () => {
    const property = fc.property(seed, plan, plan, side, (seed, before, after, victim) => {
      const ordeal = new Ordeal(seed);
      ordeal.go(before);
      ordeal.pair.world.host(victim).kill();
      const heard = ordeal.received(victim).length;
      ordeal.go(after);
      ordeal.end();
      const survivor = victim === 1 ? 2 : 1;
      expectPrefix(ordeal, survivor);
      expectPrefix(ordeal, victim);
      expect(ordeal.received(victim)).toHaveLength(heard);
      const { story } = ordeal.channel(survivor);
      expect(story.indexOf('closed')).toBe(story.length - 1);
    });
    fc.assert(property, { numRuns: 150, seed: 3 });
  });

  it('whose one end loses its power delivers a prefix of what was sent, and then silence', () => {
    const property = fc.property(seed, plan, plan, side, (seed, before, after, victim) => {
      const ordeal = new Ordeal(seed);
      ordeal.go(before);
      ordeal.pair.world.host(victim).losePower();
      ordeal.go(after);
      ordeal.end();
      const survivor = victim === 1 ? 2 : 1;
      expectPrefix(ordeal, survivor);
      expect(ordeal.channel(survivor).story).not.toContain('closed');
    });
    fc.assert(property, { numRuns: 150, seed: 4 });
  });
});
