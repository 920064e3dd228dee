import { OP } from '../../src/keeper/codes.ts';
import {
  type ConnectRequest,
  type ConnectResponse,
  type Request,
  XID,
} from '../../src/keeper/requests.ts';
import { NO_SESSION, type SessionId, sessionIdFromLong } from '../../src/keeper/session-id.ts';
import { InputError } from '../../src/scenario/input-error.ts';
import type {
  Advance,
  Command,
  Connect,
  Outcome,
  RecordedConfig,
  RecordedRequest,
  SessionEvent,
  Step,
} from './format.ts';
import type { JsonObject } from './json.ts';
import { type Answer, eventOf, NormalForm } from './normal-form.ts';
import { toRequest } from './questions.ts';
import { type RawConnection, SimulatedServer } from './simulated-server.ts';
import { ZxidMap } from './zxid-map.ts';

/** Time for what a step causes elsewhere; a packet and a write take a tenth of a millisecond. */
const SETTLE_MICROS = 2000;

const NO_PASSWORD = new Uint8Array(16);
const WRONG_PASSWORD = new Uint8Array(16).fill(0xa5);

/** What came on a connection. */
type Heard =
  | { readonly event: ReturnType<typeof eventOf> }
  | { readonly xid: number; readonly answer: Answer };

/** What a step came to for whoever acts. */
interface Result {
  readonly answer: Omit<Outcome, 'events'>;
  readonly events?: readonly SessionEvent[];
}

/** Goes with an answer behind which the server has cut the connection. */
const THEN_CLOSED: JsonObject = Object.fromEntries([['then', 'closed']]);

const PING: Request = { xid: XID.ping, type: OP.ping, body: null };

const DONE: Result = { answer: { result: {} } };

/** Performs the steps of one recording, in order, against one simulated server. */
export class Replayer {
  /** The last step has removed several nodes of sessions that ended. */
  removedSeveralNodes = false;

  private readonly simulation: SimulatedServer;
  private readonly pingMicros: number;
  private readonly zxids: ZxidMap;
  private readonly form: NormalForm;
  /** By alias: the session that it used last, and the connection unless that has ended. */
  private readonly sessions = new Map<string, ConnectResponse>();
  private readonly connections = new Map<string, RawConnection>();
  /** Of each session: the alias under which it was made. */
  private readonly aliases = new Map<SessionId, string>();

  constructor(config: RecordedConfig) {
    this.simulation = new SimulatedServer(config);
    this.pingMicros = (config.minSessionTimeout * 1000) / 4;
    this.zxids = new ZxidMap(this.simulation.epoch, this.simulation.lastZxid);
    this.form = new NormalForm(this.zxids, this.aliases);
  }

  /** @throws {@link InputError} if the step has no meaning here */
  perform({ session, command }: Step): Outcome {
    const before = this.simulation.ephemeralCount;
    const { answer, events = [] } = this.act(session, command);
    const elsewhere = [...this.connections].flatMap(([alias, connection]) => {
      return alias === session ? [] : this.eventsAt(alias, connection);
    });
    this.forgetClosed();
    const mayEndSessions = command.op === 'closeSession' || command.op === 'advance';
    this.removedSeveralNodes = mayEndSessions && before - this.simulation.ephemeralCount > 1;
    return { ...answer, events: [...events, ...elsewhere] };
  }

  private act(session: string | null, command: Command): Result {
    switch (command.op) {
      case 'restartServer':
        return this.restartServer();
      case 'advance':
        return this.advance(command);
      case 'serverCounts':
        return { answer: { result: this.simulation.counts } };
      default:
        if (session === null) throw new InputError(`${command.op} needs a session`);
    }
    if (command.op === 'connect') return this.connect(session, command);
    const connection = this.connections.get(session);
    if (connection === undefined) return { answer: { error: { name: 'NOTCONNECTED' } } };
    switch (command.op) {
      case 'disconnect':
        return this.disconnect(connection);
      case 'dumpTree':
        return this.dumpTree(connection);
      case 'pipeline':
        return this.pipeline(session, connection, command.ops);
      default:
        return this.request(session, connection, command);
    }
  }

  // Connections

  private connect(alias: string, command: Connect): Result {
    const old = this.connections.get(alias);
    const greeting = this.greeting(command);
    const connection = this.simulation.connect(greeting);
    this.connections.set(alias, connection);
    this.simulation.runUntil(() => connection.isClosed || connection.answerCount > 0);
    this.simulation.runFor(SETTLE_MICROS);
    const events = old === undefined ? [] : this.eventsAt(alias, old, 'OldConnectionClosed');
    const [response] = connection.take();
    if (response === undefined || 'xid' in response) {
      return { answer: { error: withoutAnswer(connection) }, events };
    }
    const then = connection.isClosed ? THEN_CLOSED : {};
    return {
      answer: { result: { ...this.welcome(alias, greeting.session, response), ...then } },
      events,
    };
  }

  private greeting(command: Connect): ConnectRequest {
    const { timeoutMs, resume, rawSessionId } = command;
    const lastZxidSeen = this.zxids.toSimulated(command.lastZxidSeen);
    let session = rawSessionId === undefined ? NO_SESSION : sessionIdFromLong(BigInt(rawSessionId));
    let password: Uint8Array = NO_PASSWORD;
    if (resume !== undefined) {
      const resumed = this.sessions.get(resume);
      if (resumed === undefined) throw new InputError(`${resume} has had no session to resume`);
      session = resumed.session;
      password = resumed.password;
    }
    if (command.password === 'wrong') password = WRONG_PASSWORD;
    return { lastZxidSeen, timeoutMs, session, password };
  }

  /** What the server has made of the greeting. */
  private welcome(alias: string, asked: SessionId, response: ConnectResponse): JsonObject {
    const { session, timeoutMs } = response;
    if (session === NO_SESSION) return { session: 'expired', timeoutMs };
    this.sessions.set(alias, response);
    if (session === asked) {
      return { session: 'resumed', timeoutMs, of: this.aliases.get(session) };
    }
    this.aliases.set(session, alias);
    return { session: 'new', timeoutMs };
  }

  private disconnect(connection: RawConnection): Result {
    connection.close();
    this.simulation.runFor(SETTLE_MICROS);
    return DONE;
  }

  /** All that clients still hear of: what others did, and that they were cut off. */
  private eventsAt(
    alias: string,
    connection: RawConnection,
    closed = 'ConnectionClosed',
  ): SessionEvent[] {
    const events: SessionEvent[] = [];
    for (const heard of this.take(connection)) {
      if ('event' in heard) events.push({ session: alias, ...heard.event });
      else if (heard.xid !== XID.ping) events.push({ session: alias, type: `Answer${heard.xid}` });
    }
    if (connection.isClosed) events.push({ session: alias, type: closed });
    return events;
  }

  private forgetClosed(): void {
    for (const [alias, { isClosed }] of this.connections) {
      if (isClosed) this.connections.delete(alias);
    }
  }

  // Requests

  private request(alias: string, connection: RawConnection, request: RecordedRequest): Result {
    const heard = this.exchange(connection, [request]);
    const at = heard.findIndex((item) => 'answer' in item);
    const events: SessionEvent[] = heard.flatMap((item, index) => {
      if (!('event' in item)) return [];
      return [{ session: alias, ...item.event, when: index < at ? 'before' : 'after' }];
    });
    const item = heard[at];
    if (item === undefined || !('answer' in item)) {
      return { answer: { error: withoutAnswer(connection) }, events };
    }
    const { answer } = item;
    if (!connection.isClosed || request.op === 'closeSession') return { answer, events };
    if (answer.error !== undefined) {
      return { answer: { ...answer, error: { ...answer.error, ...THEN_CLOSED } }, events };
    }
    events.push({ session: alias, type: 'ConnectionClosed' });
    return { answer, events };
  }

  private pipeline(
    alias: string,
    connection: RawConnection,
    requests: readonly RecordedRequest[],
  ): Result {
    const ops = requests.map(({ op }) => op);
    const stream = this.exchange(connection, requests).map((item) => {
      return 'event' in item ? { event: item.event } : { op: ops.shift(), ...item.answer };
    });
    const answer = { result: { stream } };
    if (!connection.isClosed) return { answer };
    return { answer, events: [{ session: alias, type: 'ConnectionClosed' }] };
  }

  /** Sends all at once, and waits for the answers and for what the requests cause elsewhere. */
  private exchange(connection: RawConnection, requests: readonly RecordedRequest[]): Heard[] {
    const xids: number[] = [];
    for (const recorded of requests) {
      const request = toRequest(recorded, connection.nextXid(), this.zxids);
      xids.push(request.xid);
      connection.send(request);
    }
    this.simulation.runUntil(() => {
      return connection.isClosed || connection.answerCount >= requests.length;
    });
    this.simulation.runFor(SETTLE_MICROS);
    return this.take(connection).map((item) => {
      if ('event' in item || item.xid === xids.shift()) return item;
      return { ...item, answer: { error: { name: 'WRONGXID' }, zxid: item.answer.zxid } };
    });
  }

  private take(connection: RawConnection): Heard[] {
    return connection.take().flatMap((message): Heard[] => {
      if (!('xid' in message)) return [];
      if (message.type === OP.notification) return [{ event: eventOf(message.body) }];
      return [{ xid: message.xid, answer: this.form.answer(message) }];
    });
  }

  // The whole tree

  private dumpTree(connection: RawConnection): Result {
    const nodes: Record<string, JsonObject> = {};
    this.dump(connection, '/', nodes);
    return { answer: { result: { nodes } } };
  }

  private dump(connection: RawConnection, path: string, nodes: Record<string, JsonObject>): void {
    const node = this.read(connection, { op: 'getData', path, watch: false });
    const list = this.read(connection, { op: 'getChildren', path, watch: false });
    const { data } = node.result ?? {};
    const { children } = list.result ?? {};
    nodes[path] = { data, stat: node.stat, error: node.error, childrenError: list.error };
    for (const name of Array.isArray(children) ? children : []) {
      this.dump(connection, path === '/' ? `/${name}` : `${path}/${name}`, nodes);
    }
  }

  private read(connection: RawConnection, request: RecordedRequest): Omit<Answer, 'zxid'> {
    const item = this.exchange(connection, [request]).find((heard) => 'answer' in heard);
    return item?.answer ?? { error: withoutAnswer(connection) };
  }

  // The harness's own steps

  private advance({ ms, silent }: Advance): Result {
    const { simulation } = this;
    const end = simulation.now + ms * 1000;
    while (simulation.now < end) {
      for (const [alias, connection] of this.connections) {
        if (!silent.includes(alias)) connection.send(PING);
      }
      simulation.runFor(Math.min(this.pingMicros, end - simulation.now));
    }
    simulation.runFor(SETTLE_MICROS);
    return DONE;
  }

  private restartServer(): Result {
    const { lastZxid } = this.simulation;
    this.simulation.restart();
    this.zxids.beginEpoch(this.simulation.epoch, lastZxid);
    this.connections.clear();
    return DONE;
  }
}

function withoutAnswer({ isClosed }: RawConnection): JsonObject {
  return { name: isClosed ? 'CONNECTIONCLOSED' : 'NOANSWER' };
}
