/**
 * What goes wrong in a run: plain data. All times are microseconds of simulated time, rates parts
 * per million; servers and clients are numbered from 1.
 */

/**
 * A server: by its number, or whoever it is when the fault strikes. `itself` is where the event
 * happened that the fault waited for, `peer` the other server concerned. A fault that finds nobody
 * does not strike.
 */
export type Whom = number | Role | 'itself' | 'peer';

/** `follower`: the highest of the voters that run and do not lead. */
export type Role = 'leader' | 'follower';

/** When a fault strikes first. */
export type When =
  | { readonly atMicros: number }
  /** So long after the fault of that name has struck for the first time. */
  | { readonly after: string; readonly delayMicros: number }
  /** At the n-th time that something happens. */
  | {
      /** An event or a packet, sent or received; see `TRIGGER_NAMES`. */
      readonly on: string;
      /** Default: any. */
      readonly server?: number;
      /** As what the server acts, from its election on. Default: either, or neither. */
      readonly role?: 'leader' | 'learner';
      /** Default: 1. */
      readonly nth?: number;
      /** Default: there and then, before the next step. */
      readonly delayMicros?: number;
    };

/** The links between servers alone, or those between clients and servers too. */
export type Reach = 'servers' | 'all';

interface Lasting {
  readonly forMicros: number;
}

interface AtServer {
  readonly server: Whom;
}

interface OfClient {
  readonly client: number;
}

type At<Kind extends string, More = object> = { readonly kind: Kind } & AtServer & Lasting & More;
type Over<Kind extends string, More> = { readonly kind: Kind } & Lasting & More;

/** What befalls processes. They come back when the fault is over. */
type ProcessFault =
  /** The process is killed; its host stays. */
  | At<'crash'>
  /** The host loses its power: nobody hears of it, and what was not synced is lost in part. */
  | At<'powerOff'>
  /** The host loses its power in the middle of a record, if it was writing one. */
  | At<'tornTail'>
  /** All servers lose their power at once. */
  | Over<'powerLoss', object>
  /** The processes of all servers are killed at once. */
  | Over<'allRestart', object>
  /** One server after the other is restarted. */
  | Over<'rollingRestart', { readonly gapMicros: number }>
  /** The process stands still, as in a long garbage collection. */
  | At<'pause'>
  /** The threads get the processor so many times as late. */
  | At<'slowThreads', { readonly factor: number }>;

type ClientFault =
  | Over<'crashClient', OfClient>
  | Over<'pauseClient', OfClient>
  /** It sends, but reads nothing of what it is sent. */
  | Over<'deafClient', OfClient>;

/** Links that let nothing through. */
export type Cut =
  /** Both sides hear only themselves. */
  | { readonly kind: 'split'; readonly side: readonly Whom[] }
  /** One server hears no other, and no other hears it. */
  | { readonly kind: 'isolate'; readonly server: Whom }
  /** What the side sends to the rest is lost; what the rest sends arrives. */
  | { readonly kind: 'oneWay'; readonly side: readonly Whom[] }
  /** Two sides that only the bridge hears both of. */
  | { readonly kind: 'bridge'; readonly side: readonly Whom[]; readonly bridge: Whom }
  /** Every server hears a majority, no two the same one. */
  | { readonly kind: 'ring'; readonly order: readonly number[] }
  /** Two servers do not hear each other. */
  | { readonly kind: 'cutLink'; readonly from: Whom; readonly to: Whom }
  /** Nothing gets from one server to the other, everything gets back. */
  | { readonly kind: 'halfDeadLink'; readonly from: Whom; readonly to: Whom }
  /** Clients and servers do not hear each other. */
  | {
      readonly kind: 'clientCut';
      readonly clients: readonly number[];
      readonly servers: readonly Whom[];
    };

type NetworkFault =
  | (Cut & Lasting)
  | Over<'loss', { readonly reach: Reach; readonly ratePpm: number }>
  | Over<'corruption', { readonly reach: Reach; readonly ratePpm: number }>
  | Over<'duplication', { readonly reach: Reach; readonly ratePpm: number }>
  /** Packets are held up by up to `delayMicros`, so that later ones overtake them. */
  | Over<
      'reordering',
      { readonly reach: Reach; readonly ratePpm: number; readonly delayMicros: number }
    >
  | Over<'delay', { readonly reach: Reach; readonly ratePpm: number; readonly delayMicros: number }>
  /** Every packet from one server to another takes so much longer. */
  | Over<'slowLink', { readonly from: Whom; readonly to: Whom; readonly delayMicros: number }>
  /** Packets from one server to another are lost. */
  | Over<'flakyLink', { readonly from: Whom; readonly to: Whom; readonly ratePpm: number }>
  /** Every link carries so much at most. */
  | Over<'bandwidth', { readonly reach: Reach; readonly bytesPerSecond: number }>
  /** Connections of a server are broken: all, or those to one other server. */
  | { readonly kind: 'reset'; readonly server: Whom; readonly peer: Whom | null };

type DiskFault =
  /** Whatever is written takes so many times as long. */
  | At<'slowSync', { readonly factor: number }>
  /** Nothing that is written gets done. */
  | At<'stalledDisk'>
  /** The log cannot be synced. */
  | At<'failingSync'>
  /** Nothing can be written. */
  | At<'fullDisk'>
  /** A synced record of the log is damaged; the next reader finds its checksum wrong. */
  | ({ readonly kind: 'rotRecord'; readonly which: 'first' | 'any' | 'last' } & AtServer)
  /** The newest snapshot that is whole is damaged. */
  | ({ readonly kind: 'rotSnapshot' } & AtServer)
  /** Syncs of the log report success and do nothing. No ensemble survives that. */
  | At<'lyingDisk'>;

type ClockFault =
  /** The wall clock is set forward or back. */
  | ({ readonly kind: 'clockJump'; readonly byMicros: number } & AtServer)
  /** Both clocks run faster or slower. */
  | At<'clockDrift', { readonly driftPpm: number }>;

export type FaultAction = ProcessFault | ClientFault | NetworkFault | DiskFault | ClockFault;

export type FaultKind = FaultAction['kind'];

export type Fault = FaultAction & {
  readonly when: When;
  /** For the `when` of others. */
  readonly name?: string;
  /** Strikes so many times in all, at this interval: a crash loop, a flapping link. */
  readonly repeat?: { readonly times: number; readonly everyMicros: number };
};

/** The kinds of fault that cut links; the partitions among them. */
export const CUT_KINDS: readonly Cut['kind'][] = [
  'split',
  'isolate',
  'oneWay',
  'bridge',
  'ring',
  'cutLink',
  'halfDeadLink',
  'clientCut',
];

export const FAULT_KINDS: readonly FaultKind[] = [
  'crash',
  'powerOff',
  'tornTail',
  'powerLoss',
  'allRestart',
  'rollingRestart',
  'pause',
  'slowThreads',
  'crashClient',
  'pauseClient',
  'deafClient',
  'split',
  'isolate',
  'oneWay',
  'bridge',
  'ring',
  'cutLink',
  'halfDeadLink',
  'clientCut',
  'loss',
  'corruption',
  'duplication',
  'reordering',
  'delay',
  'slowLink',
  'flakyLink',
  'bandwidth',
  'reset',
  'slowSync',
  'stalledDisk',
  'failingSync',
  'fullDisk',
  'rotRecord',
  'rotSnapshot',
  'lyingDisk',
  'clockJump',
  'clockDrift',
];
