import { ProtocolChecker } from '../../src/checkers/protocol-checker.ts';
import { CORRECT_SERVER_RULES } from '../../src/keeper/rules.ts';
import { Ensemble } from '../../src/scenario/ensemble.ts';
import { generate } from '../../src/scenario/generate.ts';
import type { Plan } from '../../src/scenario/plan.ts';
import { DEFAULT_TIMING } from '../../src/zab/config.ts';
import { ZAB_EVENTS } from '../../src/zab/events.ts';
import { LoadClient } from './load-client.ts';
import { cpuSeconds } from './measure.ts';

const SECOND = 1_000_000;

const DRAWN = generate('bench', { servers: 5, observers: 0, clients: 1 });

/** Five servers, no faults, delays of 1 to 10 ms, ZooKeeper's own settings. */
const QUIET: Plan = {
  ...DRAWN,
  faults: [],
  timing: DEFAULT_TIMING,
  clocks: DRAWN.clocks.map(() => ({ driftPpm: 0, offsetMicros: 0 })),
  network: {
    transport: 'stream',
    latency: { minMicros: 1000, maxMicros: 10_000, tailPpm: 0, tailMicros: 0 },
  },
  disk: { syncMinMicros: 100, syncMaxMicros: 200 },
  threads: { minMicros: 5, maxMicros: 20 },
};

/** An ensemble that has just found its leader, and a client of that leader's. */
export class LoadedEnsemble {
  readonly ensemble: Ensemble;
  readonly clients: LoadClient[] = [];
  private leader = 0;

  constructor(seed: string, outstanding: number, withCheckers: boolean) {
    this.ensemble = new Ensemble({ ...QUIET, seed }, CORRECT_SERVER_RULES);
    const { world, serverIds } = this.ensemble;
    if (withCheckers) world.timeline.addObserver(new ProtocolChecker(this.ensemble, 0));
    world.timeline.addObserver(this);
    const boot = (process: ConstructorParameters<typeof LoadClient>[0]): LoadClient => {
      const client = new LoadClient(process, this.leader, outstanding);
      this.clients.push(client);
      return client;
    };
    world.addHost(serverIds.length + 1, { driftPpm: 0, offsetMicros: 0 }, { boot });
    for (const id of serverIds) world.host(id).start();
  }

  observe(host: number, kind: number): void {
    if (kind === ZAB_EVENTS.established) this.leader = host;
  }

  get answered(): number {
    return this.clients[0]?.answered ?? 0;
  }

  /** Goes on until everybody serves, without any client. */
  settle(): void {
    const isSettled = (): boolean => this.ensemble.standings().every(({ role }) => role !== 'none');
    while (!isSettled()) this.runFor(SECOND / 10);
  }

  startLoad(): void {
    const { world, serverIds } = this.ensemble;
    world.host(serverIds.length + 1).start();
  }

  runFor(micros: number): void {
    const { world } = this.ensemble;
    const until = world.timeline.now + micros;
    while (world.timeline.now < until && world.step());
  }

  runUntil(answers: number): void {
    while (this.answered < answers && this.ensemble.world.step());
  }
}

export interface BroadcastRates {
  readonly commitsPerSecond: number;
  readonly messagesPerSecond: number;
  readonly nanosecondsPerEvent: number;
}

/** Commits and messages per second of processor time. */
export function broadcastRates(
  outstanding: number,
  commits: number,
  withCheckers: boolean,
): BroadcastRates {
  const loaded = new LoadedEnsemble('bench', outstanding, withCheckers);
  loaded.settle();
  loaded.startLoad();
  loaded.runUntil(commits / 10);
  const { world } = loaded.ensemble;
  const messages = world.packets.sent;
  const events = world.eventCount;
  const before = cpuSeconds();
  loaded.runUntil(commits / 10 + commits);
  const seconds = cpuSeconds() - before;
  return {
    commitsPerSecond: commits / seconds,
    messagesPerSecond: (world.packets.sent - messages) / seconds,
    nanosecondsPerEvent: (seconds / (world.eventCount - events)) * 1e9,
  };
}

/** Simulated seconds per second of processor time of an ensemble that only pings. */
export function idleRate(simulatedSeconds: number): number {
  const loaded = new LoadedEnsemble('bench', 0, true);
  loaded.settle();
  const before = cpuSeconds();
  loaded.runFor(simulatedSeconds * SECOND);
  return simulatedSeconds / (cpuSeconds() - before);
}

/** Fresh ensembles per second of processor time: elect, then commit so many writes one by one. */
export function freshEnsembleRate(ensembles: number, commits: number): number {
  const before = cpuSeconds();
  for (let n = 0; n < ensembles; n++) {
    const loaded = new LoadedEnsemble(`fresh/${n}`, 1, false);
    loaded.settle();
    loaded.startLoad();
    loaded.runUntil(commits);
  }
  return ensembles / (cpuSeconds() - before);
}
