import type { Origin, Sid } from '../zab/ports.ts';
import type { Id } from './acl.ts';
import type { ClientConnection } from './client-connection.ts';
import type { Request } from './requests.ts';
import type { SessionId } from './session-id.ts';

/** A request on its way through the servers. */
export interface ServerRequest {
  readonly session: SessionId;
  readonly message: Request;
  /** Who the client was known to be when the request came. */
  readonly ids: readonly Id[];
  /** The server that the client asked. */
  readonly entry: Sid;
  /** That server's own number for it, so that a commit finds the request it came from. */
  readonly requestId: number;
}

/** A request at one server. */
export interface LocalRequest extends ServerRequest {
  /** Who gets the answer; `null` if it came from another server, or from no client at all. */
  readonly connection: ClientConnection | null;
  /** At the leader: the learner that forwarded it. */
  readonly origin: Origin | null;
}
