/**
 * What goes wrong in a run: plain data. All times are microseconds of simulated time, servers and
 * clients are numbered from 1.
 */

/** When a fault strikes: at a time, or at the n-th time that something happens at a server. */
export type When =
  | { readonly at: number }
  | {
      /** The name of an event; see `EVENT_NAMES`. */
      readonly on: string;
      /** 0: at any server. */
      readonly server: number;
      readonly nth: number;
    };

/** The ways to cut an ensemble apart, each a set of directed links. */
export type Partition =
  /** Both sides hear only themselves. */
  | { readonly shape: 'split'; readonly side: readonly number[] }
  /** One server hears nobody, and nobody hears it. */
  | { readonly shape: 'isolate'; readonly server: number }
  /** What the side sends to the rest is lost; what the rest sends arrives. */
  | { readonly shape: 'oneWay'; readonly side: readonly number[] }
  /** Two sides that only the bridge hears both of. */
  | { readonly shape: 'bridge'; readonly side: readonly number[]; readonly bridge: number }
  /** Every server hears a majority, no two the same one. */
  | { readonly shape: 'ring'; readonly order: readonly number[] };

export type FaultAction =
  /** A process is killed, or its host loses power, and comes back later. */
  | {
      readonly kind: 'crash';
      readonly server: number;
      readonly losesPower: boolean;
      readonly forMicros: number;
    }
  /** The whole ensemble loses its power at once. */
  | { readonly kind: 'powerLoss'; readonly forMicros: number }
  /** One server after the other is restarted. */
  | {
      readonly kind: 'rollingRestart';
      readonly forMicros: number;
      readonly gapMicros: number;
    }
  /** A server that dies again and again. */
  | {
      readonly kind: 'crashLoop';
      readonly server: number;
      readonly times: number;
      readonly upMicros: number;
      readonly forMicros: number;
    }
  /** A process stands still, as in a long garbage collection. */
  | { readonly kind: 'pause'; readonly server: number; readonly forMicros: number }
  /** A client stands still. */
  | { readonly kind: 'pauseClient'; readonly client: number; readonly forMicros: number }
  | { readonly kind: 'partition'; readonly cut: Partition; readonly forMicros: number }
  /** The link between two servers comes and goes. */
  | {
      readonly kind: 'flappingLink';
      readonly a: number;
      readonly b: number;
      readonly times: number;
      readonly upMicros: number;
      readonly forMicros: number;
    }
  /** Clients cannot reach some servers. */
  | {
      readonly kind: 'clientCut';
      readonly clients: readonly number[];
      readonly servers: readonly number[];
      readonly forMicros: number;
    }
  /** Packets between servers suffer, or those of clients too; in parts per million. */
  | {
      readonly kind: 'packets';
      readonly clients: boolean;
      readonly lossPpm: number;
      readonly corruptPpm: number;
      readonly duplicatePpm: number;
      readonly reorderPpm: number;
      readonly delayPpm: number;
      readonly delayMicros: number;
      readonly forMicros: number;
    }
  /** Connections of a server are broken, all or those to one other server. */
  | { readonly kind: 'reset'; readonly server: number; readonly peer: number | null }
  | {
      readonly kind: 'slowDisk';
      readonly server: number;
      readonly factor: number;
      readonly forMicros: number;
    }
  /** Nothing that a server writes gets done for a while. */
  | { readonly kind: 'stalledDisk'; readonly server: number; readonly forMicros: number }
  /** Every write fails, or those of the log alone. */
  | {
      readonly kind: 'failingDisk';
      readonly server: number;
      readonly logOnly: boolean;
      readonly forMicros: number;
    }
  /** The threads of a server get the processor late. */
  | {
      readonly kind: 'slowThreads';
      readonly server: number;
      readonly factor: number;
      readonly forMicros: number;
    }
  /** The wall clock of a server is set forward or back. */
  | { readonly kind: 'clockJump'; readonly server: number; readonly byMicros: number };

export type FaultKind = FaultAction['kind'];

export type Fault = FaultAction & { readonly when: When };

export const FAULT_KINDS: readonly FaultKind[] = [
  'crash',
  'powerLoss',
  'rollingRestart',
  'crashLoop',
  'pause',
  'pauseClient',
  'partition',
  'flappingLink',
  'clientCut',
  'packets',
  'reset',
  'slowDisk',
  'stalledDisk',
  'failingDisk',
  'slowThreads',
  'clockJump',
];

export const PARTITION_SHAPES: readonly Partition['shape'][] = [
  'split',
  'isolate',
  'oneWay',
  'bridge',
  'ring',
];
