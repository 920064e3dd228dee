import { acknowledgedIsDurable } from './acknowledged-is-durable.ts';
import { agreement } from './agreement.ts';
import { channelOrder } from './channel-order.ts';
import { committedNeverLost } from './committed-never-lost.ts';
import { epochsRise } from './epochs-rise.ts';
import { equalDigests } from './equal-digests.ts';
import { integrity } from './integrity.ts';
import type { Invariant } from './invariant.ts';
import { leadership } from './leadership.ts';
import { primaryOrder } from './primary-order.ts';
import { serveComplete } from './serve-complete.ts';
import { sessionExpiry } from './session-expiry.ts';
import { totalOrder } from './total-order.ts';

/**
 * Every invariant that is judged while a run goes on. Of several that break at one moment the first
 * is told, so what says most stands before what follows from it.
 */
export const INVARIANTS: readonly Invariant[] = [
  leadership,
  committedNeverLost,
  totalOrder,
  integrity,
  primaryOrder,
  serveComplete,
  agreement,
  acknowledgedIsDurable,
  epochsRise,
  equalDigests,
  channelOrder,
  sessionExpiry,
];
