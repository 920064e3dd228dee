import { TYPICAL_PENDING } from './cases.ts';
import { type Spread, spread } from './measure.ts';
import type { Samples } from './rounds.ts';

/**
 * What etcd's raft core (Go 1.26) did under a seeded event queue, per processor second: five
 * nodes, delays of 1 to 10 ms, one write of 100 bytes outstanding, no client, disk or trace.
 * Measured on 2 cores of an Intel Xeon, not on the machine of this run.
 */
export const RAFT = { commits: 61_000, messages: 1_100_000, fresh: 711 };

/** What the figures should come to. */
const AIM = { costInHolds: 8, idle: 30_000, judging: '1/3' };

/** A row of the report. */
export interface Figure {
  readonly name: string;
  readonly unit: string;
  readonly value: Spread;
  /** How it stands to what it is compared with, in each round or to a fixed figure. */
  readonly ratio: Spread | null;
  readonly meaning: string;
}

/** The figures, from several rounds. */
export function figuresOf(samples: Samples): Figure[] {
  return [
    ...queueFigures(samples, '1e3', '1,000'),
    ...queueFigures(samples, '1e6', '1,000,000'),
    ...runFigures(samples),
    {
      name: 'idle ensemble of five',
      unit: 'simulated s',
      ...against(values(samples, 'idle', 'simulatedSeconds'), AIM.idle),
      meaning: `of the aim, ${count(AIM.idle)}`,
    },
    ...[1, 64].flatMap((outstanding) => broadcastFigures(samples, outstanding)),
    {
      name: 'fresh ensembles of five, 100 commits each',
      unit: 'ensembles',
      ...against(values(samples, 'fresh', 'ensembles'), RAFT.fresh),
      meaning: `of raft's ${count(RAFT.fresh)}`,
    },
  ];
}

function queueFigures(samples: Samples, key: string, pending: string): Figure[] {
  const ours = values(samples, `queue-${key}`, 'nanoseconds');
  const objects = values(samples, `objects-${key}`, 'nanoseconds');
  const unit = 'ns a pop and push';
  return [
    {
      name: `event queue, ${pending} pending`,
      unit,
      value: spread(ours),
      ratio: quotient(objects, ours),
      meaning: 'times as fast as a binary heap of objects',
    },
    {
      name: `binary heap of objects, ${pending} pending`,
      unit,
      value: spread(objects),
      ratio: null,
      meaning: '',
    },
  ];
}

function runFigures(samples: Samples): Figure[] {
  const bare = values(samples, 'queue-typical', 'nanoseconds');
  const kinds = [
    ['runs', 'default plan'],
    ['runs-registers', 'the same on registers alone'],
  ] as const;
  return [
    ...kinds.flatMap(([key, name]): Figure[] => {
      const perEvent = values(samples, key, 'nanoseconds');
      const events = spread(values(samples, key, 'eventsPerSeed')).median;
      return [
        {
          name: `${name}, seed to verdict`,
          unit: 'seeds',
          value: spread(values(samples, key, 'seeds')),
          ratio: null,
          meaning: `${count(events)} events a seed`,
        },
        {
          name: `${name}, all in all`,
          unit: 'ns an event',
          value: spread(perEvent),
          ratio: quotient(perEvent, bare),
          meaning: `bare pops and pushes; aim: at most ${AIM.costInHolds}`,
        },
      ];
    }),
    judgingFigure(samples),
    {
      name: `event queue, ${TYPICAL_PENDING} pending as there`,
      unit: 'ns a pop and push',
      value: spread(bare),
      ratio: null,
      meaning: '',
    },
  ];
}

/** The ghost of the committed sequence is kept in either, since the statistics tell of it. */
function judgingFigure(samples: Samples): Figure {
  const judged = values(samples, 'runs', 'nanoseconds');
  const unjudged = values(samples, 'runs-unjudged', 'nanoseconds');
  const share = judged.map((value, round) => 1 - (unjudged[round] ?? Number.NaN) / value);
  return {
    name: 'default plan, nothing judged',
    unit: 'ns an event',
    value: spread(unjudged),
    ratio: spread(share),
    meaning: `of a run's time goes into judging it; aim: at most ${AIM.judging}`,
  };
}

function broadcastFigures(samples: Samples, outstanding: number): Figure[] {
  const bare = `broadcast-${outstanding}`;
  const checked = `${bare}-checked`;
  return [bare, checked].flatMap((key) => {
    const name = `broadcast, ${outstanding} outstanding, ${key === bare ? 'no checkers' : 'checked'}`;
    return [
      {
        name,
        unit: 'commits',
        ...against(values(samples, key, 'commits'), RAFT.commits),
        meaning: `of raft's ${count(RAFT.commits)}`,
      },
      {
        name,
        unit: 'messages',
        ...against(values(samples, key, 'messages'), RAFT.messages),
        meaning: `of raft's ${count(RAFT.messages)}`,
      },
      {
        name,
        unit: 'of these among servers',
        ...against(values(samples, key, 'messagesAmongServers'), RAFT.messages),
        meaning: `of raft's ${count(RAFT.messages)}`,
      },
    ];
  });
}

function values(samples: Samples, name: string, figure: string): number[] {
  return (samples[name] ?? []).map((sample) => sample[figure] ?? Number.NaN);
}

function quotient(above: readonly number[], below: readonly number[]): Spread {
  return spread(above.map((value, round) => value / (below[round] ?? Number.NaN)));
}

function against(list: readonly number[], fixed: number): { value: Spread; ratio: Spread } {
  return { value: spread(list), ratio: spread(list.map((value) => value / fixed)) };
}

export function count(value: number): string {
  return value < 100 ? value.toFixed(1) : Math.round(value).toLocaleString('en');
}
