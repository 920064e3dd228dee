import type { Zxid } from '../../zab/zxid.ts';
import type { ErrorCode } from '../codes.ts';
import type { PendingView } from '../pending-view.ts';
import type { SessionId } from '../session-id.ts';
import type { Change } from '../transaction.ts';

/** What a write is prepared with, at the leader. */
export interface Preparation {
  readonly view: PendingView;
  /** Of the transaction that will come of it. */
  readonly zxid: Zxid;
  readonly session: SessionId;
}

/** The change that a write makes, or why it makes none. */
export type Prepared = Change | ErrorCode;
