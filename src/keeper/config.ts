/** Settings of the service, with ZooKeeper's names. */
export interface ServiceConfig {
  readonly tickTimeMs: number;
  readonly minSessionTimeoutMs: number;
  readonly maxSessionTimeoutMs: number;
  /** Whether nodes may have a time to live. `zookeeper.extendedTypesEnabled`. */
  readonly extendedTypesEnabled: boolean;
  /** How often the leader looks for containers and nodes whose time is over. */
  readonly containerCheckIntervalMs: number;
  /** How long a container may wait for its first child; 0 is for ever. */
  readonly containerMaxNeverUsedMs: number;
  /** The `digest` id of the super user, if there is one. */
  readonly superDigest: string | null;
  /** The longest request, in bytes. `jute.maxbuffer`. */
  readonly juteMaxBuffer: number;
  /** Whether hard limits of quotas refuse writes. */
  readonly enforceQuota: boolean;
  /** Whether access lists are of no account. */
  readonly skipAcl: boolean;
}

/** What ZooKeeper has where nobody says otherwise, with TTL nodes. */
export const DEFAULT_SERVICE: ServiceConfig = {
  tickTimeMs: 2000,
  minSessionTimeoutMs: 4000,
  maxSessionTimeoutMs: 40_000,
  extendedTypesEnabled: true,
  containerCheckIntervalMs: 60_000,
  containerMaxNeverUsedMs: 0,
  superDigest: null,
  juteMaxBuffer: 0xfffff,
  enforceQuota: false,
  skipAcl: false,
};
