import { type BitSet, EMPTY, withMember, withoutMember } from '../kernel/bit-set.ts';
import { Fifo } from '../kernel/fifo.ts';
import { ZAB_EVENTS } from './events.ts';
import type { LearnerHandler } from './learner-handler.ts';
import { PACKET, type QuorumPacket } from './messages.ts';
import type { LeaderPort, Sid } from './ports.ts';
import type { QuorumPeer } from './quorum-peer.ts';
import type { Txn } from './txn.ts';
import {
  COUNTER_MAX,
  counterOf,
  epochOf,
  makeZxid,
  nextZxid,
  ZXID_ZERO,
  type Zxid,
} from './zxid.ts';

interface Outstanding {
  readonly txn: Txn;
  acks: BitSet;
  isCommitted: boolean;
}

/**
 * The leader's side of ZAB's third phase: it numbers transactions, proposes them, commits each
 * when a quorum has it on disk and all before it are committed, and knows what a learner that
 * joins meanwhile has still to be sent. `Leader.propose`, `Leader.tryToCommit`.
 */
export class Broadcast implements LeaderPort {
  /** Of the last proposal, or `e:0`. */
  lastProposed: Zxid = ZXID_ZERO;
  private readonly peer: QuorumPeer;
  private readonly followers: LearnerHandler[] = [];
  private readonly observers: LearnerHandler[] = [];
  private lastAssigned: Zxid = ZXID_ZERO;
  private readonly outstanding = new Fifo<Outstanding>();
  /** Committed, and not yet in the history from which learners are synchronised. */
  private readonly toBeApplied = new Fifo<Txn>();
  /** Syncs that wait for a proposal to be decided. */
  private readonly pendingSyncs = new Map<Zxid, (LearnerHandler | null)[]>();
  /** Learners whose synchronisation waits until what is committed is in the history. */
  private readonly returned: LearnerHandler[] = [];
  private hasCommitted = false;

  constructor(peer: QuorumPeer) {
    this.peer = peer;
  }

  /** The epoch is fixed. What learners are forwarded is compared with this (ZOOKEEPER-1319). */
  begin(epochZxid: Zxid): void {
    this.lastProposed = epochZxid;
    this.lastAssigned = makeZxid(epochOf(epochZxid), this.peer.config.counterStart);
  }

  nextZxid(): Zxid {
    this.lastAssigned = nextZxid(this.lastAssigned);
    return this.lastAssigned;
  }

  propose(txn: Txn): void {
    const { peer } = this;
    if (counterOf(txn.zxid) === COUNTER_MAX) {
      peer.ports.emit(ZAB_EVENTS.rolledOver, txn.zxid, 0, null);
      peer.leaveRole('the counter is used up');
      return;
    }
    this.lastProposed = txn.zxid;
    this.outstanding.push({ txn, acks: EMPTY, isCommitted: false });
    peer.ports.emit(ZAB_EVENTS.proposed, txn.zxid, 0, txn);
    const packet: QuorumPacket = { type: PACKET.PROPOSAL, zxid: txn.zxid, data: txn };
    for (let index = 0; index < this.followers.length; index++) {
      (this.followers[index] as LearnerHandler).propose(packet);
    }
    const whenSynced = peer.rules.acknowledges === 'when-synced';
    peer.persistence.append(txn, whenSynced);
    if (!whenSynced) this.acknowledge(peer.sid, txn.zxid);
  }

  /** A server, this one included, has a transaction on its disk. `Leader.processAck`. */
  acknowledge(sid: Sid, zxid: Zxid): void {
    const head = this.outstanding.at(0);
    if (head === undefined) return;
    const index = zxid - head.txn.zxid;
    const entry = this.outstanding.at(index);
    if (entry === undefined || entry.isCommitted) return;
    entry.acks = withMember(entry.acks, sid);
    const { rules, config } = this.peer;
    // Acknowledgements come in order, so what is before this one had its quorum earlier.
    const isItsTurn = index === 0 || !rules.commitsInOrder;
    if (isItsTurn && rules.isQuorum(entry.acks, config.voters)) this.commit(entry);
  }

  /** It enters the history before it leaves the queue, so that no learner misses it. */
  applied(txn: Txn): void {
    this.peer.delivered(txn);
    this.toBeApplied.shift();
    if (this.returned.length > 0) this.goOnWithReturned();
  }

  /** What a server has acknowledged may be about to be cut off. */
  forgetAcks(sid: Sid): void {
    for (const entry of this.outstanding) entry.acks = withoutMember(entry.acks, sid);
  }

  /** Goes on with a learner when all that is committed by now is in the history. */
  whenApplied(handler: LearnerHandler): void {
    handler.committedZxid = this.toBeApplied.at(this.toBeApplied.length - 1)?.zxid ?? ZXID_ZERO;
    this.returned.push(handler);
    this.goOnWithReturned();
  }

  sync(origin: LearnerHandler | null): void {
    if (this.outstanding.length === 0) {
      this.answerSync(origin);
      return;
    }
    const waiting = this.pendingSyncs.get(this.lastProposed);
    if (waiting === undefined) this.pendingSyncs.set(this.lastProposed, [origin]);
    else waiting.push(origin);
  }

  /**
   * Queues for a learner what is above `seen` and not in the history, and from now on everything.
   * One step with the choice of `seen`, or something is missed in between (ZOOKEEPER-962).
   */
  startForwarding(handler: LearnerHandler, seen: Zxid): void {
    if (this.lastProposed > seen) {
      for (const txn of this.toBeApplied) if (txn.zxid > seen) handler.sendCommitted(txn);
      if (!handler.isObserver) {
        for (const { txn } of this.outstanding) {
          if (txn.zxid > seen) handler.send({ type: PACKET.PROPOSAL, zxid: txn.zxid, data: txn });
        }
      }
    }
    (handler.isObserver ? this.observers : this.followers).push(handler);
  }

  stopForwarding(handler: LearnerHandler): void {
    for (const list of [this.followers, this.observers]) {
      const index = list.indexOf(handler);
      if (index >= 0) list.splice(index, 1);
    }
  }

  private commit(entry: Outstanding): void {
    const { txn } = entry;
    const { zxid } = txn;
    entry.isCommitted = true;
    while (this.outstanding.at(0)?.isCommitted === true) this.outstanding.shift();
    this.toBeApplied.push(txn);
    this.peer.ports.emit(ZAB_EVENTS.committed, zxid, 0, txn);
    if (!this.hasCommitted) {
      this.hasCommitted = true;
      this.peer.ports.emit(ZAB_EVENTS.firstCommitOfEpoch, zxid, 0, txn);
    }
    const packet: QuorumPacket = { type: PACKET.COMMIT, zxid, data: null };
    for (let index = 0; index < this.followers.length; index++) {
      (this.followers[index] as LearnerHandler).send(packet);
    }
    if (this.observers.length > 0) {
      const inform: QuorumPacket = { type: PACKET.INFORM, zxid, data: txn };
      for (const handler of this.observers) handler.send(inform);
    }
    this.peer.service.commit(txn);
    if (this.pendingSyncs.size > 0) this.answerSyncsOf(zxid);
  }

  private goOnWithReturned(): void {
    const head = this.toBeApplied.at(0)?.zxid ?? Number.POSITIVE_INFINITY;
    for (const handler of [...this.returned]) {
      if (handler.committedZxid >= head) continue;
      this.returned.splice(this.returned.indexOf(handler), 1);
      handler.historyComplete();
    }
  }

  private answerSyncsOf(zxid: Zxid): void {
    const waiting = this.pendingSyncs.get(zxid);
    if (waiting === undefined) return;
    this.pendingSyncs.delete(zxid);
    for (const origin of waiting) this.answerSync(origin);
  }

  /** The answer goes behind the commits, so the learner has them all when it gets it. */
  private answerSync(origin: LearnerHandler | null): void {
    if (origin === null) this.peer.service.syncAnswered();
    else origin.send({ type: PACKET.SYNC, zxid: ZXID_ZERO, data: null });
  }
}
