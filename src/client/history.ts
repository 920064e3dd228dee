import type { EventType, Question, Reply } from '../keeper/requests.ts';
import type { SessionId } from '../keeper/session-id.ts';
import { ZXID_ZERO, type Zxid } from '../zab/zxid.ts';

/** What a client sends to prove who it is, on every new connection again. */
export interface AuthInfo {
  readonly scheme: string;
  readonly auth: Uint8Array;
}

const NOTHING_PROVEN: readonly AuthInfo[] = [];

/** One operation as its client saw it. */
export class Operation {
  readonly client: number;
  readonly question: Question;
  /** Its place among all invocations and answers of the history. */
  readonly invokedIndex: number;
  /** Microseconds of simulated time. */
  readonly invokedAt: number;
  /** The session in which it was sent; 0 as long as it was not. */
  session: SessionId = 0;
  xid = 0;
  server = 0;
  /** The client's connection on which it was sent, counted from 1; 0 as long as it was not. */
  connection = 0;
  /** What the client had sent on this connection before, to prove who it is. */
  auth: readonly AuthInfo[] = NOTHING_PROVEN;
  /** -1 as long as there is no outcome. */
  completedIndex = -1;
  completedAt = -1;
  /** A `CODE`. After CONNECTIONLOSS and SESSIONEXPIRED nobody knows whether it took effect. */
  err = 0;
  /** The last transaction that the answer shows; 0 without an answer. */
  zxid: Zxid = ZXID_ZERO;
  reply: Reply | null = null;

  constructor(client: number, question: Question, index: number, at: number) {
    this.client = client;
    this.question = question;
    this.invokedIndex = index;
    this.invokedAt = at;
  }

  get isDone(): boolean {
    return this.completedIndex >= 0;
  }
}

/** A watch event as a client heard it. */
export interface HeardEvent {
  readonly client: number;
  readonly session: SessionId;
  /** As {@link Operation.connection}. */
  readonly connection: number;
  /** Its place among all invocations, answers and events of the history. */
  readonly index: number;
  readonly at: number;
  readonly type: EventType;
  /** As the server knows it, a chroot included. */
  readonly path: string;
  /** Of the change; -1 where a server did not say. */
  readonly zxid: number;
}

/** An answer that came when it was not its turn. Its client took it for none, and hung up. */
export interface StrayAnswer {
  readonly client: number;
  readonly at: number;
  readonly reply: Reply;
  /** What should have been answered; `null` if nothing was asked for. */
  readonly due: Operation | null;
}

/** All operations of a run in the order of their invocation, and what else clients heard. */
export class History {
  readonly operations: Operation[] = [];
  readonly events: HeardEvent[] = [];
  readonly strays: StrayAnswer[] = [];
  private readonly now: () => number;
  private nextIndex = 0;
  private readonly connectionCounts = new Map<number, number>();

  /** @param now simulated time, in microseconds */
  constructor(now: () => number) {
    this.now = now;
  }

  invoke(client: number, question: Question): Operation {
    const operation = new Operation(client, question, this.nextIndex++, this.now());
    this.operations.push(operation);
    return operation;
  }

  /** @param reply `null` when none came */
  complete(operation: Operation, err: number, reply: Reply | null): void {
    operation.completedIndex = this.nextIndex++;
    operation.completedAt = this.now();
    operation.err = err;
    operation.reply = reply;
    operation.zxid = reply?.zxid ?? ZXID_ZERO;
  }

  /** When something happens beside the operations: the time, and the place among them. */
  moment(): { readonly at: number; readonly index: number } {
    return { at: this.now(), index: this.nextIndex++ };
  }

  /** A server has taken up a client's session. @returns the number of this connection */
  connect(client: number): number {
    const number = (this.connectionCounts.get(client) ?? 0) + 1;
    this.connectionCounts.set(client, number);
    return number;
  }

  /** An answer is not the one that a client waits for. */
  stray(client: number, reply: Reply, due: Operation | null): void {
    this.strays.push({ client, at: this.now(), reply, due });
  }

  /** A client has heard a watch event. */
  hear({ client, session, connection, type, path, zxid }: Omit<HeardEvent, 'index' | 'at'>): void {
    const { at, index } = this.moment();
    this.events.push({ client, session, connection, index, at, type, path, zxid });
  }
}
