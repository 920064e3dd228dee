import { ProtocolChecker } from '../../src/checkers/protocol-checker.ts';
import { History } from '../../src/client/history.ts';
import { RecipeJournal } from '../../src/client/recipes/journal.ts';
import type { RecordedEvent } from '../../src/client/recipes/log.ts';
import { Participant } from '../../src/client/recipes/participant.ts';
import type { Outcome, Steps } from '../../src/client/task.ts';
import { CORRECT_SERVER_RULES } from '../../src/keeper/rules.ts';
import type { Transaction } from '../../src/keeper/transaction.ts';
import { Ensemble } from '../../src/scenario/ensemble.ts';
import type { Disk } from '../../src/world/disk.ts';
import { WORLD_EVENTS } from '../../src/world/events.ts';
import type { Program } from '../../src/world/listeners.ts';
import type { Process } from '../../src/world/process.ts';
import { quietPlan, SECOND } from './plans.ts';

const PERFECT_CLOCK = { driftPpm: 0, offsetMicros: 0 };
const SERVERS = [1, 2, 3];

/** An ensemble on a good day, and participants 1 to n on hosts of their own. */
export class RecipeWorld {
  readonly ensemble: Ensemble;
  readonly history: History;
  readonly journal: RecipeJournal;
  private readonly checker: ProtocolChecker;
  private readonly participants: Participant[] = [];
  private readonly firstHost = SERVERS.length;

  /** @param seed names the world; another one has other timings */
  constructor(count: number, seed = 'recipes') {
    const plan = { ...quietPlan(), seed };
    this.ensemble = new Ensemble(plan, CORRECT_SERVER_RULES);
    const { world } = this.ensemble;
    this.checker = new ProtocolChecker(this.ensemble, plan.timing.counterStart);
    world.timeline.addObserver(this.checker);
    world.timeline.addObserver({
      observe: (host, kind) => {
        if (kind !== WORLD_EVENTS.processEnded) return;
        this.participants[host - this.firstHost - 1]?.crashed();
      },
    });
    this.history = new History(() => world.timeline.now);
    this.journal = new RecipeJournal(this.history);
    for (let client = 1; client <= count; client++) this.addHost(client);
    for (const server of SERVERS) world.host(server).start();
    for (let client = 1; client <= count; client++) world.host(this.hostOf(client)).start();
    this.until(() => this.participants.every(({ isConnected }) => isConnected));
  }

  get events(): readonly RecordedEvent[] {
    return this.journal.events;
  }

  /** Every committed transaction, in order. */
  get committed(): readonly Transaction[] {
    return this.checker.committedTxns() as Transaction[];
  }

  /** What the log says, one line an entry: `1 acquired item`. */
  get story(): string[] {
    return this.events.map(({ client, what, item }) => `${client} ${what} ${item ?? ''}`.trim());
  }

  /** The present session of a client. */
  participant(client: number): Participant {
    const participant = this.participants[client - 1];
    if (participant === undefined) throw new Error(`there is no client ${client}`);
    return participant;
  }

  hostOf(client: number): number {
    return this.firstHost + client;
  }

  /** Begins steps; their outcome can be waited for. */
  begin<Result>(client: number, steps: (participant: Participant) => Steps<Result>): Begun<Result> {
    const begun: Begun<Result> = { outcome: null };
    const participant = this.participant(client);
    participant.run(steps(participant), (outcome) => {
      begun.outcome = outcome;
    });
    return begun;
  }

  /** Carries steps out to their end. */
  perform<Result>(client: number, steps: (participant: Participant) => Steps<Result>): Result {
    const begun = this.begin(client, steps);
    this.until(() => begun.outcome !== null);
    if (begun.outcome?.how !== 'finished')
      throw new Error(`steps have ${JSON.stringify(begun.outcome)}`);
    return begun.outcome.result;
  }

  until(condition: () => boolean, seconds = 60): void {
    const deadline = this.ensemble.now + seconds * SECOND;
    while (!condition()) {
      if (this.ensemble.now > deadline) throw new Error(`in vain:\n${this.story.join('\n')}`);
      this.ensemble.world.step();
    }
  }

  pass(micros: number): void {
    const end = this.ensemble.now + micros;
    this.ensemble.world.schedule(end, { perform: () => {} });
    while (this.ensemble.now < end) this.ensemble.world.step();
  }

  /** What servers say to the client is lost, what it says arrives. */
  silence(client: number): void {
    for (const server of SERVERS) this.ensemble.world.cutLink(server, this.hostOf(client));
  }

  /** Nothing passes between the client and the servers. */
  cut(client: number): void {
    this.silence(client);
    this.mute(client);
  }

  /** What the client says does not arrive. */
  mute(client: number): void {
    for (const server of SERVERS) this.ensemble.world.cutLink(this.hostOf(client), server);
  }

  heal(client: number): void {
    const { world } = this.ensemble;
    const host = this.hostOf(client);
    for (const server of SERVERS) {
      if (world.link(server, host).isCut) world.healLink(server, host);
      if (world.link(host, server).isCut) world.healLink(host, server);
    }
  }

  /** The client's connections break. */
  reset(client: number): void {
    this.ensemble.world.resetConnections(this.hostOf(client), null);
  }

  /** Nothing is committed meanwhile: no server can write. */
  withStalledDisks(action: () => void): void {
    const disks = SERVERS.map((server) => this.ensemble.world.host(server).disk);
    for (const disk of disks) disk.stall();
    action();
    for (const disk of disks) disk.unstall();
  }

  private addHost(client: number): void {
    const config = { client, servers: SERVERS, sessionTimeoutMs: 2000 };
    const boot = (process: Process<Disk<never, never>>): Program => {
      const open = (): void => {
        const { history, journal } = this;
        this.participants[client - 1] = new Participant(process, config, history, journal, open);
      };
      return { start: open, accept: () => null };
    };
    this.ensemble.world.addHost<never, never>(this.hostOf(client), PERFECT_CLOCK, { boot });
  }
}

export interface Begun<Result> {
  outcome: Outcome<Result> | null;
}
