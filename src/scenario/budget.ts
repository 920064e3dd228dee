import type { Fault } from '../faults/fault.ts';
import type { Plan } from './plan.ts';

/** How many of `voters` may be lost for good without harm: fewer than half. */
export function failuresSurvived(voters: number): number {
  return Math.floor((voters - 1) / 2);
}

/**
 * What a plan asks for beyond what ZAB promises to survive, in words; empty if it asks for
 * nothing. See `docs/fault-budget.md`.
 */
export function beyondBudget(plan: Plan): string[] {
  const excesses: string[] = [];
  if (plan.network.transport === 'datagram') {
    excesses.push('packets without the order and the completeness of TCP');
  }
  if (plan.faults.some(({ kind }) => kind === 'lyingDisk')) {
    excesses.push('a disk that forgets what it has reported as synced');
  }
  const survived = failuresSurvived(plan.servers);
  const rotten = countRotten(plan);
  if (rotten > survived) {
    excesses.push(`disks that rot at ${rotten} of ${plan.servers} voters, ${survived} may`);
  }
  return excesses;
}

/** At how many voters, at most, a disk may rot. */
function countRotten({ faults, servers }: Plan): number {
  const victims = new Set<number>();
  let unknown = 0;
  for (const fault of faults) {
    if (!isRot(fault)) continue;
    if (typeof fault.server !== 'number') unknown += fault.repeat?.times ?? 1;
    else if (fault.server <= servers) victims.add(fault.server);
  }
  return Math.min(servers, victims.size + unknown);
}

function isRot(fault: Fault): fault is Extract<Fault, { kind: 'rotRecord' | 'rotSnapshot' }> {
  return fault.kind === 'rotRecord' || fault.kind === 'rotSnapshot';
}
