import { PROPERTY_IDS } from '../../src/checkers/tally.ts';
import { broadcast, freshEnsembles, idle } from './broadcast.ts';
import type { Case } from './measure.ts';
import { eventQueueHold, objectHeapHold } from './queue.ts';
import { onRegisters, wholeRuns } from './runs.ts';

/** Events pending in a run of the default plan, on average. */
export const TYPICAL_PENDING = 28;

/** By name, in the order in which a round takes them: what is compared stands side by side. */
export const CASES: Readonly<Record<string, () => Case>> = {
  'queue-1e3': () => eventQueueHold(1_000, 1_500_000),
  'objects-1e3': () => objectHeapHold(1_000, 1_500_000),
  'queue-1e6': () => eventQueueHold(1_000_000, 400_000),
  'objects-1e6': () => objectHeapHold(1_000_000, 400_000),
  'queue-typical': () => eventQueueHold(TYPICAL_PENDING, 2_000_000),
  runs: () => wholeRuns(40),
  'runs-unjudged': () => wholeRuns(40, undefined, { without: PROPERTY_IDS }),
  'runs-registers': () => wholeRuns(40, onRegisters),
  idle: () => idle(20_000),
  'broadcast-1': () => broadcast(1, 25_000, false),
  'broadcast-1-checked': () => broadcast(1, 25_000, true),
  'broadcast-64': () => broadcast(64, 25_000, false),
  'broadcast-64-checked': () => broadcast(64, 25_000, true),
  fresh: () => freshEnsembles(250, 100),
};
