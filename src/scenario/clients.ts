import type { ClientStanding } from '../checkers/liveness.ts';
import { History } from '../client/history.ts';
import { RandomStream } from '../kernel/random.ts';
import { OperationClient } from '../workload/operation-client.ts';
import type { Disk } from '../world/disk.ts';
import type { Process } from '../world/process.ts';
import type { World } from '../world/world.ts';
import type { Plan } from './plan.ts';

const PERFECT_CLOCK = { driftPpm: 0, offsetMicros: 0 };

/** The clients of a plan, on hosts of their own beside the servers'. */
export class Clients {
  readonly history: History;
  /** Host ids; they follow those of the servers. */
  readonly hostIds: readonly number[];

  private readonly plan: Plan;
  private readonly clients: OperationClient[] = [];

  constructor(plan: Plan, world: World, serverIds: readonly number[]) {
    this.plan = plan;
    this.history = new History(() => world.timeline.now);
    this.hostIds = Array.from({ length: plan.clients }, (_, n) => serverIds.length + n + 1);
    for (const id of this.hostIds) this.addClient(world, id, serverIds);
  }

  /** They ask for nothing more. */
  stop(): void {
    for (const client of this.clients) client.stop();
  }

  standings(): ClientStanding[] {
    return this.clients.map(({ isConnected, openCount }, index) => {
      return { client: index + 1, isConnected, openCount };
    });
  }

  private addClient(world: World, id: number, serverIds: readonly number[]): void {
    const { plan, history } = this;
    const client = id - serverIds.length;
    const boot = (process: Process<Disk<never, never>>): OperationClient => {
      const random = new RandomStream(plan.seed, `workload/${client}`);
      const { workload } = plan;
      const program = new OperationClient(process, random, client, serverIds, workload, history);
      this.clients[client - 1] = program;
      return program;
    };
    world.addHost<never, never>(id, PERFECT_CLOCK, { boot });
  }
}
