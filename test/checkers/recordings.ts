import { readdirSync, readFileSync } from 'node:fs';
import {
  type AuthInfo,
  type HeardEvent,
  History,
  type Operation,
} from '../../src/client/history.ts';
import type { Acl } from '../../src/keeper/acl.ts';
import { CODE, OP } from '../../src/keeper/codes.ts';
import {
  type Data,
  EVENT_TYPE,
  type MultiOp,
  type MultiReadOp,
  type MultiReadResult,
  type MultiResult,
  type Question,
  type Reply,
  type RequestedAcl,
} from '../../src/keeper/requests.ts';
import type { Stat } from '../../src/keeper/stat.ts';
import type { Change, SubChange, Transaction } from '../../src/keeper/transaction.ts';
import { asZxid, type Zxid } from '../../src/zab/zxid.ts';

const FOLDER = new URL('../conformance/recordings/', import.meta.url);

type RecordedData =
  | string
  | null
  | { readonly hex: string }
  | { readonly fill: string; len: number };

type RecordedStat = Omit<Stat, 'ctime' | 'mtime' | 'ephemeralOwner'> & {
  readonly ephemeralOwner: string | null;
};

interface RecordedError {
  readonly code?: number;
  readonly name: string;
  readonly then?: string;
}

interface RecordedEvent {
  readonly session: string;
  readonly type: string;
  readonly path: string;
  readonly when?: 'before' | 'after';
}

/** A request with its operands, alone or as part of another. */
interface RecordedRequest {
  readonly op: string;
  readonly path: string;
  readonly data: RecordedData;
  readonly acl: RequestedAcl;
  readonly flags: number;
  readonly ttl: number;
  readonly version: number;
  readonly watch: boolean;
  readonly mode: number;
  readonly type: number;
  readonly scheme: string;
  readonly prefix: string;
  readonly relativeZxid: number;
  readonly exist: readonly string[];
  readonly child: readonly string[];
  readonly persistent: readonly string[];
  readonly persistentRecursive: readonly string[];
  readonly ops: readonly RecordedRequest[];
  readonly resume: string;
  readonly timeoutMs: number;
  readonly ms: number;
  readonly silent: readonly string[];
}

interface RecordedResult {
  readonly op: string;
  readonly path: string;
  readonly data: RecordedData;
  readonly stat: RecordedStat;
  readonly children: readonly string[];
  readonly ephemerals: readonly string[];
  readonly acl: Acl;
  readonly totalNumber: number;
  readonly clientInfo: readonly { readonly scheme: string; readonly user: string }[];
  readonly error: RecordedError;
  readonly ops: readonly RecordedResult[];
  readonly session: 'new' | 'resumed' | 'expired';
  readonly of: string;
  readonly timeoutMs: number;
  readonly stream: readonly (Answered & { readonly op: string; readonly event?: RecordedEvent })[];
  readonly nodes: Readonly<Record<string, RecordedResult>>;
}

interface Answered {
  readonly result?: RecordedResult;
  readonly error?: RecordedError;
  readonly stat?: RecordedStat;
  readonly zxid?: number;
}

interface Step extends Answered {
  readonly session: string;
  readonly op: string;
  readonly args: RecordedRequest;
  readonly events: readonly RecordedEvent[];
}

export interface RecordingConfig {
  readonly tickTime: number;
  readonly extendedTypesEnabled: boolean;
  readonly enforceQuota: boolean;
  readonly skipAcl: boolean;
  readonly containerMaxNeverUsedMs: number;
  readonly superDigest: string;
}

type HeaderConfig = Omit<RecordingConfig, 'skipAcl' | 'containerMaxNeverUsedMs'> & {
  readonly skipACL: boolean;
  readonly maxNeverUsedIntervalMs: number;
};

/** What a real server did, as the checkers take it: what clients saw, and what was committed. */
export interface Recorded {
  readonly name: string;
  readonly config: RecordingConfig;
  readonly operations: readonly Operation[];
  readonly events: readonly HeardEvent[];
  readonly committed: readonly Transaction[];
}

export function recordings(): Recorded[] {
  return readdirSync(FOLDER)
    .filter((name) => name.endsWith('.jsonl'))
    .sort()
    .map((name) => {
      const [header = '', ...lines] = readFileSync(new URL(name, FOLDER), 'utf8')
        .trim()
        .split('\n');
      const { config } = JSON.parse(header) as { config: HeaderConfig };
      const { skipACL: skipAcl, maxNeverUsedIntervalMs: containerMaxNeverUsedMs } = config;
      const replay = new Replay(config);
      for (const line of lines) replay.step(JSON.parse(line) as Step);
      const { operations, events } = replay.history;
      const settings = { ...config, skipAcl, containerMaxNeverUsedMs };
      return { name, config: settings, operations, events, committed: replay.committed };
    });
}

/** One client of a recording, under the name that it has there. */
class Client {
  readonly number: number;
  session = 0;
  timeoutMs = 0;
  connection = 0;
  isConnected = false;
  silentMs = 0;
  lastXid = 0;
  auth: readonly AuthInfo[] = [];
  readonly ephemerals = new Set<string>();

  constructor(number: number) {
    this.number = number;
  }
}

class Replay {
  readonly committed: Transaction[] = [];
  readonly history: History;
  private readonly config: HeaderConfig;
  private readonly clients = new Map<string, Client>();
  private readonly times = new Map<number, number>([[0, 0]]);
  private now = 0;
  private lastSession = 0;

  constructor(config: HeaderConfig) {
    this.config = config;
    this.history = new History(() => this.now * 1000);
  }

  step(step: Step): void {
    this.now++;
    switch (step.op) {
      case 'connect':
        this.connect(step);
        break;
      case 'disconnect':
        this.client(step.session).isConnected = false;
        break;
      case 'advance':
        this.advance(step);
        break;
      case 'restartServer':
        for (const client of this.clients.values()) client.isConnected = false;
        break;
      case 'serverCounts':
        break;
      case 'dumpTree':
        this.dumpTree(step);
        break;
      case 'pipeline':
        this.pipeline(step);
        break;
      default:
        this.request(step);
    }
  }

  private connect({ session, args, result }: Step): void {
    if (result === undefined || result.session === 'expired') return;
    const client = this.client(session);
    if (result.session === 'new') {
      client.session = ++this.lastSession;
      client.ephemerals.clear();
      const body = { timeoutMs: args.timeoutMs };
      this.commit(client, 0, this.zxid + 1, { type: OP.createSession, body });
    } else {
      client.session = this.client(result.of).session;
    }
    Object.assign(client, {
      timeoutMs: result.timeoutMs,
      isConnected: true,
      silentMs: 0,
      auth: [],
    });
    client.connection++;
  }

  /** Time passes: sessions end that nobody speaks for, and nodes go whose time is over. */
  private advance({ args, events }: Step): void {
    this.now += args.ms;
    const silent = args.silent ?? [];
    const ended: Client[] = [];
    for (const [name, client] of this.clients) {
      if (client.session === 0 || (client.isConnected && !silent.includes(name))) continue;
      client.silentMs += args.ms;
      if (client.silentMs > client.timeoutMs + 2 * this.config.tickTime) ended.push(client);
    }
    for (const client of ended) this.endSession(client, 0, this.zxid + 1, events);
    const owned = new Set(this.committed.at(-1)?.type === OP.closeSession ? this.lastPaths() : []);
    for (const { type, path } of events) {
      if (type !== 'NodeDeleted' || owned.has(path)) continue;
      const server = new Client(0);
      this.commit(server, 0, this.zxid + 1, { type: OP.deleteContainer, body: { path } });
    }
    this.hear(events);
  }

  private lastPaths(): readonly string[] {
    const txn = this.committed.at(-1);
    return txn?.type === OP.closeSession ? txn.body.paths : [];
  }

  private endSession(
    client: Client,
    cxid: number,
    zxid: number,
    events: readonly RecordedEvent[],
  ): void {
    // The order in which a session's nodes go is the server's own; events tell of it.
    const heard = events.filter(({ type }) => type === 'NodeDeleted').map(({ path }) => path);
    const paths = [...new Set([...heard, ...client.ephemerals])];
    const own = paths.filter((path) => client.ephemerals.has(path));
    this.commit(client, cxid, zxid, { type: OP.closeSession, body: { paths: own } });
    client.ephemerals.clear();
    Object.assign(client, { session: 0, isConnected: false, silentMs: 0 });
  }

  private dumpTree({ session, result }: Step): void {
    for (const [path, answer] of Object.entries(result?.nodes ?? {})) {
      const args = { op: 'getData', path, watch: false } as RecordedRequest;
      const answered = { result: answer, stat: answer.stat, error: answer.error };
      this.answer(this.client(session), this.ask(session, args), { ...answered, zxid: this.zxid });
    }
  }

  private pipeline({ session, args, result, events }: Step): void {
    const client = this.client(session);
    const operations = args.ops.map((op) => this.ask(session, op));
    let next = 0;
    for (const { event, ...answered } of result?.stream ?? []) {
      const operation = operations[next];
      if (event !== undefined) this.hear([{ ...event, session }]);
      else if (operation !== undefined) {
        next++;
        this.answer(client, operation, answered, events);
      }
    }
    this.hear(events);
  }

  private request(step: Step): void {
    const { session, op, args, events } = step;
    const client = this.client(session);
    const operation = this.ask(session, { ...args, op });
    const after = events.filter(({ when }) => when === 'after');
    this.hear(events.filter(({ when }) => when !== 'after'));
    this.answer(client, operation, step, events);
    this.hear(after);
    if (op === 'auth' && step.error === undefined) {
      client.auth = [...client.auth, { scheme: args.scheme, auth: bytes(args.data) }];
    }
  }

  private ask(session: string, request: RecordedRequest): Operation {
    const client = this.client(session);
    const operation = this.history.invoke(client.number, questionOf(request));
    const { connection, auth } = client;
    const xid = operation.question.type === OP.auth ? -4 : ++client.lastXid;
    return Object.assign(operation, { session: client.session, connection, auth, xid });
  }

  private answer(
    client: Client,
    operation: Operation,
    answered: Answered,
    events: readonly RecordedEvent[] = [],
  ): void {
    const { error, zxid } = answered;
    if (zxid === undefined || error?.name === 'CONNECTIONCLOSED') {
      this.history.complete(operation, CODE.CONNECTIONLOSS, null);
      client.isConnected = false;
      return;
    }
    if (zxid > this.zxid) this.commitAnswered(client, operation, answered, zxid, events);
    const reply = this.replyTo(operation, answered, zxid);
    this.history.complete(operation, reply.err, reply);
    if (error?.then === 'closed') client.isConnected = false;
  }

  private commitAnswered(
    client: Client,
    { xid, question }: Operation,
    answered: Answered,
    zxid: number,
    events: readonly RecordedEvent[],
  ): void {
    if (question.type === OP.closeSession) this.endSession(client, xid, zxid, events);
    else this.commit(client, xid, zxid, changeOf(question, answered));
  }

  private commit(client: Client, cxid: number, zxid: number, change: Change): void {
    if (zxid !== this.zxid + 1) throw new Error(`${zxid} does not follow ${this.zxid}`);
    this.times.set(zxid, this.now);
    const { session } = client;
    const header = { zxid: asZxid(zxid), session, cxid, time: this.now, entry: 1, requestId: 0 };
    this.committed.push({ ...header, byteCount: 0, ...change } as Transaction);
    const changes = change.type === OP.multi ? change.body.changes : [change];
    for (const { type, body } of changes) {
      if ((type === OP.create || type === OP.create2) && body.isEphemeral) {
        client.ephemerals.add(body.path);
      } else if (type === OP.delete) {
        for (const { ephemerals } of this.clients.values()) ephemerals.delete(body.path);
      }
    }
  }

  private hear(events: readonly RecordedEvent[]): void {
    for (const { session, type, path } of events) {
      const client = this.client(session);
      if (type === 'ConnectionClosed') client.isConnected = false;
      if (!(type in EVENT_TYPE)) continue;
      this.history.hear({
        client: client.number,
        session: client.session,
        connection: client.connection,
        type: EVENT_TYPE[type as keyof typeof EVENT_TYPE],
        path,
        zxid: -1,
      });
    }
  }

  private replyTo({ xid, question }: Operation, answered: Answered, zxid: number): Reply {
    const { error, result, stat } = answered;
    const header = { xid, zxid: zxid as Zxid, type: question.type };
    if (error !== undefined) return { ...header, err: error.code, body: null } as Reply;
    const shown = stat ?? result?.stat;
    const body = this.bodyOf(question, result, shown);
    return { ...header, err: CODE.OK, body } as Reply;
  }

  private bodyOf(
    { type }: Question,
    result: RecordedResult | undefined,
    stat: RecordedStat | undefined,
  ): object | null {
    switch (type) {
      case OP.multi:
      case OP.multiRead:
        return { results: result?.ops.map((part) => this.resultOf(part)) };
      case OP.addWatch:
        return { errorField: 0 };
      case OP.getData:
        return { data: bytes(result?.data ?? null), stat: this.statOf(stat) };
      case OP.whoAmI: {
        const infos = result?.clientInfo.map(({ scheme, user }) => ({ authScheme: scheme, user }));
        return { clientInfo: infos };
      }
      default: {
        const body = { ...result, ...(stat && { stat: this.statOf(stat) }) };
        return Object.keys(body).length === 0 ? null : body;
      }
    }
  }

  private resultOf({
    op,
    error,
    data,
    stat,
    ...rest
  }: RecordedResult): MultiResult | MultiReadResult {
    if (op === 'error') return { type: OP.error, body: { err: error.code ?? 0 } };
    const shown = {
      ...rest,
      ...(stat && { stat: this.statOf(stat) }),
      ...(data !== undefined && { data: bytes(data) }),
    };
    const body = Object.keys(shown).length === 0 ? null : shown;
    return { type: OP[op as keyof typeof OP], body } as MultiResult;
  }

  private statOf(stat: RecordedStat | undefined): Stat | undefined {
    if (stat === undefined) return undefined;
    const owner = stat.ephemeralOwner;
    return {
      ...stat,
      ctime: this.times.get(stat.czxid) ?? -1,
      mtime: this.times.get(stat.mzxid) ?? -1,
      ephemeralOwner: owner === null ? 0 : this.client(owner).session,
    };
  }

  private get zxid(): number {
    return this.committed.length;
  }

  private client(name: string): Client {
    let client = this.clients.get(name);
    if (client === undefined) {
      client = new Client(this.clients.size + 1);
      this.clients.set(name, client);
    }
    return client;
  }
}

function questionOf(request: RecordedRequest): Question {
  const { op, path, version, watch } = request;
  const type = OP[op as keyof typeof OP] ?? OP.unknown;
  switch (type) {
    case OP.create:
    case OP.create2:
    case OP.createContainer:
    case OP.createTTL:
    case OP.delete:
    case OP.check:
    case OP.setData:
      return writeOf(request) as Question;
    case OP.multi:
      return { type, body: { ops: request.ops.map(writeOf) } };
    case OP.multiRead: {
      const ops = request.ops.map((part) => {
        return { type: OP[part.op as 'getData'], body: { path: part.path, watch: false } };
      });
      return { type, body: { ops: ops as MultiReadOp[] } };
    }
    case OP.setACL:
      return { type, body: { path, acl: request.acl, version } };
    case OP.getEphemerals:
      return { type, body: { prefixPath: request.prefix } };
    case OP.addWatch:
      return { type, body: { path, mode: request.mode } };
    case OP.checkWatches:
    case OP.removeWatches:
      return { type, body: { path, watcherType: request.type } };
    case OP.setWatches:
    case OP.setWatches2: {
      const { exist, child, persistent = [], persistentRecursive = [] } = request;
      const data = request.data as unknown as readonly string[];
      const body = { relativeZxid: asZxid(request.relativeZxid), data, exist, child };
      if (type === OP.setWatches) return { type, body };
      return { type, body: { ...body, persistent, persistentRecursive } };
    }
    case OP.auth:
      return { type, body: { scheme: request.scheme, auth: bytes(request.data) } };
    case OP.exists:
    case OP.getData:
    case OP.getChildren:
    case OP.getChildren2:
      return { type, body: { path, watch } };
    case OP.getACL:
    case OP.getAllChildrenNumber:
    case OP.sync:
      return { type, body: { path } };
    case OP.reconfig: {
      const none = { joining: null, leaving: null, newMembers: null };
      return { type, body: { ...none, curConfigId: asZxid(0) } };
    }
    case OP.whoAmI:
    case OP.ping:
    case OP.closeSession:
      return { type, body: null };
    default:
      return { type: OP.unknown, body: { type: request.type } };
  }
}

function writeOf(request: RecordedRequest): MultiOp {
  const { op, path, acl, flags, ttl, version } = request;
  const type = OP[op as keyof typeof OP];
  switch (type) {
    case OP.create:
    case OP.create2:
    case OP.createContainer:
      return { type, body: { path, data: bytes(request.data), acl, flags } };
    case OP.createTTL:
      return { type, body: { path, data: bytes(request.data), acl, flags, ttl } };
    case OP.delete:
    case OP.check:
      return { type, body: { path, version } };
    case OP.setData:
      return { type, body: { path, data: bytes(request.data), version } };
    default:
      return { type: OP.unknown, body: { type: 0 } };
  }
}

/** What the server must have committed for the answer that it gave. */
function changeOf(question: Question, { error, result }: Answered): Change {
  if (error !== undefined) return { type: OP.error, body: { err: error.code ?? 0 } };
  if (question.type === OP.setACL) {
    return { type: OP.setACL, body: { path: question.body.path, acl: [], version: 0 } };
  }
  if (question.type !== OP.multi) return subChangeOf(question as MultiOp, result);
  const changes = question.body.ops.map((op, index) => subChangeOf(op, result?.ops[index]));
  return { type: OP.multi, body: { changes } };
}

function subChangeOf(op: MultiOp, result: RecordedResult | undefined): SubChange {
  if (result?.op === 'error') return { type: OP.error, body: { err: result.error.code ?? 0 } };
  switch (op.type) {
    case OP.create:
    case OP.create2:
    case OP.createContainer:
    case OP.createTTL: {
      const path = result?.path ?? '';
      const isEphemeral = op.body.flags === 1 || op.body.flags === 3;
      const created = { path, data: op.body.data, acl: [], parentCversion: 0, isEphemeral };
      return { type: op.type, body: created } as SubChange;
    }
    case OP.delete:
    case OP.check:
    case OP.setData:
      return op as SubChange;
    default:
      throw new Error('a multi of this kind never succeeds');
  }
}

function bytes(data: RecordedData): Uint8Array;
function bytes(data: RecordedData): Data {
  if (data === null || data === undefined) return null;
  if (typeof data === 'string') return new TextEncoder().encode(data);
  if ('hex' in data) return new Uint8Array(Buffer.from(data.hex, 'hex'));
  return new TextEncoder().encode(data.fill.repeat(data.len));
}
