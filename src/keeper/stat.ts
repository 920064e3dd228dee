import type { Zxid } from '../zab/zxid.ts';
import type { SessionId } from './session-id.ts';

/** What clients see of a znode besides its data; the fields are ZooKeeper's, in its order. */
export interface Stat {
  readonly czxid: Zxid;
  readonly mzxid: Zxid;
  /** Milliseconds since 1970. */
  readonly ctime: number;
  readonly mtime: number;
  readonly version: number;
  readonly cversion: number;
  readonly aversion: number;
  /** The session of an ephemeral node, 0 for every other kind. */
  readonly ephemeralOwner: SessionId;
  readonly dataLength: number;
  readonly numChildren: number;
  readonly pzxid: Zxid;
}
