import { OP } from '../../src/keeper/codes.ts';
import type { ServiceConfig } from '../../src/keeper/config.ts';
import type {
  ConnectRequest,
  ConnectResponse,
  Request,
  ServerMessage,
} from '../../src/keeper/requests.ts';
import { CORRECT_SERVER_RULES } from '../../src/keeper/rules.ts';
import { ZooKeeperServer } from '../../src/keeper/server.ts';
import { assert } from '../../src/kernel/assert.ts';
import { EMPTY, setOf } from '../../src/kernel/bit-set.ts';
import { messageBytes } from '../../src/scenario/message-bytes.ts';
import type { Disk } from '../../src/world/disk.ts';
import type { Connection, ConnectionListener } from '../../src/world/listeners.ts';
import type { Process } from '../../src/world/process.ts';
import { World } from '../../src/world/world.ts';
import { DEFAULT_TIMING, type ServerConfig } from '../../src/zab/config.ts';
import type { Snapshot, Txn } from '../../src/zab/txn.ts';
import type { Zxid } from '../../src/zab/zxid.ts';
import type { RecordedConfig } from './format.ts';
import type { JsonObject } from './json.ts';

const SERVER = 1;
const CLIENT = 2;
const CLIENT_ADDRESS = '127.0.0.1';
const PERFECT_CLOCK = { driftPpm: 0, offsetMicros: 0 };

/** Whatever does not happen within this does not happen. */
const PATIENCE_MICROS = 10_000_000;

/** One server, an ensemble by itself, and a host from which clients call it. */
export class SimulatedServer {
  private readonly world: World;
  private program: ZooKeeperServer | null = null;
  private client: Process | null = null;

  constructor(config: RecordedConfig) {
    this.world = new World('conformance', {
      latency: { minMicros: 100, maxMicros: 100, tailPpm: 0, tailMicros: 0 },
      bandwidth: { bytesPerSecond: 0, bytesOf: messageBytes },
      transport: 'stream',
      diskSpeed: { syncMinMicros: 100, syncMaxMicros: 100 },
      threadDelay: { minMicros: 5, maxMicros: 5 },
    });
    this.addServer(config);
    this.addClientHost();
    this.start();
  }

  /** Microseconds of simulated time. */
  get now(): number {
    return this.world.timeline.now;
  }

  get epoch(): number {
    return this.server.currentEpoch;
  }

  /** Of the last transaction. */
  get lastZxid(): Zxid {
    return this.server.tree.lastTxnZxid;
  }

  /** What the server holds in all, under the recordings' names. */
  get counts(): JsonObject {
    const { znodes, watches, ephemerals, sessions } = this.server.counts();
    return { znodes, watches, ephemerals, globalSessions: sessions };
  }

  /** Ephemeral nodes of all sessions. */
  get ephemeralCount(): number {
    return this.server.counts().ephemerals;
  }

  /** Kills the process and starts it again with what is on its disk. */
  restart(): void {
    this.world.host(SERVER).kill();
    this.start();
  }

  connect(request: ConnectRequest): RawConnection {
    assert(this.client !== null, "the clients' host has been started");
    return new RawConnection(this.client, request);
  }

  runFor(micros: number): void {
    let isOver = false;
    this.world.schedule(this.now + micros, {
      perform: () => {
        isOver = true;
      },
    });
    while (!isOver) this.world.step();
  }

  /** @returns `false` if it has not come to this in a long time */
  runUntil(isDone: () => boolean): boolean {
    const deadline = this.now + PATIENCE_MICROS;
    while (!isDone() && this.now < deadline) this.world.step();
    return isDone();
  }

  private get server(): ZooKeeperServer {
    assert(this.program !== null, 'the server has been started');
    return this.program;
  }

  private start(): void {
    this.world.host(SERVER).start();
    assert(
      this.runUntil(() => this.server.role === 'leader'),
      'a server alone becomes the leader',
    );
  }

  private addServer(recorded: RecordedConfig): void {
    const config: ServerConfig = {
      ...DEFAULT_TIMING,
      tickTimeMs: recorded.tickTime,
      sid: SERVER,
      voters: setOf([SERVER]),
      observers: EMPTY,
    };
    const serviceConfig = serviceConfigOf(recorded);
    const boot = (process: Process<Disk<Txn, Snapshot>>): ZooKeeperServer => {
      this.program = new ZooKeeperServer(config, serviceConfig, process, CORRECT_SERVER_RULES);
      return this.program;
    };
    this.world.addHost<Txn, Snapshot>(SERVER, PERFECT_CLOCK, { boot });
  }

  private addClientHost(): void {
    const boot = (process: Process): { start(): void; accept(): null } => {
      this.client = process;
      return { start: () => {}, accept: () => null };
    };
    const host = this.world.addHost<never, never>(CLIENT, PERFECT_CLOCK, { boot });
    host.address = CLIENT_ADDRESS;
    host.start();
  }
}

function serviceConfigOf(recorded: RecordedConfig): ServiceConfig {
  return {
    tickTimeMs: recorded.tickTime,
    minSessionTimeoutMs: recorded.minSessionTimeout,
    maxSessionTimeoutMs: recorded.maxSessionTimeout,
    extendedTypesEnabled: recorded.extendedTypesEnabled,
    containerCheckIntervalMs: recorded.containerCheckIntervalMs,
    containerMaxNeverUsedMs: recorded.maxNeverUsedIntervalMs,
    superDigest: recorded.superDigest,
    juteMaxBuffer: recorded.juteMaxBuffer,
    enforceQuota: recorded.enforceQuota,
    skipAcl: recorded.skipACL,
  };
}

/**
 * A client that checks nothing before it sends, and does nothing by itself after the handshake: a
 * real client library would refuse what shall be refused by the server.
 */
export class RawConnection implements ConnectionListener {
  isClosed = false;
  /** Messages of the server that nobody has taken yet. */
  private heard: (ConnectResponse | ServerMessage)[] = [];
  private lastXid = 0;
  private readonly greeting: ConnectRequest;
  private readonly connection: Connection;

  constructor(process: Process, greeting: ConnectRequest) {
    this.greeting = greeting;
    this.connection = process.dial(SERVER, 'client', this);
  }

  /** How many answers nobody has taken yet. */
  get answerCount(): number {
    return this.heard.filter((message) => !isEvent(message)).length;
  }

  /** The number for the next request. */
  nextXid(): number {
    return ++this.lastXid;
  }

  send(request: Request): void {
    this.connection.send(request);
  }

  close(): void {
    this.connection.close();
    this.isClosed = true;
  }

  /** What the server has said since the last call. */
  take(): (ConnectResponse | ServerMessage)[] {
    return this.heard.splice(0);
  }

  connected(): void {
    this.connection.send(this.greeting);
  }

  received(message: ConnectResponse | ServerMessage): void {
    this.heard.push(message);
  }

  closed(): void {
    this.isClosed = true;
  }
}

function isEvent(message: ConnectResponse | ServerMessage): boolean {
  return 'type' in message && message.type === OP.notification;
}
