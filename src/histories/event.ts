/** One line of a history: a call begins, or ends. What is absent is `null`. */
export interface HistoryEvent {
  readonly process: unknown;
  readonly type: unknown;
  readonly f: unknown;
  readonly key: unknown;
  readonly value: unknown;
  readonly version: unknown;
  readonly zxid: unknown;
  readonly time: unknown;
  /** Whether a cas that failed had compared unequal; one that failed otherwise had no effect. */
  readonly hasCompared: boolean;
}

/** What is wrong in a history, without where. */
export class Mistake extends Error {
  override readonly name = 'Mistake';
}
