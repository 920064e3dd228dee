/**
 * How an operation ended.
 *
 * `ok`: it took effect at one moment between its invocation and its return, and this is its answer.
 * `fail`: it was refused. What that says about the object is up to the model: mostly nothing.
 * `info`: nobody knows. It took effect once, at any moment after its invocation, or never.
 */
export type Outcome = 'ok' | 'fail' | 'info';

/** One operation of a recorded history: a question to an object, and the answer. */
export interface RecordedOperation {
  /** Who asks. A process has one operation open at a time. */
  readonly process: number;
  /** The operation's name: `read`, `enqueue`. */
  readonly f: string;
  /** Which object, where the history has several. */
  readonly key: string | number | null;
  /** The argument; `null` where there is none. */
  readonly input: unknown;
  /** The answer of one that is `ok`; `null` where there is none. */
  readonly output: unknown;
  readonly outcome: Outcome;
  /** Places in one sequence, no two equal: the lines of a file. */
  readonly invokedAt: number;
  /** Infinity when no answer came. */
  readonly returnedAt: number;
  /** What a znode's answer carried: for a write its own, for a read those of the value shown. */
  readonly version?: number;
  readonly zxid?: number;
}
