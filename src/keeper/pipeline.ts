import type { ClientConnection } from './client-connection.ts';
import type { CommitProcessor } from './commit-processor.ts';
import type { LocalRequest } from './server-request.ts';
import type { SessionId } from './session-id.ts';
import type { Transaction } from './transaction.ts';

/** What a server does with requests and sessions depends on whether it leads or learns. */
export interface Pipeline {
  readonly commits: CommitProcessor;
  submit(request: LocalRequest): void;
  /** A client has been heard from. @returns `false` if its session is known to be over */
  touch(session: SessionId, timeoutMs: number): boolean;
  /** Finds out whether the session that a client brings is alive, and tells its connection. */
  reattach(connection: ClientConnection): void;
  applied(txn: Transaction): void;
  stop(): void;
}
