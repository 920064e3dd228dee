import type { Demo } from './demo.ts';
import { fiveServers } from './stories/five-servers.ts';
import { lock } from './stories/lock.ts';
import { lostWrite } from './stories/lost-write.ts';
import { pausedLeader } from './stories/paused-leader.ts';
import { splitBrain } from './stories/split-brain.ts';

/** Every demo that there is. */
export const DEMOS: readonly Demo[] = [fiveServers, splitBrain, lostWrite, pausedLeader, lock];

export function findDemo(name: string): Demo | undefined {
  return DEMOS.find((demo) => demo.name === name);
}
