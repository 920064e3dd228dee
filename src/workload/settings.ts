/** What the clients of a run do; plain data, part of its plan. */
export interface WorkloadSettings {
  readonly sessionTimeoutMs: number;
  /** Requests that a client has under way at most. */
  readonly pipelineDepth: number;
  /** Between one operation and the next, in microseconds. */
  readonly thinkMinMicros: number;
  readonly thinkMaxMicros: number;
  /** How many registers the clients share. */
  readonly keyCount: number;
  /** Size of a value, at least enough to be unique. */
  readonly valueBytes: number;
  /** How often each operation is chosen, relative to the others. */
  readonly weights: Readonly<Record<OperationKind, number>>;
}

export const OPERATION_KINDS = [
  'read',
  'syncRead',
  'write',
  'compareAndSet',
  'create',
  'createEphemeral',
  'createSequential',
  'delete',
  'exists',
  'children',
  'endSession',
] as const;

export type OperationKind = (typeof OPERATION_KINDS)[number];
