import type { Reply, Request } from '../keeper/requests.ts';
import type { SessionId } from '../keeper/session-id.ts';
import { ZXID_ZERO, type Zxid } from '../zab/zxid.ts';

/** What a client asks for; the xid comes when it is sent. */
export type Question = { [R in Request as R['type']]: Omit<R, 'xid'> }[Request['type']];

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

/** All operations of a run, in the order of their invocation. */
export class History {
  readonly operations: Operation[] = [];
  private readonly now: () => number;
  private nextIndex = 0;

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
}
