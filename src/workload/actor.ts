import type { WatchedEvent } from '../client/watcher.ts';
import type { ZooKeeper } from '../client/zookeeper.ts';
import { CODE } from '../keeper/codes.ts';
import type { RandomStream } from '../kernel/random.ts';
import type { WorkloadSettings } from './settings.ts';

/** Nodes of each kind that a register has below it, at most. */
const SIBLING_COUNT = 4;

/**
 * One session of a client of the workload, with what the client remembers: each operation draws
 * from it what it works on.
 */
export class Actor {
  readonly client: number;
  readonly zookeeper: ZooKeeper;
  readonly random: RandomStream;
  private readonly settings: WorkloadSettings;
  private readonly freshValue: () => Uint8Array;
  /** The version of each register as last seen here, perhaps long ago. */
  private readonly versions = new Map<string, number>();
  /** Nodes that this client has made and not removed. */
  private readonly made: string[] = [];

  constructor(
    client: number,
    zookeeper: ZooKeeper,
    random: RandomStream,
    settings: WorkloadSettings,
    freshValue: () => Uint8Array,
  ) {
    this.client = client;
    this.zookeeper = zookeeper;
    this.random = random;
    this.settings = settings;
    this.freshValue = freshValue;
  }

  /** One of the registers. */
  key(): string {
    return `/r${this.random.below(this.settings.keyCount)}`;
  }

  /** One of the nodes that a register may have below it. @param prefix tells its kind */
  sibling(prefix: string): string {
    return `${this.key()}/${prefix}${this.random.below(SIBLING_COUNT)}`;
  }

  value(): Uint8Array {
    return this.freshValue();
  }

  versionOf(path: string): number {
    return this.versions.get(path) ?? 0;
  }

  /** Remembers what an answer has shown of a register. */
  saw(path: string, body: { readonly stat: { readonly version: number } } | null): void {
    if (body !== null) this.versions.set(path, body.stat.version);
  }

  /** Remembers a node that was made. */
  created(err: number, body: { readonly path: string } | null): void {
    if (err === CODE.OK && body !== null) this.made.push(body.path);
  }

  /** A node to delete: one that was made here, if there is any. */
  forgetMade(): string {
    return this.made.pop() ?? this.sibling('n');
  }

  /** What was watched has changed: whoever watches looks again. */
  readonly watcher = (event: WatchedEvent): void => {
    if (event.path === null || event.type !== 'NodeDataChanged') return;
    this.zookeeper.getData(event.path, () => {});
  };
}
