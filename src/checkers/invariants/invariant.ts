import type { SessionId } from '../../keeper/session-id.ts';
import type { Txn } from '../../zab/txn.ts';
import { asZxid, type Epoch, formatZxid, type Zxid } from '../../zab/zxid.ts';
import type { Ghost } from '../ghost/ghost.ts';
import type { ServerGhost } from '../ghost/server-ghost.ts';
import type { HistoryNode } from '../history-tree.ts';
import type { Property } from '../violation.ts';

/** How an invariant is broken; otherwise whether the moment has put it to the test. */
export type Judgement = string | boolean;

/** The moments at which invariants are judged, and what there is to see at each. */
export interface Handlers {
  // Start and recovery
  /** A server knows again what its disk has. The ghost still has what it knew before. */
  recovered?(server: ServerGhost, lastZxid: Zxid): Judgement;
  /** About to be taken into the ghost. */
  acceptedEpochWritten?(server: ServerGhost, epoch: Epoch): Judgement;
  currentEpochWritten?(server: ServerGhost, epoch: Epoch): Judgement;

  /** A server votes for itself. */
  candidacy?(server: ServerGhost): Judgement;

  // Synchronisation
  /** A quorum has acknowledged a leader's epoch; it goes on to bring them to its history. */
  epochAgreed?(leader: ServerGhost, epoch: Epoch): Judgement;
  /** A leader has a quorum for its history, which does not count as committed yet. */
  established?(leader: ServerGhost, epoch: Epoch): Judgement;
  newLeaderAcked?(learner: ServerGhost, epoch: Epoch, leader: ServerGhost): Judgement;
  /** A learner is to serve. */
  upToDate?(learner: ServerGhost, epoch: Epoch, leader: ServerGhost): Judgement;
  /** What a loss of power would leave of the server has changed, its epoch included. */
  durableChanged?(server: ServerGhost): Judgement;
  /** TRUNC or SNAP has changed what the server's log holds. */
  logReplaced?(server: ServerGhost, before: HistoryNode): Judgement;
  /** A server, leader or learner, serves from now on. */
  serves?(server: ServerGhost): Judgement;

  // Broadcast
  /** About to be taken into the ghost. */
  proposed?(leader: ServerGhost, txn: Txn): Judgement;
  /** The server's log has grown by this, which is not synced yet. */
  appended?(server: ServerGhost, node: HistoryNode): Judgement;
  acked?(server: ServerGhost, txn: Txn): Judgement;
  /** A leader commits; it has led up to this node, or nothing. */
  decided?(leader: ServerGhost, txn: Txn): Judgement;
  /** The committed sequence is about to grow by this, by a decision or with a new leader. */
  extending?(node: HistoryNode): Judgement;
  /** The committed sequence has grown. */
  extended?(): Judgement;
  /** The server's history has grown by what it delivered. */
  delivered?(server: ServerGhost, node: HistoryNode): Judgement;
  /** A server has seen a packet that must not come: see `ZAB_EVENTS`. */
  flagged?(server: ServerGhost, kind: number, zxid: Zxid): Judgement;

  // Service
  /** A server sends something to a client. */
  answers?(server: ServerGhost, client: number): Judgement;
  sessionExpired?(server: ServerGhost, session: SessionId): Judgement;
  /** A client that has seen `seen` must look for another server. */
  turnedAway?(server: ServerGhost, seen: Zxid): Judgement;
}

/** A promise of the protocol, judged while a run goes on. What it means says `PROPERTIES`. */
export interface Invariant {
  readonly id: Property;
  /** Where it is stated. */
  readonly source: string;
  /** @returns what judges one run */
  watch(ghost: Ghost): Handlers;
}

/** Where two histories part that should be one. */
export function parting(a: HistoryNode, b: HistoryNode): string {
  return `they part behind ${hex(a.commonWith(b).zxid)}`;
}

/** A zxid as messages show it. */
export function hex(zxid: number): string {
  return formatZxid(asZxid(zxid));
}
