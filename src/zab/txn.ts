import type { Zxid } from './zxid.ts';

/** A state change on its way through the log. Consensus looks at its number alone. */
export interface Txn {
  readonly zxid: Zxid;
  /** How many bytes its record takes in the log. */
  readonly byteCount: number;
}

/** A copy of the service's state that can stand in for the log up to `zxid`. */
export interface Snapshot {
  /**
   * Everything up to here is in it. Effects of later transactions may be in it too, since writing
   * goes on while the state is copied; replaying the log over them must change nothing.
   */
  readonly zxid: Zxid;
  /** About how many bytes it takes on disk. */
  readonly byteCount: number;
}
