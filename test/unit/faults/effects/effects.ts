import type { FaultKind } from '../../../../src/faults/fault.ts';
import { CLIENTS } from './clients.ts';
import { CLOCKS } from './clocks.ts';
import { CUTS } from './cuts.ts';
import { DISKS } from './disks.ts';
import type { Effect } from './effect.ts';
import { PACKETS } from './packets.ts';
import { PROCESSES } from './processes.ts';

/** Every kind of fault. */
export const EFFECTS: Readonly<Record<FaultKind, Effect>> = {
  ...PROCESSES,
  ...CLIENTS,
  ...CUTS,
  ...PACKETS,
  ...DISKS,
  ...CLOCKS,
};
