import type { Views } from '../checkers/ghost/views.ts';
import type { ServerStanding } from '../checkers/liveness.ts';
import { DEFAULT_SERVICE, type ServiceConfig } from '../keeper/config.ts';
import type { ServerRules } from '../keeper/rules.ts';
import { ZooKeeperServer } from '../keeper/server.ts';
import { assert } from '../kernel/assert.ts';
import { setOf } from '../kernel/bit-set.ts';
import type { Disk } from '../world/disk.ts';
import type { Process } from '../world/process.ts';
import { World } from '../world/world.ts';
import type { ServerConfig } from '../zab/config.ts';
import type { Snapshot, Txn } from '../zab/txn.ts';
import { ZXID_ZERO } from '../zab/zxid.ts';
import { messageBytes } from './message-bytes.ts';
import type { Plan } from './plan.ts';

/** Often enough for a run of a minute. */
const CONTAINER_CHECK_TICKS = 10;

const PERFECT_CLOCK = { driftPpm: 0, offsetMicros: 0 };

/** The servers of a plan on the hosts of a simulated world, each with its own disk and clock. */
export class Ensemble implements Views {
  readonly world: World;
  /** Host ids, which are the server ids: voters first, then observers. */
  readonly serverIds: readonly number[];
  readonly voters: readonly number[];

  private readonly plan: Plan;
  private readonly rules: ServerRules;
  /** By their ids: the server that was started last on each host. */
  private readonly servers: (ZooKeeperServer | undefined)[] = [];

  constructor(plan: Plan, rules: ServerRules) {
    this.plan = plan;
    this.rules = rules;
    const { bytesPerSecond } = plan.network;
    this.world = new World(plan.seed, {
      latency: plan.network.latency,
      bandwidth: { bytesPerSecond, bytesOf: messageBytes },
      transport: plan.network.transport,
      diskSpeed: plan.disk,
      threadDelay: plan.threads,
    });
    this.serverIds = Array.from({ length: plan.servers + plan.observers }, (_, n) => n + 1);
    this.voters = this.serverIds.slice(0, plan.servers);
    for (const sid of this.serverIds) this.addServer(sid);
  }

  get now(): number {
    return this.world.timeline.now;
  }

  get eventCount(): number {
    return this.world.eventCount;
  }

  server(sid: number): ZooKeeperServer {
    const server = this.find(sid);
    assert(server !== null, 'a server that is looked at has been started');
    return server;
  }

  isServer(host: number): boolean {
    return host <= this.serverIds.length;
  }

  /** The server that was started last on a host; `null` if none ever was. */
  find(sid: number): ZooKeeperServer | null {
    return this.servers[sid] ?? null;
  }

  /** Where everybody stands of whom anything is owed: not those whose disks have rotted. */
  standings(): ServerStanding[] {
    const standings = this.serverIds.map((sid): ServerStanding => {
      const server = this.servers[sid];
      if (server === undefined || !this.world.host(sid).isRunning) {
        return { sid, role: 'none', lastTxnZxid: ZXID_ZERO, digest: 0 };
      }
      const { role, digest, tree } = server;
      return { sid, role, lastTxnZxid: tree.lastTxnZxid, digest };
    });
    return standings.filter(({ sid, role }) => {
      return role !== 'none' || !this.world.host(sid).disk.isRotten;
    });
  }

  private addServer(sid: number): void {
    const { plan, rules } = this;
    const config: ServerConfig = {
      ...plan.timing,
      sid,
      voters: setOf(this.voters),
      observers: setOf(this.serverIds.slice(plan.servers)),
    };
    const { tickTimeMs } = plan.timing;
    const serviceConfig: ServiceConfig = {
      ...DEFAULT_SERVICE,
      tickTimeMs,
      minSessionTimeoutMs: 2 * tickTimeMs,
      maxSessionTimeoutMs: 20 * tickTimeMs,
      containerCheckIntervalMs: CONTAINER_CHECK_TICKS * tickTimeMs,
    };
    const boot = (process: Process<Disk<Txn, Snapshot>>): ZooKeeperServer => {
      const server = new ZooKeeperServer(config, serviceConfig, process, rules);
      this.servers[sid] = server;
      return server;
    };
    this.world.addHost<Txn, Snapshot>(sid, plan.clocks[sid - 1] ?? PERFECT_CLOCK, { boot });
  }
}
