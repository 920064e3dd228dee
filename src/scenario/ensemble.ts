import { History } from '../client/history.ts';
import { assert } from '../kernel/assert.ts';
import { RandomStream } from '../kernel/random.ts';
import { setOf } from '../kernel/bit-set.ts';
import type { ServiceConfig } from '../keeper/config.ts';
import { ZooKeeperServer } from '../keeper/server.ts';
import type { ClientStanding, ServerStanding } from '../checkers/liveness.ts';
import type { ServerView, Views } from '../checkers/protocol-checker.ts';
import { RegisterClient } from '../workload/register-client.ts';
import type { Disk } from '../world/disk.ts';
import type { Process } from '../world/process.ts';
import { World } from '../world/world.ts';
import type { ServerConfig } from '../zab/config.ts';
import type { Rules } from '../zab/rules.ts';
import type { Snapshot, Txn } from '../zab/txn.ts';
import { ZXID_ZERO } from '../zab/zxid.ts';
import type { Plan } from './plan.ts';

/** Clients need host ids too; they follow those of the servers. */
const CLIENT_DRIFT = { driftPpm: 0, offsetMicros: 0 };

/** Servers and clients do not all start in the same microsecond. */
const START_MAX_MICROS = 1_000_000;

/** The hosts of a plan in a simulated world, with whole servers and clients on them. */
export class Ensemble implements Views {
  readonly world: World;
  readonly history: History;
  readonly serverIds: readonly number[];
  readonly clientIds: readonly number[];

  /** By their ids: the server that was started last on each host. */
  private readonly servers: (ZooKeeperServer | undefined)[] = [];
  private readonly clients = new Map<number, RegisterClient>();

  constructor(plan: Plan, rules: Rules) {
    const { latency, transport } = plan.network;
    this.world = new World(plan.seed, {
      latency,
      diskSpeed: plan.disk,
      threadDelay: plan.threads,
      transport,
    });
    this.history = new History(() => this.world.timeline.now);
    const serverCount = plan.servers + plan.observers;
    this.serverIds = Array.from({ length: serverCount }, (_, n) => n + 1);
    this.clientIds = Array.from({ length: plan.clients }, (_, n) => serverCount + n + 1);
    for (const sid of this.serverIds) this.addServer(plan, rules, sid);
    for (const id of this.clientIds) this.addClient(plan, id);
  }

  get now(): number {
    return this.world.timeline.now;
  }

  get eventCount(): number {
    return this.world.eventCount;
  }

  /** Starts everybody, each a little later than the one before. */
  start(): void {
    const random = new RandomStream(this.world.seed, 'start');
    for (const id of [...this.serverIds, ...this.clientIds]) {
      const host = this.world.host(id);
      const perform = (): void => {
        if (!host.isRunning) host.start();
      };
      this.world.schedule(random.below(START_MAX_MICROS), { perform });
    }
  }

  stopClients(): void {
    for (const client of this.clients.values()) client.stop();
  }

  server(sid: number): ServerView {
    const server = this.servers[sid];
    assert(server !== undefined, 'a server that is looked at has been started');
    return server;
  }

  serverStandings(): ServerStanding[] {
    return this.serverIds.map((sid) => {
      const server = this.servers[sid];
      if (server === undefined || !this.world.host(sid).isRunning) {
        return { sid, role: 'none', lastTxnZxid: ZXID_ZERO, digest: 0 };
      }
      const { role, digest, tree } = server;
      return { sid, role, lastTxnZxid: tree.lastTxnZxid, digest };
    });
  }

  clientStandings(): ClientStanding[] {
    return this.clientIds.map((id, index) => {
      const client = this.clients.get(id);
      return {
        client: index + 1,
        isConnected: client?.isConnected ?? false,
        openCount: client?.openCount ?? 0,
      };
    });
  }

  private addServer(plan: Plan, rules: Rules, sid: number): void {
    const config: ServerConfig = {
      ...plan.timing,
      sid,
      voters: setOf(this.serverIds.slice(0, plan.servers)),
      observers: setOf(this.serverIds.slice(plan.servers)),
    };
    const { tickTimeMs } = plan.timing;
    const serviceConfig: ServiceConfig = {
      tickTimeMs,
      minSessionTimeoutMs: 2 * tickTimeMs,
      maxSessionTimeoutMs: 20 * tickTimeMs,
    };
    const clock = plan.clocks[sid - 1] ?? CLIENT_DRIFT;
    this.world.addHost<Txn, Snapshot>(sid, clock, {
      boot: (process: Process<Disk<Txn, Snapshot>>) => {
        const server = new ZooKeeperServer(config, serviceConfig, process, rules);
        this.servers[sid] = server;
        return server;
      },
    });
  }

  private addClient(plan: Plan, id: number): void {
    const client = id - this.serverIds.length;
    this.world.addHost<never, never>(id, CLIENT_DRIFT, {
      boot: (process: Process<Disk<never, never>>) => {
        const random = new RandomStream(plan.seed, `workload/${client}`);
        const { serverIds, history } = this;
        const program = new RegisterClient(
          process,
          random,
          client,
          serverIds,
          plan.workload,
          history,
        );
        this.clients.set(id, program);
        return program;
      },
    });
  }
}
