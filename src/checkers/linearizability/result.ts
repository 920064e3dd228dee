import type { RecordedOperation } from './operation.ts';

/** `unknown`: a cap was reached first. */
export type Verdict = 'pass' | 'violation' | 'unknown';

/**
 * A way to a verdict.
 *
 * `blocks`: by what must stand together, where values are written once. `witness`: by the versions
 * that the answers carry. `queue`: by the patterns that no queue can have. `counts`: by how much
 * was added. `phases`: by when an element of a set was in. `search`: by trying.
 */
export type Route = 'blocks' | 'witness' | 'queue' | 'counts' | 'phases' | 'search';

export interface CheckResult {
  readonly verdict: Verdict;
  /** All that the history has, those that say nothing included. */
  readonly operations: number;
  /** Work done, the same on every machine: calls tried by a search, operations read by a pass. */
  readonly steps: number;
  /** The most that columns, states and the memo of configurations took at once, by our own count. */
  readonly peakBytes: number;
  /** The ways taken, each once: for a violation the one that found it, else in the order of use. */
  readonly routes: readonly Route[];
  /** Of a violation, unless it was not asked for. */
  readonly evidence: Evidence | null;
  /** Of a pass, where it was asked for: one legal order of all operations that took effect. */
  readonly order: readonly RecordedOperation[] | null;
  /** Of an unknown. */
  readonly progress: Progress | null;
}

/** Why no order can be right, in little. */
export interface Evidence {
  /** Operations that are wrong by themselves, whatever else the history has; by their invocation. */
  readonly operations: readonly RecordedOperation[];
  /** Sentences: which operation cannot be placed, and what stands in its way. */
  readonly explanation: readonly string[];
  /** As many of them as could be put in order. */
  readonly longestOrder: readonly RecordedOperation[];
}

/** How far a check came that reached a cap, or that its caller gave up. */
export interface Progress {
  readonly cap: 'steps' | 'memory' | 'caller';
  /** Independent parts of the history (mostly one a key), and how many of them were found right. */
  readonly parts: number;
  readonly partsDecided: number;
  /** Of the part in which the cap was reached: how many operations it has, and how many had a place. */
  readonly key: string | number | null;
  readonly operations: number;
  readonly placed: number;
}

export interface CheckOptions {
  /** Steps that may be taken. Without a bound if not given. */
  readonly stepsMax?: number;
  /** Bytes that may be used beside the history, by our own count; 512 MiB if not given. */
  readonly memoryMax?: number;
  /** Whether to look for the evidence of a violation; `true` if not given. */
  readonly evidence?: boolean;
  /** Whether to return the order of a pass. */
  readonly order?: boolean;
}
