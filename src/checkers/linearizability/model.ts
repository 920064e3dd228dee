import type { RecordedOperation } from './operation.ts';

/** What may be known of an operation by its name alone. */
export interface OperationTraits {
  /** It never changes the object: one without an answer says nothing. */
  readonly isRead?: boolean;
  /** One that failed was carried out, changed nothing, and tells why: a compare-and-set. */
  readonly tellsWhenRefused?: boolean;
}

/**
 * What a ready-made model is, for the ways that are quicker than a search: they rely on the names
 * and arguments of its operations.
 *
 * `register`: `read`, `write`, `cas`. `strings`: `get`, `put`, `append`. `versions`: `get`, `set`,
 * `cas` with versions. `queue` and `priority-queue`: `enqueue`, `dequeue`.
 * `set`: `add`, `remove`, `contains`. `counter`: `add`, `inc`, `read`. `lock`: `acquire`, `release`.
 */
export type Shape =
  | 'register'
  | 'strings'
  | 'versions'
  | 'queue'
  | 'priority-queue'
  | 'set'
  | 'counter'
  | 'lock';

/**
 * An object as a machine that does one thing at a time.
 *
 * States are never changed in place. A history falls into independent parts, one for each key,
 * or as {@link HistoryModel.partition} says.
 */
export interface HistoryModel<State> {
  readonly name: string;
  readonly init: State;
  /**
   * The state after the operation; `null` if it cannot end this way here. One that is `info` has no
   * answer: then any will do.
   *
   * To be decided by `f`, `key`, `input`, `output`, `outcome` and `version` alone, and by `process`
   * only where `byProcess` says so.
   */
  step(state: State, operation: RecordedOperation): State | null;
  /**
   * Equal for equal states and different for others: states are compared by it alone. If not given,
   * states are what JSON can say.
   */
  hash?(state: State): string | number;
  /** If given, the operations that there are. */
  readonly operations?: Readonly<Record<string, OperationTraits>>;
  /** Whether it matters who asks. */
  readonly byProcess?: boolean;
  /** Operations of different parts never see each other. If not given, a part is a key. */
  partition?(operation: RecordedOperation): string | number | null;
  /**
   * What the operation is about. Of a right history, what is left is right when all operations
   * that mention a certain thing are left out. `null`: about everything. It makes the evidence of
   * violations smaller.
   */
  mentions?(operation: RecordedOperation): readonly unknown[] | null;
  /** Whether an operation takes out one thing that another has put in, so that it is there no more. */
  takes?(operation: RecordedOperation): boolean;
  /** The operation in words: `write 3`. */
  describe?(operation: RecordedOperation): string;
  /** A state as the end of a sentence: `the value is 3`. If not given, what JSON says of it. */
  describeState?(state: State): string;
  readonly shape?: Shape;
}
