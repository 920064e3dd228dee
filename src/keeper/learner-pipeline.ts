import type { LearnerPort } from '../zab/ports.ts';
import type { ClientConnection } from './client-connection.ts';
import { isWrite, OP } from './codes.ts';
import type { CommitProcessor } from './commit-processor.ts';
import type { Pipeline } from './pipeline.ts';
import type { LocalRequest, ServerRequest } from './server-request.ts';
import type { SessionId } from './session-id.ts';
import type { SessionTracker } from './session-tracker.ts';
import type { Transaction } from './transaction.ts';

/** REVALIDATE, both ways. */
export interface Revalidation {
  readonly session: SessionId;
  readonly timeoutMs: number;
  /** The answer; `null` in the question. */
  readonly isAlive: boolean | null;
}

/** The sessions heard from, with their time-outs. */
export type TouchTable = ReadonlyMap<SessionId, number>;

/**
 * A follower's or an observer's way: reads are answered here; writes, syncs and sessions go to the
 * leader. `FollowerRequestProcessor`.
 */
export class LearnerPipeline implements Pipeline {
  readonly commits: CommitProcessor;
  private readonly port: LearnerPort;
  private readonly tracker: SessionTracker | null;
  private touched = new Map<SessionId, number>();
  private readonly revalidating = new Map<SessionId, ClientConnection[]>();

  /** @param tracker of sessions that this server takes it upon itself to end; it should not */
  constructor(port: LearnerPort, commits: CommitProcessor, tracker: SessionTracker | null) {
    this.port = port;
    this.tracker = tracker;
    this.commits = commits;
  }

  /** The request waits here before it is sent, so that its commit finds it. */
  submit(request: LocalRequest): void {
    const { session, message, ids, entry, requestId } = request;
    this.commits.enqueue(request);
    if (!isWrite(message.type) && message.type !== OP.sync) return;
    const forwarded: ServerRequest = { session, message, ids, entry, requestId };
    this.port.forward(forwarded);
  }

  touch(session: SessionId, timeoutMs: number): boolean {
    this.touched.set(session, timeoutMs);
    this.tracker?.add(session, timeoutMs);
    return true;
  }

  /** Hands over the sessions heard from since the last call. */
  takeTouched(): TouchTable | null {
    if (this.touched.size === 0) return null;
    const table = this.touched;
    this.touched = new Map();
    return table;
  }

  reattach(connection: ClientConnection): void {
    const { session, timeoutMs } = connection;
    const waiting = this.revalidating.get(session);
    if (waiting === undefined) this.revalidating.set(session, [connection]);
    else waiting.push(connection);
    const question: Revalidation = { session, timeoutMs, isAlive: null };
    this.port.revalidate(question);
  }

  revalidated({ session, isAlive }: Revalidation): void {
    const waiting = this.revalidating.get(session) ?? [];
    this.revalidating.delete(session);
    for (const connection of waiting) connection.revalidated(isAlive === true);
  }

  applied(txn: Transaction): void {
    if (txn.type === OP.closeSession) this.tracker?.remove(txn.session);
    this.port.applied(txn);
  }

  stop(): void {
    this.tracker?.stop();
    this.commits.stop();
  }
}
