/** Settings of the service, with ZooKeeper's names. */
export interface ServiceConfig {
  readonly tickTimeMs: number;
  readonly minSessionTimeoutMs: number;
  readonly maxSessionTimeoutMs: number;
}
