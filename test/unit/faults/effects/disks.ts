import { expect } from 'vitest';
import type { Fault } from '../../../../src/faults/fault.ts';
import { beyondBudget } from '../../../../src/scenario/budget.ts';
import { FAILED_CHECKSUM } from '../../../../src/zab/recovery.ts';
import { at, type Observed, SECOND } from '../../../support/plans.ts';
import {
  after,
  type Effect,
  LASTS,
  lasting,
  meanMicros,
  OVER,
  STRIKE,
  STRUCK,
  THREE,
} from './effect.ts';

const BY_ITSELF = 2;

function crash(server: number, seconds: number): Fault {
  return { kind: 'crash', server, forMicros: SECOND, when: at(seconds) };
}

/** There is another leader after a second of the fault, and nothing to log in the first two. */
const IDLE: readonly Fault[] = [
  crash(3, STRIKE + 1),
  { kind: 'clientCut', clients: [1, 2], servers: [1, 2, 3], forMicros: 7 * SECOND, when: at(5) },
];

/** Snapshots are saved often. */
const OFTEN = { ...THREE, timing: { ...THREE.timing, snapCount: 20 } };

function ends(seen: Observed, host: number): number[] {
  return after(seen, host, 'processEnded').map(({ value }) => value);
}

type Kind =
  | 'slowSync'
  | 'stalledDisk'
  | 'failingSync'
  | 'fullDisk'
  | 'rotRecord'
  | 'rotSnapshot'
  | 'lyingDisk';

export const DISKS: Readonly<Record<Kind, Effect>> = {
  slowSync: {
    claim: 'makes the syncs of a server take so many times as long',
    fault: { kind: 'slowSync', server: 2, factor: 50, ...LASTS },
    shows: (seen, without) => {
      const sync = ['appended', 'logSynced'] as const;
      const usual = meanMicros(without(), 2, sync, lasting);
      expect(meanMicros(seen, 2, sync, lasting)).toBeGreaterThan(20 * usual);
      expect(meanMicros(seen, 1, sync, lasting)).toBeLessThan(2 * usual);
    },
  },
  stalledDisk: {
    claim: 'lets no write of a server end before the fault does',
    fault: { kind: 'stalledDisk', server: 2, ...LASTS },
    shows: (seen) => {
      expect(after(seen, 2, 'logSynced').filter(lasting)).toEqual([]);
      expect(after(seen, 2, 'logSynced')[0]?.at).toBe(OVER);
      expect(after(seen, 1, 'logSynced').filter(lasting)).not.toEqual([]);
    },
  },
  failingSync: {
    claim:
      'fails what is written to the log, at which a server ends itself; small files are written',
    more: IDLE,
    fault: { kind: 'failingSync', server: 2, ...LASTS },
    shows: (seen) => {
      const [written] = after(seen, 2, 'acceptedEpochWritten').filter(lasting);
      const [failed] = after(seen, 2, 'diskFailed').filter(lasting);
      expect(written?.at).toBeLessThan(failed?.at ?? 0);
      expect(ends(seen, 2)).toContain(BY_ITSELF);
      expect(after(seen, 2, 'upToDate').at(-1)?.at).toBeGreaterThan(OVER);
    },
  },
  fullDisk: {
    claim: 'fails small files too, so that a server without a promise on disk ends itself',
    more: IDLE,
    fault: { kind: 'fullDisk', server: 2, ...LASTS },
    shows: (seen) => {
      expect(after(seen, 2, 'acceptedEpochWritten').filter(lasting)).toEqual([]);
      expect(after(seen, 2, 'diskFailed').filter(lasting)).not.toEqual([]);
      expect(ends(seen, 2)).toContain(BY_ITSELF);
      expect(after(seen, 2, 'acceptedEpochWritten').at(-1)?.at).toBeGreaterThan(OVER);
    },
  },
  rotRecord: {
    claim: 'damages a record, at which the server refuses to start again, and the others go on',
    fault: { kind: 'rotRecord', server: 2, which: 'any' },
    more: [crash(2, STRIKE)],
    shows: (seen) => {
      const refusals = after(seen, 2, 'refusedToStart');
      expect(refusals.length).toBeGreaterThan(1);
      expect(new Set(refusals.map(({ subject }) => subject))).toEqual(new Set([FAILED_CHECKSUM]));
      expect(after(seen, 2, 'looking')).toEqual([]);
      expect(after(seen, 1, 'delivered').at(-1)?.at).toBeGreaterThan(20 * SECOND);
    },
  },
  rotSnapshot: {
    claim: 'damages the newest snapshot, and the server recovers from an older one',
    plan: OFTEN,
    fault: { kind: 'rotSnapshot', server: 2 },
    more: [crash(2, STRIKE)],
    shows: (seen, without) => {
      expect(after(seen, 2, 'refusedToStart')).toEqual([]);
      const [restored] = after(seen, 2, 'restored');
      const [usual] = after(without(), 2, 'restored');
      expect(restored?.value).toBeLessThan(usual?.value ?? 0);
      expect(after(seen, 2, 'recovered')[0]?.value).toBe(
        after(without(), 2, 'recovered')[0]?.value,
      );
    },
  },
  lyingDisk: {
    claim: 'forgets what it has acknowledged when the power goes; no ensemble survives that',
    fault: { kind: 'lyingDisk', server: 2, ...LASTS },
    more: [
      { kind: 'lyingDisk', server: 1, ...LASTS, when: at(STRIKE) },
      { kind: 'lyingDisk', server: 3, ...LASTS, when: at(STRIKE) },
      { kind: 'powerLoss', forMicros: SECOND, when: at(STRIKE + 2) },
    ],
    violates: 'acknowledged-is-durable',
    shows: (seen) => {
      expect(beyondBudget(seen.result.plan)).toHaveLength(1);
      expect(seen.events.some(({ name, at }) => name === 'unsyncedLost' && at > STRUCK)).toBe(true);
    },
  },
};
