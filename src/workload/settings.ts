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
  /** What the first clients follow in the place of chosen operations; `null` for nothing. */
  readonly recipe: RecipeName | null;
  /** How many of them. */
  readonly recipeClients: number;
}

/** What clients can follow together, each with promises of its own. */
export const RECIPES = [
  'lock',
  'read-write-lock',
  'leader-election',
  'double-barrier',
  'fifo-queue',
  'priority-queue',
  'group-membership',
  'naming',
  'configuration',
  'service-discovery',
] as const;

/** Recipes with a mistake in them, for the checkers to find. */
export const NAIVE_RECIPES = ['unfenced-lock', 'blind-lock'] as const;

export type RecipeName = (typeof RECIPES | typeof NAIVE_RECIPES)[number];

/** Everything that a client of the workload can do, by what it is about. */
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
  'createContainer',
  'createTtl',
  'multi',
  'multiRead',
  'count',
  'ephemerals',
  'watchData',
  'watchExists',
  'watchChildren',
  'watchTree',
  'removeWatches',
  'authenticate',
  'createProtected',
  'setAcl',
  'getAcl',
  'whoAmI',
] as const;

export type OperationKind = (typeof OPERATION_KINDS)[number];

/** The operations that deal with registers and the nodes below them, and nothing else. */
export const REGISTER_KINDS: readonly OperationKind[] = OPERATION_KINDS.slice(
  0,
  OPERATION_KINDS.indexOf('createContainer'),
);
