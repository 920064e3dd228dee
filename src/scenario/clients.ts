import type { ClientStanding } from '../checkers/liveness.ts';
import { History } from '../client/history.ts';
import { RecipeJournal } from '../client/recipes/journal.ts';
import { UnfencedResource } from '../client/recipes/naive.ts';
import { FencedResource } from '../client/recipes/resource.ts';
import { RandomStream } from '../kernel/random.ts';
import { OperationClient } from '../workload/operation-client.ts';
import { RecipeClient, type RecipeGroup } from '../workload/recipe-client.ts';
import type { Memory } from '../workload/seat.ts';
import type { Disk } from '../world/disk.ts';
import { WORLD_EVENTS } from '../world/events.ts';
import type { Program } from '../world/listeners.ts';
import type { Process } from '../world/process.ts';
import type { Observer } from '../world/timeline.ts';
import type { World } from '../world/world.ts';
import type { Plan } from './plan.ts';

const PERFECT_CLOCK = { driftPpm: 0, offsetMicros: 0 };

/** A program that asks things of the ensemble until it is stopped. */
interface WorkloadClient extends Program {
  readonly isConnected: boolean;
  /** What it has begun and has to come to an end. */
  readonly openCount: number;
  stop(): void;
  /** Its process has ended; left out by who then has nothing to give up. */
  crashed?(): void;
}

/**
 * The clients of a plan, on hosts of their own beside the servers'. One that crashes comes back as
 * another process with a new session, which knows no more of the first than a file would have told.
 */
export class Clients implements Observer {
  readonly history: History;
  /** What those believed who followed a recipe. */
  readonly journal: RecipeJournal;
  /** Host ids; they follow those of the servers. */
  readonly hostIds: readonly number[];

  private readonly plan: Plan;
  private readonly group: RecipeGroup | null;
  /** Those that run, by their hosts. */
  private readonly programs = new Map<number, WorkloadClient>();
  private isStopped = false;

  constructor(plan: Plan, world: World, serverIds: readonly number[]) {
    this.plan = plan;
    this.history = new History(() => world.timeline.now);
    this.journal = new RecipeJournal(this.history);
    this.group = groupOf(plan, this.journal);
    this.hostIds = Array.from({ length: plan.clients }, (_, n) => serverIds.length + n + 1);
    for (const id of this.hostIds) this.addClient(world, id, serverIds);
    world.timeline.addObserver(this);
  }

  /** They ask for nothing more, those that are started later included. */
  stop(): void {
    this.isStopped = true;
    for (const program of this.programs.values()) program.stop();
  }

  /** Of those that run; nothing is owed to others. */
  standings(): ClientStanding[] {
    return this.hostIds.flatMap((id, index) => {
      const program = this.programs.get(id);
      if (program === undefined) return [];
      const { isConnected, openCount } = program;
      return [{ client: index + 1, isConnected, openCount }];
    });
  }

  observe(host: number, kind: number): void {
    if (kind !== WORLD_EVENTS.processEnded) return;
    this.programs.get(host)?.crashed?.();
    this.programs.delete(host);
  }

  private addClient(world: World, id: number, serverIds: readonly number[]): void {
    const client = id - serverIds.length;
    const memory = { count: 0, round: 1 };
    const boot = (process: Process<Disk<never, never>>): WorkloadClient => {
      const program = this.boot(process, client, serverIds, memory);
      if (this.isStopped) program.stop();
      this.programs.set(id, program);
      return program;
    };
    world.addHost<never, never>(id, PERFECT_CLOCK, { boot });
  }

  private boot(
    ports: Process<Disk<never, never>>,
    client: number,
    servers: readonly number[],
    memory: Memory,
  ): WorkloadClient {
    const { plan, history, group } = this;
    const random = new RandomStream(plan.seed, `workload/${client}/${ports.host.incarnation}`);
    const seat = { ports, random, client, servers, settings: plan.workload, history, memory };
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
