import { OP } from '../codes.ts';
import type { RequestFor } from '../requests.ts';
import type { Preparation, Prepared } from './operation.ts';

export function prepareCreateSession({ body }: RequestFor<typeof OP.createSession>): Prepared {
  return { type: OP.createSession, body };
}

/** Lists what goes with the session, ephemerals that are only proposed included. */
export function prepareCloseSession({ view, zxid, session }: Preparation): Prepared {
  const paths = view.ephemeralsOf(session);
  for (const path of paths) view.remove(zxid, path);
  return { type: OP.closeSession, body: { paths } };
}
