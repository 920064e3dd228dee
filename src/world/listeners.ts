/**
 * What a program hands to its host to be called back: plain objects, told by a number which of
 * their waits has ended, so that whatever is pending can be printed and compared.
 */

export interface TimerListener {
  /** @param timer what the program called this wait when it set it */
  timerFired(timer: number): void;
}

export interface WakeListener {
  awake(): void;
}

export interface StorageListener {
  /**
   * @param operation what the program called the write when it began it
   * @param succeeded `false` when the disk reported an error: nothing may be assumed of the write
   */
  stored(operation: number, succeeded: boolean): void;
}

export interface ConnectionListener {
  /** The other side has accepted. Only the side that dialled hears this. */
  connected(): void;
  received(message: unknown): void;
  /** Refused, closed by the other side, or reset. Nothing follows. */
  closed(): void;
}

/** What runs on a host, from the start of a process to its end. */
export interface Program {
  start(): void;
  /**
   * Somebody dialled.
   *
   * @returns who shall hear of the connection, or `null` to refuse it
   */
  accept(port: string, connection: Connection): ConnectionListener | null;
}

/** One side of a connection. */
export interface Connection {
  /** Where the other side is; empty as long as nobody has accepted. */
  readonly remoteAddress: string;
  send(message: unknown): void;
  /** Ends the connection in good order: what was sent before still arrives. */
  close(): void;
}
