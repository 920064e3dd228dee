import type { ServerState } from './messages.ts';
import { SERVER_STATE } from './messages.ts';
import type { Sid } from './ports.ts';
import type { Epoch, Zxid } from './zxid.ts';

/** Whom a server wants to lead, and that server's claim to it. */
export interface Candidate {
  readonly leader: Sid;
  /** The candidate's last zxid. */
  readonly zxid: Zxid;
  /** The candidate's `currentEpoch`. */
  readonly peerEpoch: Epoch;
}

/** A candidate in a round of the election. */
export interface Vote extends Candidate {
  readonly electionEpoch: number;
}

/** A vote as it was received, with what its sender was doing. */
export interface ReceivedVote extends Vote {
  readonly state: ServerState;
}

/** Whether two votes of servers that look for a leader are for the same thing. */
export function isSameVote(a: Vote, b: Vote): boolean {
  return (
    a.leader === b.leader &&
    a.zxid === b.zxid &&
    a.electionEpoch === b.electionEpoch &&
    a.peerEpoch === b.peerEpoch
  );
}

export function isLooking(vote: ReceivedVote): boolean {
  return vote.state === SERVER_STATE.LOOKING;
}
