import type { RecipeEvent } from '../client/recipes/log.ts';
import type { RunView } from '../scenario/run-view.ts';
import { type Condition, conditionOf } from '../scenario/server-look.ts';
import { ZXID_ZERO, type Zxid } from '../zab/zxid.ts';

/** What a client knows. */
export interface ClientLook {
  readonly client: number;
  readonly condition: Condition;
  /** The server that it is connected to; `null` for none. */
  readonly server: number | null;
  /** The last transaction that an answer has shown it. */
  readonly lastSeen: Zxid;
  /** How many of its operations have no answer yet. */
  readonly openCount: number;
  /** The token of the lock that it believes to hold. */
  readonly token: Zxid | null;
}

/** @param server the one that has taken up its session last */
export function lookAtClient(
  { ensemble, clients }: RunView,
  client: number,
  server: number | null,
): ClientLook {
  const standing = clients.standings().find((each) => each.client === client);
  const operations = clients.history.operations.filter((each) => each.client === client);
  const lastSeen = operations.reduce((last, { zxid }) => (zxid > last ? zxid : last), ZXID_ZERO);
  return {
    client,
    condition: conditionOf(ensemble.world.host(clients.hostIds[client - 1] ?? 0)),
    server: standing?.isConnected === true ? server : null,
    lastSeen,
    openCount: standing === undefined ? 0 : operations.filter(({ isDone }) => !isDone).length,
    token: tokenOf(clients.journal.events, client),
  };
}

/** What a client believes to have by now. */
function tokenOf(events: readonly RecipeEvent[], client: number): Zxid | null {
  let token: Zxid | null = null;
  for (const event of events) {
    if (event.client !== client || event.recipe !== 'lock') continue;
    if (event.what === 'acquired') token = event.token ?? null;
    else if (event.what === 'releasing' || event.what === 'lost') token = null;
  }
  return token;
}
