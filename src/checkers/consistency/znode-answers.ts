import type { RecordedOperation } from '../linearizability/operation.ts';

/** An answer that says which version of a znode it shows, or has written, and its zxid. */
export interface Answer extends RecordedOperation {
  readonly version: number;
  readonly zxid: number;
}

export function isAnswer(operation: RecordedOperation): operation is Answer {
  const { outcome, version, zxid } = operation;
  return outcome === 'ok' && version !== undefined && zxid !== undefined;
}

export function isRead({ f }: RecordedOperation): boolean {
  return f === 'get' || f === 'localGet';
}

/** The version that a cas expects. */
export function expectedVersion({ f, input }: RecordedOperation): number | null {
  return f === 'cas' && Array.isArray(input) ? Number(input[0]) : null;
}

/** What a get shows, or what a write writes. */
export function contentOf({ f, input, output }: RecordedOperation): unknown {
  if (f === 'set') return input;
  return f === 'cas' && Array.isArray(input) ? input[1] : output;
}
