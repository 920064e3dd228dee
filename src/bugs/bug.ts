import type { Property } from '../checkers/violation.ts';
import type { ServerRules } from '../keeper/rules.ts';

/** A mistake that the servers of a run can be given: some rules replaced. */
export interface Bug {
  /** What it is called on the command line: a ticket's number, or a name. */
  readonly id: string;
  /** One line: what the servers do wrong. */
  readonly summary: string;
  /** What it must break at least once in a while. */
  readonly breaks: readonly Property[];
  rules(correct: ServerRules): ServerRules;
}
