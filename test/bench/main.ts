import { broadcastRates, freshEnsembleRate, idleRate } from './broadcast.ts';
import { eventQueueHold, objectHeapHold } from './queue.ts';
import { runRates } from './runs.ts';

/** What etcd's raft core does under a seeded queue on such a machine, per processor second. */
const RAFT = { commits: 61_000, messages: 1_100_000, fresh: 711 };
const IDLE_AIM = 30_000;
const EVENT_COST_AIM = 8;

/** Events pending in a run of the default plan, roughly. */
const TYPICAL_PENDING = 50;

function line(name: string, value: string, comparison = ''): void {
  console.log(`${name.padEnd(52)} ${value.padStart(12)}  ${comparison}`);
}

function count(value: number): string {
  return Math.round(value).toLocaleString('en');
}

function ratio(value: number): string {
  return value.toFixed(2);
}

line('what, per second of processor time', 'figure', 'ratio');

for (const [pending, holds] of [
  [1_000, 4_000_000],
  [1_000_000, 1_000_000],
] as const) {
  const ours = eventQueueHold(pending, holds);
  const objects = objectHeapHold(pending, holds);
  line(
    `queue, ${count(pending)} pending: ns a pop and push`,
    ours.toFixed(0),
    `${ratio(objects / ours)} times as fast as a binary heap of objects (${objects.toFixed(0)} ns)`,
  );
}

const runs = runRates(400);
const bare = eventQueueHold(TYPICAL_PENDING, 4_000_000);
line(
  'default plan: seeds',
  runs.seedsPerSecond.toFixed(1),
  `${count(runs.eventsPerSeed)} events each`,
);
line(
  'default plan: ns an event, all in all',
  runs.nanosecondsPerEvent.toFixed(0),
  `${ratio(runs.nanosecondsPerEvent / bare)} of a bare pop and push (${bare.toFixed(0)} ns); aim: at most ${EVENT_COST_AIM}`,
);

const idle = idleRate(20_000);
line(
  'idle ensemble of five: simulated seconds',
  count(idle),
  `${ratio(idle / IDLE_AIM)} of the aim`,
);

for (const outstanding of [1, 64]) {
  for (const withCheckers of [false, true]) {
    const rates = broadcastRates(outstanding, 100_000, withCheckers);
    const name = `broadcast, ${outstanding} outstanding, ${withCheckers ? 'checked' : 'unchecked'}`;
    line(
      `${name}: commits`,
      count(rates.commitsPerSecond),
      `${ratio(rates.commitsPerSecond / RAFT.commits)} of raft's`,
    );
    line(
      `${name}: messages`,
      count(rates.messagesPerSecond),
      `${ratio(rates.messagesPerSecond / RAFT.messages)} of raft's`,
    );
  }
}

freshEnsembleRate(200, 100);
const fresh = freshEnsembleRate(1000, 100);
line('fresh ensembles of 100 commits', count(fresh), `${ratio(fresh / RAFT.fresh)} of raft's`);
