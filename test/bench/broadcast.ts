import { ProtocolChecker } from '../../src/checkers/protocol-checker.ts';
import { CORRECT_SERVER_RULES } from '../../src/keeper/rules.ts';
import { Ensemble } from '../../src/scenario/ensemble.ts';
import { generate } from '../../src/scenario/generate.ts';
import type { Plan } from '../../src/scenario/plan.ts';
import { DEFAULT_TIMING } from '../../src/zab/config.ts';
import { ZAB_EVENTS } from '../../src/zab/events.ts';
import { LoadClient } from './load-client.ts';
import { type Case, timed } from './measure.ts';

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
    latency: { minMicros: 1000, maxMicros: 10_000, tailRatePpm: 0, tailMicros: 0 },
    bytesPerSecond: 0,
  },
  disk: { syncMinMicros: 100, syncMaxMicros: 200 },
  threads: { minMicros: 5, maxMicros: 20 },
};

/** An ensemble that has just found its leader, and a client of that leader's. */
class LoadedEnsemble {
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

/** Messages that one write costs the client's side: the request and its answer. */
const CLIENT_MESSAGES = 2;

/**
 * Writes of 100 bytes, so many outstanding at a time: commits, and messages among the servers.
 * Every round begins with an ensemble of its own, and with writes that are not measured.
 */
export function broadcast(outstanding: number, commits: number, withCheckers: boolean): Case {
  const sample = (): Record<string, number> => {
    const loaded = new LoadedEnsemble('bench', outstanding, withCheckers);
    loaded.settle();
    loaded.startLoad();
    loaded.runUntil(commits / 10);
    const { world } = loaded.ensemble;
    const answered = loaded.answered;
    const messages = world.packets.sent;
    const events = world.eventCount;
    const seconds = timed(() => loaded.runUntil(answered + commits));
    const sent = world.packets.sent - messages;
    return {
      commits: commits / seconds,
      messages: sent / seconds,
      messagesAmongServers: (sent - CLIENT_MESSAGES * commits) / seconds,
      nanoseconds: (seconds / (world.eventCount - events)) * 1e9,
    };
  };
  return { sample };
}

/** An ensemble that only pings, with the checkers on. */
export function idle(simulatedSeconds: number): Case {
  const loaded = new LoadedEnsemble('bench', 0, true);
  loaded.settle();
  const sample = (): Record<string, number> => {
    const seconds = timed(() => loaded.runFor(simulatedSeconds * SECOND));
    return { simulatedSeconds: simulatedSeconds / seconds };
  };
  return { sample };
}

/** Fresh ensembles: each elects a leader and commits so many writes one by one; no checkers. */
export function freshEnsembles(ensembles: number, commits: number): Case {
  const sample = (): Record<string, number> => {
    const seconds = timed(() => {
      for (let n = 0; n < ensembles; n++) {
        const loaded = new LoadedEnsemble(`fresh/${n}`, 1, false);
        loaded.settle();
        loaded.startLoad();
        loaded.runUntil(commits);
      }
    });
    return { ensembles: ensembles / seconds };
  };
  return { sample };
}
