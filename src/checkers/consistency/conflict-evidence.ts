import type { RecordedOperation } from '../linearizability/operation.ts';
import { asSentence } from '../linearizability/phrases.ts';
import type { Evidence } from '../linearizability/result.ts';
import type { Conflict } from './znode-versions.ts';

/** A contradiction as the evidence of a violation. @param longestOrder as many as do not contradict */
export function asEvidence(
  { operations, explanation }: Conflict,
  longestOrder: readonly RecordedOperation[],
): Evidence {
  return {
    operations: [...operations].sort((a, b) => a.invokedAt - b.invokedAt),
    explanation: explanation.map(asSentence),
    longestOrder,
  };
}
