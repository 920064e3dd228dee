import type { SessionId } from '../../keeper/session-id.ts';
import type { Zxid } from '../../zab/zxid.ts';

export type Recipe =
  | 'lock'
  | 'read-write-lock'
  | 'leader-election'
  | 'double-barrier'
  | 'fifo-queue'
  | 'priority-queue'
  | 'group-membership'
  | 'naming'
  | 'configuration'
  | 'service-discovery'
  | 'resource';

/**
 * What somebody who follows a recipe believes.
 *
 * A right, a membership or a name (locks, leadership, groups, names, services) goes: `asked`, then
 * `acquired`, or `refused`; `suspended` when the connection is lost and `resumed` when the same
 * session is back: in between it must not be used; then `releasing`, from which on it is not
 * believed in, and `released` when the node is surely gone; or `lost`, with the session or
 * with the process, whose session may live on for a while.
 *
 * Work goes: `offering`, `offered`; `taking`, `taken`. A barrier: `entering`, `entered`, `leaving`,
 * `left`. A configuration: `publishing`, `published`. Whoever looks at something: `viewed`. An id:
 * `issued`. A resource outside: `wrote`, or `refused`.
 */
export type Belief =
  | 'asked'
  | 'acquired'
  | 'refused'
  | 'suspended'
  | 'resumed'
  | 'releasing'
  | 'released'
  | 'lost'
  | 'offering'
  | 'offered'
  | 'taking'
  | 'taken'
  | 'entering'
  | 'entered'
  | 'leaving'
  | 'left'
  | 'publishing'
  | 'published'
  | 'viewed'
  | 'issued'
  | 'wrote';

/**
 * What a recipe's event is about. What is meant by `token`, `seen` and the items stands at each
 * recipe.
 */
export interface RecipeDetails {
  readonly recipe: Recipe;
  /** The node that all who take part share, chroot excluded. */
  readonly resource: string;
  readonly what: Belief;
  /** The node that stands for it, if there is one. */
  readonly path?: string;
  /** The transaction that gave it: a czxid or mzxid, which rises from one to the next. */
  readonly token?: Zxid;
  /** The state that the belief rests on: a pzxid or mzxid that was read. */
  readonly seen?: Zxid;
  readonly item?: string;
  readonly items?: readonly string[];
  /** How many it takes, where that matters. */
  readonly size?: number;
}

/** One entry of the log: plain data, enough to judge every promise beside the operations. */
export interface RecipeEvent extends RecipeDetails {
  readonly client: number;
  readonly session: SessionId;
}

/** Hears what everybody believes, at the moment in which the belief begins. */
export interface RecipeLog {
  /** @param event which is the log's from now on */
  record(event: RecipeEvent): void;
}

export interface RecordedEvent extends RecipeEvent {
  /** Microseconds of simulated time. */
  readonly at: number;
  /** Its place among all invocations, answers and events of the history. */
  readonly index: number;
}
