import type { ClientStanding } from '../checkers/liveness.ts';
import { History } from '../client/history.ts';
import { RecipeJournal } from '../client/recipes/journal.ts';
import { UnfencedResource } from '../client/recipes/naive.ts';
import { FencedResource } from '../client/recipes/resource.ts';
import { RandomStream } from '../kernel/random.ts';
import { OperationClient } from '../workload/operation-client.ts';
import { RecipeClient, type RecipeGroup } from '../workload/recipe-client.ts';
import type { Disk } from '../world/disk.ts';
import type { Program } from '../world/listeners.ts';
import type { Process } from '../world/process.ts';
import type { World } from '../world/world.ts';
import type { Plan } from './plan.ts';

const PERFECT_CLOCK = { driftPpm: 0, offsetMicros: 0 };

/** A program that asks things of the ensemble until it is stopped. */
interface WorkloadClient extends Program {
  readonly isConnected: boolean;
  /** What it has begun and has to come to an end. */
  readonly openCount: number;
  stop(): void;
}

/** The clients of a plan, on hosts of their own beside the servers'. */
export class Clients {
  readonly history: History;
  /** What those believed who followed a recipe. */
  readonly journal: RecipeJournal;
  /** Host ids; they follow those of the servers. */
  readonly hostIds: readonly number[];

  private readonly plan: Plan;
  private readonly group: RecipeGroup | null;
  private readonly clients: WorkloadClient[] = [];

  constructor(plan: Plan, world: World, serverIds: readonly number[]) {
    this.plan = plan;
    this.history = new History(() => world.timeline.now);
    this.journal = new RecipeJournal(this.history);
    this.group = groupOf(plan, this.journal);
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
    const client = id - serverIds.length;
    const boot = (process: Process<Disk<never, never>>): WorkloadClient => {
      const program = this.boot(process, client, serverIds);
      this.clients[client - 1] = program;
      return program;
    };
    world.addHost<never, never>(id, PERFECT_CLOCK, { boot });
  }

  private boot(
    ports: Process<Disk<never, never>>,
    client: number,
    servers: readonly number[],
  ): WorkloadClient {
    const { plan, history, group } = this;
    const random = new RandomStream(plan.seed, `workload/${client}`);
    const seat = { ports, random, client, servers, settings: plan.workload, history };
    if (group === null || client > group.size) return new OperationClient(seat);
    return new RecipeClient(seat, group);
  }
}

function groupOf({ workload }: Plan, log: RecipeJournal): RecipeGroup | null {
  const { recipe, recipeClients: size } = workload;
  if (recipe === null) return null;
  const isFenced = recipe !== 'unfenced-lock';
  const resource = isFenced ? new FencedResource('storage') : new UnfencedResource('storage');
  return { recipe, size, resource, log };
}
