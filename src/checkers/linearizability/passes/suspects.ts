import type { Conflict } from './pass.ts';

/** The calls that a conflict is about, in the order of invocation. */
export function suspectsOf(conflict: Conflict): number[] {
  const fields: readonly unknown[] = Object.values(conflict).flat();
  const calls = fields.filter((field) => typeof field === 'number' && field >= 0) as number[];
  return [...new Set(calls)].sort((a, b) => a - b);
}
