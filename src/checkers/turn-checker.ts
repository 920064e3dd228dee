import type { StrayAnswer } from '../client/history.ts';
import { opName } from '../keeper/codes.ts';
import { describeOperation } from './answers.ts';
import { Tally } from './tally.ts';
import type { Property } from './violation.ts';

/** An answer that was not due when it came. */
export interface TurnFinding {
  readonly property: Property;
  readonly message: string;
  /** Microseconds of simulated time. */
  readonly at: number;
}

/**
 * Each answer on a connection is to the oldest request that has none. Clients hang up on any other,
 * so the operations never show it: to them it looks like a connection that was lost.
 *
 * @param strays in the order in which they came
 * @param tally says what is judged, and counts it
 * @returns the first finding, if there is one
 */
export function checkTurns(
  strays: readonly StrayAnswer[],
  tally: Tally = new Tally(),
): TurnFinding[] {
  tally.count('fifo-client-order', strays.length);
  const [first] = strays;
  const finding = tally.keep(first === undefined ? null : outOfTurn(first));
  return finding === null ? [] : [finding];
}

function outOfTurn({ client, at, reply, due }: StrayAnswer): TurnFinding {
  const turn = due === null ? 'nothing was due' : `${describeOperation(due)} was due`;
  const message = `client ${client} was answered ${opName(reply.type)} (xid ${reply.xid}), when ${turn}`;
  return { property: 'fifo-client-order', message, at };
}
