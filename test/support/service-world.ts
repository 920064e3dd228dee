import { OP } from '../../src/keeper/codes.ts';
import { DEFAULT_SERVICE, type ServiceConfig } from '../../src/keeper/config.ts';
import {
  type ConnectRequest,
  type ConnectResponse,
  type Notification,
  type Question,
  type Reply,
  type ReplyFor,
  type ServerMessage,
  XID,
} from '../../src/keeper/requests.ts';
import { CORRECT_SERVER_RULES, type ServerRules } from '../../src/keeper/rules.ts';
import { ZooKeeperServer } from '../../src/keeper/server.ts';
import { NO_SESSION } from '../../src/keeper/session-id.ts';
import type { Transaction } from '../../src/keeper/transaction.ts';
import { assert } from '../../src/kernel/assert.ts';
import { setOf } from '../../src/kernel/bit-set.ts';
import { messageBytes } from '../../src/scenario/message-bytes.ts';
import type { Disk } from '../../src/world/disk.ts';
import type { Connection, ConnectionListener } from '../../src/world/listeners.ts';
import type { Process } from '../../src/world/process.ts';
import { World, type WorldOptions } from '../../src/world/world.ts';
import { DEFAULT_TIMING, type EnsembleConfig } from '../../src/zab/config.ts';
import { ZAB_EVENTS } from '../../src/zab/events.ts';
import type { Snapshot, Txn } from '../../src/zab/txn.ts';
import { ZXID_ZERO, type Zxid } from '../../src/zab/zxid.ts';

/** The host of all clients. */
const CLIENTS = 200;
export const CLIENT_ADDRESS = '10.9.0.7';
const PERFECT_CLOCK = { driftPpm: 0, offsetMicros: 0 };
const NO_PASSWORD = new Uint8Array(16);

/** Whatever does not happen within this does not happen. */
const PATIENCE_MICROS = 30_000_000;

export interface ServiceOptions {
  readonly seed?: string;
  /** Those that vote. */
  readonly servers?: number;
  /** Their numbers follow. */
  readonly observers?: number;
  readonly service?: Partial<ServiceConfig>;
  readonly timing?: Partial<EnsembleConfig>;
  readonly rules?: ServerRules;
  /** Whether the test starts the servers; otherwise they all serve to begin with. */
  readonly isCold?: boolean;
  readonly transport?: WorldOptions['transport'];
}

export interface SeenServiceEvent {
  readonly at: number;
  readonly host: number;
  readonly kind: number;
  readonly value: number;
  readonly subject: unknown;
}

/** An ensemble that serves, and a host from which raw clients call its servers. */
export class ServiceWorld {
  readonly world: World;
  readonly serverIds: readonly number[];
  readonly config: ServiceConfig;
  readonly events: SeenServiceEvent[] = [];
  private readonly rules: ServerRules;
  private readonly servers = new Map<number, ZooKeeperServer>();
  private clients: Process | null = null;

  /** @param options tickTime is 200 ms unless they say otherwise; server 3 of 3 comes to lead */
  constructor(options: ServiceOptions = {}) {
    const { seed = 'service', servers = 3, observers = 0, service, timing } = options;
    const { transport = 'stream' } = options;
    const tickTimeMs = timing?.tickTimeMs ?? 200;
    this.rules = options.rules ?? CORRECT_SERVER_RULES;
    this.config = {
      ...DEFAULT_SERVICE,
      tickTimeMs,
      minSessionTimeoutMs: 2 * tickTimeMs,
      maxSessionTimeoutMs: 20 * tickTimeMs,
      ...service,
    };
    this.world = new World(seed, {
      latency: { minMicros: 300, maxMicros: 900, tailRatePpm: 0, tailMicros: 0 },
      bandwidth: { bytesPerSecond: 0, bytesOf: messageBytes },
      transport,
      diskSpeed: { syncMinMicros: 100, syncMaxMicros: 300 },
      threadDelay: { minMicros: 5, maxMicros: 20 },
    });
    this.serverIds = Array.from({ length: servers + observers }, (_, index) => index + 1);
    for (const sid of this.serverIds) {
      this.addServer({
        ...DEFAULT_TIMING,
        electionPollMaxMs: 1600,
        ...timing,
        tickTimeMs,
        sid,
        voters: setOf(this.serverIds.slice(0, servers)),
        observers: setOf(this.serverIds.slice(servers)),
      });
    }
    this.addClients();
    this.world.timeline.addObserver({
      observe: (host, kind, value, _peer, subject) => {
        this.events.push({ at: this.now, host, kind, value, subject });
      },
    });
    if (options.isCold === true) return;
    for (const sid of this.serverIds) this.world.host(sid).start();
    this.awaitService();
  }

  /** Microseconds of simulated time. */
  get now(): number {
    return this.world.timeline.now;
  }

  get leader(): number {
    const sid = this.serverIds.find((id) => this.isUp(id) && this.server(id).role === 'leader');
    assert(sid !== undefined, 'there is a leader');
    return sid;
  }

  /** The servers that follow, in the order of their numbers. */
  get followers(): number[] {
    return this.serverIds.filter((id) => this.isUp(id) && this.server(id).role === 'learner');
  }

  server(sid: number): ZooKeeperServer {
    const server = this.servers.get(sid);
    assert(server !== undefined, 'every server has been started');
    return server;
  }

  isUp(sid: number): boolean {
    return this.world.host(sid).isRunning;
  }

  /** All servers that run serve. */
  awaitService(): void {
    const isServing = (): boolean => {
      const up = this.serverIds.filter((sid) => this.isUp(sid));
      const roles = up.map((sid) => this.server(sid).role);
      return roles.includes('leader') && !roles.includes('none');
    };
    assert(this.runUntil(isServing), 'the ensemble comes to serve');
  }

  runFor(micros: number): void {
    let isOver = false;
    const perform = (): void => {
      isOver = true;
    };
    this.world.schedule(this.now + micros, { perform });
    while (!isOver) this.world.step();
  }

  /** @returns `false` if it has not come to this in a long time */
  runUntil(isDone: () => boolean): boolean {
    const deadline = this.now + PATIENCE_MICROS;
    while (!isDone() && this.now < deadline) this.world.step();
    return isDone();
  }

  /** Nothing gets through between two hosts. */
  cut(a: number, b: number): void {
    this.world.cutLink(a, b);
    this.world.cutLink(b, a);
  }

  heal(a: number, b: number): void {
    this.world.healLink(a, b);
    this.world.healLink(b, a);
  }

  kill(sid: number): void {
    this.world.host(sid).kill();
  }

  /** Starts a server again, and waits until it serves. */
  restart(...sids: readonly number[]): void {
    for (const sid of sids) this.world.host(sid).start();
    this.awaitService();
  }

  /** When this happened, in microseconds. @param kind of `KEEPER_EVENTS` or `ZAB_EVENTS` */
  times(kind: number): number[] {
    return this.events.filter((event) => event.kind === kind).map(({ at }) => at);
  }

  /** @returns as soon as there is an answer to the handshake, or none to be expected */
  connect(sid: number, greeting: Partial<ConnectRequest> = {}): RawClient {
    const client = this.dial(sid, greeting);
    this.runUntil(() => client.isClosed || client.welcome !== null);
    return client;
  }

  dial(sid: number, greeting: Partial<ConnectRequest> = {}): RawClient {
    assert(this.clients !== null, "the clients' host has been started");
    const request = {
      lastZxidSeen: ZXID_ZERO,
      timeoutMs: 1_000_000,
      session: NO_SESSION,
      password: NO_PASSWORD,
      ...greeting,
    };
    return new RawClient(this, this.clients, sid, request);
  }

  /** Transactions in the order in which a server has applied them while it served. */
  delivered(sid: number): Transaction[] {
    return this.events
      .filter(({ host, kind }) => host === sid && kind === ZAB_EVENTS.delivered)
      .map(({ subject }) => subject as Transaction);
  }

  private addServer(config: EnsembleConfig & { readonly sid: number }): void {
    const boot = (process: Process<Disk<Txn, Snapshot>>): ZooKeeperServer => {
      const server = new ZooKeeperServer(config, this.config, process, this.rules);
      this.servers.set(config.sid, server);
      return server;
    };
    this.world.addHost<Txn, Snapshot>(config.sid, PERFECT_CLOCK, { boot });
  }

  private addClients(): void {
    const boot = (process: Process): { start(): void; accept(): null } => {
      this.clients = process;
      return { start: () => {}, accept: () => null };
    };
    const host = this.world.addHost<never, never>(CLIENTS, PERFECT_CLOCK, { boot });
    host.address = CLIENT_ADDRESS;
    host.start();
  }
}

/** One connection of a client that checks nothing, and does nothing by itself after the handshake. */
export class RawClient implements ConnectionListener {
  readonly sid: number;
  isClosed = false;
  welcome: ConnectResponse | null = null;
  /** All that came after the handshake. */
  readonly heard: ServerMessage[] = [];
  private readonly ensemble: ServiceWorld;
  private readonly greeting: ConnectRequest;
  private readonly connection: Connection;
  private lastXid = 0;

  constructor(ensemble: ServiceWorld, process: Process, sid: number, greeting: ConnectRequest) {
    this.ensemble = ensemble;
    this.sid = sid;
    this.greeting = greeting;
    this.connection = process.dial(sid, 'client', this);
  }

  get session(): number {
    return this.welcome?.session ?? NO_SESSION;
  }

  /** What brings this session to another server. */
  get ticket(): Pick<ConnectRequest, 'session' | 'password'> {
    const { session, password = NO_PASSWORD } = this.welcome ?? {};
    return { session: session ?? NO_SESSION, password };
  }

  get replies(): Reply[] {
    return this.heard.filter((message) => message.type !== OP.notification);
  }

  get notifications(): Notification[] {
    return this.heard.filter((message) => message.type === OP.notification);
  }

  /** Of the last answer that had one. */
  get lastZxid(): Zxid {
    return this.replies.findLast(({ zxid }) => zxid > ZXID_ZERO)?.zxid ?? ZXID_ZERO;
  }

  /** @returns the number of the request, which its answer will have */
  send(question: Question, nextXid: number = this.lastXid + 1): number {
    this.lastXid = nextXid;
    const xid = specialXid(question) ?? nextXid;
    this.connection.send({ xid, ...question });
    return xid;
  }

  /** @returns `null` if there is no answer */
  ask<Q extends Question>(question: Q): ReplyFor<Q['type']> | null {
    const count = this.replies.length;
    this.send(question);
    this.ensemble.runUntil(() => this.isClosed || this.replies.length > count);
    // Nothing else is under way here.
    return (this.replies[count] ?? null) as ReplyFor<Q['type']> | null;
  }

  close(): void {
    this.connection.close();
    this.isClosed = true;
  }

  connected(): void {
    this.connection.send(this.greeting);
  }

  received(message: ConnectResponse | ServerMessage): void {
    if ('xid' in message) this.heard.push(message);
    else this.welcome = message;
  }

  closed(): void {
    this.isClosed = true;
  }
}

function specialXid({ type }: Question): number | null {
  if (type === OP.ping) return XID.ping;
  return type === OP.auth ? XID.auth : null;
}
