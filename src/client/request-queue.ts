import { OP } from '../keeper/codes.ts';
import { type Question, type Reply, type Request, XID } from '../keeper/requests.ts';
import type { SessionId } from '../keeper/session-id.ts';
import { Fifo } from '../kernel/fifo.ts';
import type { Connection } from '../world/listeners.ts';
import type { AuthInfo, History, Operation } from './history.ts';

/** Hears how a request ended: with the answer, or with a code and none. */
export type Done = (err: number, reply: Reply | null) => void;

export interface Call {
  readonly operation: Operation;
  readonly done: Done;
}

/** The connection that requests go out on. */
export interface Way {
  readonly connection: Connection;
  readonly session: SessionId;
  readonly server: number;
  /** The client's how-manieth it is. */
  readonly number: number;
  /** What has been sent on it to prove who the client is. */
  auth: readonly AuthInfo[];
}

const XID_MAX = 2 ** 31 - 1;

/**
 * The requests of a client that have no answer yet, in the order in which they were asked for: not
 * sent, then sent. Answers come in the order of sending; those to `auth` come when they come.
 */
export class RequestQueue {
  private readonly client: number;
  private readonly history: History;
  private readonly queued = new Fifo<Call>();
  private readonly sent = new Fifo<Call>();
  private readonly auths = new Fifo<Call>();
  private lastXid = 0;

  constructor(client: number, history: History) {
    this.client = client;
    this.history = history;
  }

  /** Refuses at once. */
  refuse(question: Question, done: Done, err: number): void {
    this.complete(this.call(question, done), err, null);
  }

  /** Keeps it until there is a way. */
  enqueue(question: Question, done: Done): void {
    this.queued.push(this.call(question, done));
  }

  send(question: Question, done: Done, way: Way): void {
    this.sendCall(this.call(question, done), way);
  }

  /** @returns how many there were */
  sendQueued(way: Way): number {
    let count = 0;
    for (let call = this.queued.shift(); call !== undefined; call = this.queued.shift()) {
      this.sendCall(call, way);
      count++;
    }
    return count;
  }

  /** Whose answer it is; `null` if nobody's turn it is: the connection cannot be trusted. */
  take(reply: Reply): Call | null {
    const calls = reply.xid === XID.auth ? this.auths : this.sent;
    const call = calls.at(0);
    if (call?.operation.xid === reply.xid) return calls.shift() ?? null;
    this.history.stray(this.client, reply, call?.operation ?? null);
    return null;
  }

  complete({ operation, done }: Call, err: number, reply: Reply | null): void {
    this.history.complete(operation, err, reply);
    done(err, reply);
  }

  /** Ends all of them, first those that were sent; not what is asked for meanwhile. */
  failAll(err: number): void {
    const calls = [this.auths, this.sent, this.queued].flatMap((some) => [...some]);
    for (const some of [this.auths, this.sent, this.queued]) some.clear();
    for (const call of calls) this.complete(call, err, null);
  }

  private call(question: Question, done: Done): Call {
    return { operation: this.history.invoke(this.client, question), done };
  }

  private sendCall(call: Call, { connection, session, server, number, auth }: Way): void {
    const { operation } = call;
    const { type, body } = operation.question;
    operation.xid = type === OP.auth ? XID.auth : this.nextXid();
    operation.session = session;
    operation.server = server;
    operation.connection = number;
    operation.auth = auth;
    (type === OP.auth ? this.auths : this.sent).push(call);
    // The number makes a question a request of its type.
    connection.send({ xid: operation.xid, type, body } as Request);
  }

  private nextXid(): number {
    this.lastXid = this.lastXid === XID_MAX ? 1 : this.lastXid + 1;
    return this.lastXid;
  }
}
