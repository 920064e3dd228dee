import type { Zxid } from '../../zab/zxid.ts';
import { type Acl, type Id, isAllowed } from '../acl.ts';
import type { ErrorCode } from '../codes.ts';
import type { ServiceConfig } from '../config.ts';
import type { PendingView } from '../pending-view.ts';
import type { ServiceRules } from '../rules.ts';
import type { SessionId } from '../session-id.ts';
import type { Change, SubChange } from '../transaction.ts';

/** What a write is prepared with, at the leader. */
export interface Preparation {
  readonly view: PendingView;
  /** Of the transaction that will come of it. */
  readonly zxid: Zxid;
  readonly session: SessionId;
  /** Who asks. */
  readonly ids: readonly Id[];
  readonly config: ServiceConfig;
  readonly rules: ServiceRules;
}

/** The change that a write makes, or why it makes none. */
export type Prepared = Change | ErrorCode;

/** The same of a write that may be part of a multi. */
export type PreparedPart = SubChange | ErrorCode;

/** Whether whoever asks has one of the permissions by this list. */
export function mayDo({ config, ids }: Preparation, acl: Acl, perms: number): boolean {
  return config.skipAcl || isAllowed(acl, perms, ids);
}

/** The path check that is made where no node is named: all but what cannot be a path at all. */
export function isPathLike(path: string): boolean {
  return path.includes('/') && !path.includes('\0');
}
