import { describe, expect, it } from 'vitest';
import type { Fault } from '../../src/faults/fault.ts';
import type { Plan } from '../../src/scenario/plan.ts';
import { type Run, run } from '../../src/scenario/run.ts';
import { at, quietPlan, SECOND, story } from '../support/plans.ts';

type PacketFault = Extract<Fault, { readonly kind: 'packets' }>;
type Transport = Plan['network']['transport'];

/** All packets take the same time. */
const STEADY = { minMicros: 1000, maxMicros: 1000, tailRatePpm: 0, tailMicros: 0 };
/** Packets overtake one another even when nothing is wrong. */
const UNSTEADY = { minMicros: 500, maxMicros: 1500, tailRatePpm: 0, tailMicros: 0 };

/** The packets between servers suffer for the first twelve seconds. */
function plan(transport: Transport, seed: number, faults: Partial<PacketFault> | null): Plan {
  const packets: PacketFault = {
    kind: 'packets',
    clients: false,
    lossPpm: 0,
    corruptPpm: 0,
    duplicatePpm: 0,
    reorderPpm: 0,
    delayPpm: 0,
    delayMicros: 50_000,
    when: at(0),
    forMicros: 12 * SECOND,
    ...faults,
  };
  return {
    ...quietPlan({ servers: 3, clients: 3, durationMicros: 20 * SECOND }),
    seed: `transport ${seed}`,
    network: { transport, latency: STEADY, bytesPerSecond: 0 },
    faults: faults === null ? [] : [packets],
  };
}

const SEEDS = [0, 1, 2, 3, 4];

/** The committed history itself is lost, and not only the order of a channel. */
function breaksAgreement({ violations }: Run): boolean {
  return violations.some(({ property }) => property === 'agreement');
}

describe('on datagrams', () => {
  it('an ensemble is correct as long as the network does by chance what TCP promises', () => {
    for (const seed of SEEDS) {
      const result = run(plan('datagram', seed, null));
      expect(result.verdict, story(result)).toBe('pass');
    }
  });

  it.each([
    { what: 'lost', faults: { lossPpm: 20_000 } },
    { what: 'duplicated', faults: { duplicatePpm: 20_000 } },
    { what: 'reordered', faults: { reorderPpm: 50_000 } },
  ])('it is broken when packets are $what, and on streams the same seeds are not', ({ faults }) => {
    for (const seed of SEEDS) {
      expect(run(plan('datagram', seed, faults)).verdict).toBe('violation');
      const onStream = run(plan('stream', seed, faults));
      expect(onStream.verdict, story(onStream)).toBe('pass');
    }
  });

  it('servers come to disagree about what is committed, and on streams with the same seed they do not', () => {
    const disturbed = (transport: Transport, seed: number): Run => {
      const faults = { lossPpm: 20_000, duplicatePpm: 20_000, reorderPpm: 50_000, when: at(5) };
      const drawn = plan(transport, seed, { ...faults, forMicros: 7 * SECOND });
      return run({ ...drawn, network: { transport, latency: UNSTEADY, bytesPerSecond: 0 } });
    };
    const seeds = Array.from({ length: 100 }, (_, n) => n);
    const seed = seeds.find((seed) => breaksAgreement(disturbed('datagram', seed)));
    expect(seed).toBeDefined();
    const onStream = disturbed('stream', seed ?? 0);
    expect(onStream.verdict, story(onStream)).toBe('pass');
    expect(onStream.stats.packets.lost).toBeGreaterThan(0);
    expect(onStream.stats.packets.reordered).toBeGreaterThan(0);
  });

  it('every packet may come twice, and a server takes none for what it is not', () => {
    for (const seed of SEEDS) {
      const result = run(plan('datagram', seed, { duplicatePpm: 1_000_000 }));
      expect(result.stats.packets.duplicated).toBeGreaterThan(10);
      expect(result.stats.elections.won).toBeGreaterThan(0);
    }
  });
});
