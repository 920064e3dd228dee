import type { Property } from '../checkers/violation.ts';
import type { ServerRules } from '../keeper/rules.ts';
import type { RecipeName } from '../workload/settings.ts';

/** A mistake that a run can be given: the servers', whose rules are replaced, or the clients'. */
export interface Bug {
  /** What it is called on the command line: a ticket's number, or a name. */
  readonly id: string;
  /** One line: what goes wrong. */
  readonly summary: string;
  /** What it must break at least once in a while. */
  readonly breaks: readonly Property[];
  /** The servers' rules, given those that are right. */
  rules?(correct: ServerRules): ServerRules;
  /** What the clients follow. */
  readonly recipe?: RecipeName;
}
