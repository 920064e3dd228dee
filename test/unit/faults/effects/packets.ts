import { expect } from 'vitest';
import type { PacketCounts } from '../../../../src/world/link.ts';
import { type Observed, SECOND } from '../../../support/plans.ts';
import { after, type Effect, LASTS, STRUCK, THREE, transits } from './effect.ts';

/** The only packets that suffer are those of this fault. */
function expectOnly(seen: Observed, suffered: readonly (keyof PacketCounts)[]): void {
  const { sent: _sent, ...others } = seen.result.stats.packets;
  const counted = Object.entries(others).filter(([, count]) => count > 0);
  expect(counted.map(([name]) => name).sort()).toEqual([...suffered].sort());
}

/** Server 1 comes late, with an empty disk, to an ensemble that holds large values. */
const LATE = {
  ...THREE,
  startsMicros: [11 * SECOND, 0, 0],
  workload: { ...THREE.workload, valueBytes: 2000, thinkMinMicros: SECOND, thinkMaxMicros: SECOND },
};

/** How long the snapshot is under way to server 1. */
function snapshotMicros({ sent, received }: Observed): number {
  const at = (list: Observed['sent']): number => {
    return list.find(({ packet, to }) => packet === 'SNAPSHOT' && to === 1)?.at ?? Number.NaN;
  };
  return at(received) - at(sent);
}

type Kind =
  | 'loss'
  | 'corruption'
  | 'duplication'
  | 'reordering'
  | 'delay'
  | 'slowLink'
  | 'flakyLink'
  | 'bandwidth'
  | 'reset';

export const PACKETS: Readonly<Record<Kind, Effect>> = {
  loss: {
    claim: 'loses packets, which are sent again',
    fault: { kind: 'loss', reach: 'all', ratePpm: 50_000, ...LASTS },
    shows: (seen) => {
      expectOnly(seen, ['lost', 'retransmitted']);
      expect(Math.max(...transits(seen, 3, 1, 'quorum'))).toBeGreaterThan(200_000);
    },
  },
  corruption: {
    claim: 'damages packets, which are thrown away and sent again',
    fault: { kind: 'corruption', reach: 'all', ratePpm: 50_000, ...LASTS },
    shows: (seen) => {
      expectOnly(seen, ['corrupted', 'retransmitted']);
    },
  },
  duplication: {
    claim: 'lets packets arrive twice, of which programs hear nothing',
    fault: { kind: 'duplication', reach: 'all', ratePpm: 200_000, ...LASTS },
    shows: (seen, without) => {
      expectOnly(seen, ['duplicated']);
      expect(seen.received).toEqual(without().received);
    },
  },
  reordering: {
    claim: 'holds packets up, so that those behind them wait',
    fault: {
      kind: 'reordering',
      reach: 'servers',
      ratePpm: 100_000,
      delayMicros: 100_000,
      ...LASTS,
    },
    shows: (seen) => {
      expectOnly(seen, ['reordered']);
      const times = transits(seen, 3, 1, 'quorum');
      expect(Math.max(...times)).toBeGreaterThan(50_000);
      expect(Math.min(...times)).toBeLessThan(2000);
    },
  },
  delay: {
    claim: 'delays some of the packets',
    fault: { kind: 'delay', reach: 'servers', ratePpm: 100_000, delayMicros: 100_000, ...LASTS },
    shows: (seen) => {
      expectOnly(seen, ['delayed']);
      const times = transits(seen, 3, 1, 'quorum');
      expect(Math.max(...times)).toBeGreaterThan(50_000);
      expect(Math.max(...times)).toBeLessThan(110_000);
    },
  },
  slowLink: {
    claim: 'makes every packet from one server to another late, and those of no other link',
    fault: { kind: 'slowLink', from: 3, to: 1, delayMicros: 50_000, ...LASTS },
    shows: (seen) => {
      expect(Math.min(...transits(seen, 3, 1, 'quorum'))).toBeGreaterThan(50_000);
      expect(Math.max(...transits(seen, 1, 3, 'quorum'))).toBeLessThan(5000);
      expect(Math.max(...transits(seen, 3, 2, 'quorum'))).toBeLessThan(5000);
    },
  },
  flakyLink: {
    claim: 'loses packets from one server to another, and on no other link',
    fault: { kind: 'flakyLink', from: 3, to: 1, ratePpm: 200_000, ...LASTS },
    shows: (seen) => {
      expectOnly(seen, ['lost', 'retransmitted']);
      expect(Math.max(...transits(seen, 3, 1, 'quorum'))).toBeGreaterThan(200_000);
      expect(Math.max(...transits(seen, 1, 3, 'quorum'))).toBeLessThan(5000);
      expect(Math.max(...transits(seen, 3, 2, 'quorum'))).toBeLessThan(5000);
    },
  },
  bandwidth: {
    claim: 'makes a snapshot take as long as its bytes need',
    plan: LATE,
    fault: { kind: 'bandwidth', reach: 'servers', bytesPerSecond: 20_000, ...LASTS },
    shows: (seen, without) => {
      expect(snapshotMicros(without())).toBeLessThan(2000);
      expect(snapshotMicros(seen)).toBeGreaterThan(100_000);
      expect(after(seen, 1, 'upToDate')).not.toEqual([]);
    },
  },
  reset: {
    claim: 'breaks the connections of a server, which makes others and goes on',
    fault: { kind: 'reset', server: 3, peer: null },
    shows: (seen) => {
      const resets = seen.events.filter(({ name }) => name === 'connectionReset');
      expect(resets.length).toBeGreaterThan(2);
      expect(new Set(resets.map(({ at, host }) => `${host} at ${at}`))).toEqual(
        new Set([`3 at ${STRUCK}`]),
      );
      expect(resets.map(({ peer }) => peer)).toEqual(expect.arrayContaining([1, 2]));
      expect(after(seen, 3, 'processEnded')).toEqual([]);
      expect(after(seen, 1, 'leaving')).not.toEqual([]);
    },
  },
};
