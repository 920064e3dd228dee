import type { History } from '../client/history.ts';
import type { ClientPorts } from '../client/ports.ts';
import type { SessionEvent } from '../client/watcher.ts';
import { type SessionListener, ZooKeeper } from '../client/zookeeper.ts';
import { CODE } from '../keeper/codes.ts';
import { ANY_VERSION, CREATE_MODE, type CreateMode } from '../keeper/requests.ts';
import type { RandomStream } from '../kernel/random.ts';
import { OPERATION_KINDS, type OperationKind, type WorkloadSettings } from './settings.ts';

const NEXT = 0;

/** How much harder a client tries again whose ensemble does not answer. */
const RETRY_MICROS = 200_000;

/**
 * One client of the register workload: it reads, writes and compares-and-sets the registers that
 * all clients share, makes and removes nodes below them, and starts a new session when one ends.
 */
export class RegisterClient implements SessionListener {
  private readonly ports: ClientPorts;
  private readonly random: RandomStream;
  private readonly client: number;
  private readonly servers: readonly number[];
  private readonly settings: WorkloadSettings;
  private readonly history: History;
  private readonly weightSum: number;
  private zookeeper: ZooKeeper | null = null;
  private isStopped = false;
  private hasRegisters = false;
  private outstanding = 0;
  private isTimerSet = false;
  private writeCount = 0;
  /** The version of each register as last seen here, perhaps long ago. */
  private readonly versions = new Map<string, number>();
  /** Nodes that this client has made and not removed. */
  private readonly made: string[] = [];

  constructor(
    ports: ClientPorts,
    random: RandomStream,
    client: number,
    servers: readonly number[],
    settings: WorkloadSettings,
    history: History,
  ) {
    this.ports = ports;
    this.random = random;
    this.client = client;
    this.servers = servers;
    this.settings = settings;
    this.history = history;
    this.weightSum = OPERATION_KINDS.reduce((sum, kind) => sum + settings.weights[kind], 0);
  }

  /** Operations asked for that have no outcome yet. */
  get openCount(): number {
    return this.outstanding;
  }

  /** Whether the client has a session that a server knows. */
  get isConnected(): boolean {
    return this.zookeeper?.isConnected === true;
  }

  start(): void {
    this.openSession();
    this.scheduleNext();
  }

  accept(): null {
    return null;
  }

  /** Asks for nothing more. */
  stop(): void {
    this.isStopped = true;
  }

  sessionChanged(event: SessionEvent): void {
    if (event === 'SyncConnected') this.makeRegisters();
    if (event !== 'Expired' && event !== 'Closed') return;
    this.versions.clear();
    this.openSession();
  }

  timerFired(): void {
    this.isTimerSet = false;
    if (this.isStopped) return;
    this.perform(this.chooseKind());
    this.scheduleNext();
  }

  private openSession(): void {
    const { client, servers } = this;
    const { sessionTimeoutMs } = this.settings;
    const config = { client, servers, sessionTimeoutMs };
    this.zookeeper = new ZooKeeper(this.ports, config, this.history, this);
  }

  /** Whoever comes first makes the registers; the others find them there. */
  private makeRegisters(): void {
    if (this.hasRegisters) return;
    this.hasRegisters = true;
    for (let key = 0; key < this.settings.keyCount; key++) {
      this.begin();
      this.zookeeper?.create(this.key(key), null, CREATE_MODE.PERSISTENT, (err) => {
        if (err !== CODE.OK && err !== CODE.NODEEXISTS) this.hasRegisters = false;
        this.end();
      });
    }
  }

  private scheduleNext(): void {
    if (this.isTimerSet || this.isStopped) return;
    if (this.outstanding >= this.settings.pipelineDepth) return;
    this.isTimerSet = true;
    const { thinkMinMicros, thinkMaxMicros } = this.settings;
    const micros = this.random.between(thinkMinMicros, thinkMaxMicros);
    this.ports.setTimer(this.isConnected ? micros : micros + RETRY_MICROS, this, NEXT);
  }

  private chooseKind(): OperationKind {
    const { weights } = this.settings;
    let draw = this.random.below(this.weightSum);
    for (const kind of OPERATION_KINDS) {
      draw -= weights[kind];
      if (draw < 0) return kind;
    }
    return 'read';
  }

  private perform(kind: OperationKind): void {
    const key = this.key(this.random.below(this.settings.keyCount));
    switch (kind) {
      case 'read':
        this.read(key);
        break;
      case 'syncRead':
        this.begin();
        this.zookeeper?.sync(key, () => {
          this.end();
          this.read(key);
        });
        break;
      case 'write':
        this.write(key, ANY_VERSION);
        break;
      case 'compareAndSet':
        this.write(key, this.versions.get(key) ?? 0);
        break;
      case 'create':
        this.create(`${key}/n${this.random.below(4)}`, CREATE_MODE.PERSISTENT);
        break;
      case 'createEphemeral':
        this.create(`${key}/e${this.random.below(4)}`, CREATE_MODE.EPHEMERAL);
        break;
      case 'createSequential':
        this.create(`${key}/s-`, CREATE_MODE.EPHEMERAL_SEQUENTIAL);
        break;
      default:
        this.performOther(kind, key);
    }
  }

  private performOther(kind: OperationKind, key: string): void {
    switch (kind) {
      case 'delete':
        this.begin();
        this.zookeeper?.delete(this.made.pop() ?? `${key}/n0`, ANY_VERSION, this.end);
        break;
      case 'exists':
        this.begin();
        this.zookeeper?.exists(`${key}/n${this.random.below(4)}`, this.end);
        break;
      case 'children':
        this.begin();
        this.zookeeper?.getChildren2(key, this.end);
        break;
      case 'endSession':
        this.zookeeper?.close();
        break;
    }
  }

  private read(key: string): void {
    this.begin();
    this.zookeeper?.getData(key, (_err, body) => {
      if (body !== null) this.versions.set(key, body.stat.version);
      this.end();
    });
  }

  private write(key: string, version: number): void {
    this.begin();
    this.zookeeper?.setData(key, this.nextValue(), version, (_err, body) => {
      if (body !== null) this.versions.set(key, body.stat.version);
      this.end();
    });
  }

  private create(path: string, mode: CreateMode): void {
    this.begin();
    this.zookeeper?.create(path, this.nextValue(), mode, (err, body) => {
      if (err === CODE.OK && body !== null) this.made.push(body.path);
      this.end();
    });
  }

  private begin(): void {
    this.outstanding++;
  }

  private readonly end = (): void => {
    this.outstanding--;
    this.scheduleNext();
  };

  private key(index: number): string {
    return `/r${index}`;
  }

  /** Every value of a run is another one, so that a read tells which write it saw. */
  private nextValue(): Uint8Array {
    const text = `${this.client}-${++this.writeCount}`;
    const value = new Uint8Array(Math.max(text.length, this.settings.valueBytes));
    for (let index = 0; index < text.length; index++) value[index] = text.charCodeAt(index);
    return value;
  }
}
