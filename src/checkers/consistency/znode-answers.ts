import { assert } from '../../kernel/assert.ts';
import type { RecordedOperation } from '../linearizability/operation.ts';
import { pairOf } from '../linearizability/values.ts';

/** An answer that says which version of a znode it shows, or has written. */
export interface Answer extends RecordedOperation {
  readonly version: number;
}

export function isAnswer(operation: RecordedOperation): operation is Answer {
  return operation.outcome === 'ok' && operation.version !== undefined;
}

/** @throws Defect if the answer has none: a caller sees to that */
export function zxidOf({ zxid }: Answer): number {
  assert(zxid !== undefined, 'sessions are judged by zxids, and an answer has none');
  return zxid;
}

/** A get that a session's own server may answer: it is promised to that session alone. */
export const LOCAL_GET = 'localGet';

export function isRead({ f }: RecordedOperation): boolean {
  return f === 'get' || f === LOCAL_GET;
}

/** The version that a cas expects. */
export function expectedVersion({ f, input }: RecordedOperation): number | null {
  return f === 'cas' ? Number(pairOf(input)[0]) : null;
}

/** What a get shows, or what a write writes. */
export function contentOf({ f, input, output }: RecordedOperation): unknown {
  if (f === 'set') return input;
  return f === 'cas' ? pairOf(input)[1] : output;
}
