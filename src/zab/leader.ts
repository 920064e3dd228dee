import { type BitSet, EMPTY, hasMember, members, withMember } from '../kernel/bit-set.ts';
import { Broadcast } from './broadcast.ts';
import { ZAB_EVENTS } from './events.ts';
import { LearnerHandler } from './learner-handler.ts';
import type { Connection, ConnectionListener, Sid, TimerListener } from './ports.ts';
import type { QuorumPeer } from './quorum-peer.ts';
import type { StateSummary } from './rules.ts';
import type { Txn } from './txn.ts';
import { type Epoch, makeZxid, type Zxid } from './zxid.ts';

const PHASE_TIMEOUT = 0;
const HALF_TICK = 1;

/** The quorum that a leader waits for on its way to serving. */
type Phase = 'FOLLOWERINFO' | 'ACKEPOCH' | 'NEWLEADER' | 'SERVING' | 'ENDED';

const PHASE_WORDS = {
  FOLLOWERINFO: 'FOLLOWERINFO',
  ACKEPOCH: 'ACKEPOCH',
  NEWLEADER: 'acknowledgements of NEWLEADER',
} as const;

/**
 * A server that was elected. It fixes an epoch that nobody has used, makes sure that nobody of its
 * quorum is ahead of it, brings a quorum to its own history, and then orders the writes. `Leader`.
 */
export class Leader implements TimerListener {
  readonly peer: QuorumPeer;
  readonly broadcast: Broadcast;
  /** Everybody who is connected. */
  readonly handlers: Set<LearnerHandler> = new Set();
  /** The epoch of this leadership, -1 until a quorum has fixed it. */
  epoch: Epoch = -1;
  /** Ticks since the leader began to serve. */
  tick = 0;

  private phase: Phase = 'FOLLOWERINFO';
  private readonly summary: StateSummary;
  private acceptedMax: Epoch = -1;
  private registered: BitSet = EMPTY;
  private epochAcks: BitSet = EMPTY;
  private newLeaderAcks: BitSet = EMPTY;
  private timer = -1;
  private halfTicks = 0;

  constructor(peer: QuorumPeer) {
    this.peer = peer;
    this.broadcast = new Broadcast(peer);
    this.summary = {
      currentEpoch: peer.persistence.currentEpoch,
      lastZxid: peer.lastZxid,
    };
  }

  /** What a leader changes it also logs, so its log tells the truth. */
  readonly leavesStateUnsure: boolean = false;

  get epochZxid(): Zxid {
    return makeZxid(this.epoch, 0);
  }

  /** Whether the epoch is fixed and durable, so that learners may be told. */
  get isEpochDurable(): boolean {
    return this.phase !== 'FOLLOWERINFO';
  }

  /** Whether a quorum has acknowledged the epoch, so that learners may be synchronised. */
  get isElectionOver(): boolean {
    return this.phase === 'NEWLEADER' || this.phase === 'SERVING';
  }

  get isServing(): boolean {
    return this.phase === 'SERVING';
  }

  /** Of whom it needs a quorum, in words for people. */
  get waitsFor(): string {
    const heard = {
      FOLLOWERINFO: this.registered,
      ACKEPOCH: this.epochAcks,
      NEWLEADER: this.newLeaderAcks,
    };
    if (this.phase === 'SERVING') return 'requests';
    if (this.phase === 'ENDED') return 'its end';
    const sids = members(heard[this.phase]).join(', ');
    return `a quorum of ${PHASE_WORDS[this.phase]}, and has that of ${sids === '' ? 'nobody' : sids}`;
  }

  start(): void {
    const { sid, persistence } = this.peer;
    persistence.takeSnapshot();
    this.enter('FOLLOWERINFO');
    this.register(sid, persistence.acceptedEpoch);
  }

  accept(connection: Connection): ConnectionListener | null {
    if (this.phase === 'ENDED') return null;
    const handler = new LearnerHandler(this, connection);
    this.handlers.add(handler);
    return handler;
  }

  shutdown(): void {
    this.phase = 'ENDED';
    this.peer.ports.cancelTimer(this.timer);
    for (const handler of [...this.handlers]) handler.close();
  }

  timerFired(timer: number): void {
    if (timer === HALF_TICK) this.halfTick();
    else this.peer.leaveRole(`no quorum in time: ${this.phase}`);
  }

  /**
   * Discovery: a server, this one included, has told which epoch it accepted last. A quorum of
   * them fixes the next one. `Leader.getEpochToPropose`.
   */
  register(sid: Sid, acceptedEpoch: Epoch): void {
    if (this.epoch >= 0) {
      if (acceptedEpoch > this.epoch) this.meetHigherEpoch(sid);
      return;
    }
    this.acceptedMax = Math.max(this.acceptedMax, acceptedEpoch);
    this.registered = withMember(this.registered, sid);
    if (!this.isQuorumWithMe(this.registered)) return;
    this.epoch = this.peer.rules.nextEpoch(this.acceptedMax);
    this.peer.ports.emit(ZAB_EVENTS.epochFixed, this.epoch, 0, null);
    this.peer.persistence.writeAcceptedEpoch(this.epoch, this);
  }

  /**
   * Discovery: a server has answered the epoch with what history it has.
   *
   * @param summary `null` when its answer must not count
   * @returns `false` if that history is ahead of this leader's
   */
  acknowledgeEpoch(sid: Sid, summary: StateSummary | null): boolean {
    const { rules, ports, persistence } = this.peer;
    if (this.isElectionOver) return true;
    if (summary !== null) {
      if (rules.isAhead(summary, this.summary)) {
        ports.emit(ZAB_EVENTS.learnerAhead, summary.lastZxid, sid, null);
        return false;
      }
      this.epochAcks = withMember(this.epochAcks, sid);
    }
    if (!this.isQuorumWithMe(this.epochAcks)) return true;
    this.enter('NEWLEADER');
    ports.emit(ZAB_EVENTS.ackEpochQuorum, this.epoch, 0, null);
    persistence.writeCurrentEpoch(this.epoch, this);
    for (const handler of this.handlers) handler.electionOver();
    return true;
  }

  /**
   * A learner is about to be brought to this leader's history, and to lose what it has beyond.
   * That must be nothing that was committed, or will be on its word.
   */
  readmit(handler: LearnerHandler): void {
    if (!this.peer.rules.forgetsAcksOfReturned) {
      handler.historyComplete();
      return;
    }
    for (const other of this.handlers) {
      if (other !== handler && other.sid === handler.sid) other.close();
    }
    this.broadcast.forgetAcks(handler.sid);
    this.broadcast.whenApplied(handler);
  }

  /** Synchronisation: a server, this one included, has the initial history on its disk. */
  acknowledgeNewLeader(sid: Sid): void {
    if (this.phase !== 'NEWLEADER') return;
    this.newLeaderAcks = withMember(this.newLeaderAcks, sid);
    const { rules, sid: me } = this.peer;
    const isEnough = rules.awaitsHistoryQuorum
      ? this.isQuorumWithMe(this.newLeaderAcks)
      : hasMember(this.newLeaderAcks, me);
    if (isEnough) this.establish();
  }

  /** The epoch that was being written is durable: first as accepted, then as current. */
  written(): void {
    const { sid } = this.peer;
    if (this.phase === 'NEWLEADER') {
      this.acknowledgeNewLeader(sid);
      return;
    }
    this.enter('ACKEPOCH');
    this.broadcast.begin(this.epochZxid);
    for (const handler of this.handlers) handler.epochDurable();
    this.acknowledgeEpoch(sid, this.summary);
  }

  /** The leader's own disk has a transaction. */
  logged(txn: Txn): void {
    this.peer.ports.emit(ZAB_EVENTS.acked, txn.zxid, this.peer.sid, txn);
    this.broadcast.acknowledge(this.peer.sid, txn.zxid);
  }

  /** A learner is gone. */
  lost(handler: LearnerHandler): void {
    this.handlers.delete(handler);
    this.broadcast.stopForwarding(handler);
  }

  /**
   * The initial history is committed. `e:0` is set before the pipeline opens, since it must not
   * name a transaction that is not applied.
   */
  private establish(): void {
    const { peer } = this;
    peer.ports.cancelTimer(this.timer);
    this.phase = 'SERVING';
    peer.synchronised(this.epoch);
    peer.service.beginEpoch(this.epochZxid);
    peer.ports.emit(ZAB_EVENTS.established, this.epoch, 0, null);
    peer.service.lead(this.broadcast);
    for (const handler of this.handlers) handler.established();
    this.timer = peer.ports.setTimer(peer.tickMicros / 2, this, HALF_TICK);
  }

  /** Pings go out twice a tick; whether a quorum is still there is looked at once. */
  private halfTick(): void {
    const { peer } = this;
    this.timer = peer.ports.setTimer(peer.tickMicros / 2, this, HALF_TICK);
    this.halfTicks++;
    if (this.halfTicks % 2 === 0) {
      this.tick++;
      let synced = withMember(EMPTY, peer.sid);
      for (const handler of this.handlers) {
        if (handler.isInTime) synced = withMember(synced, handler.sid);
      }
      if (!peer.rules.isQuorum(synced, peer.config.voters)) {
        peer.ports.emit(ZAB_EVENTS.quorumLost, this.epoch, 0, null);
        peer.leaveRole('quorum lost');
        return;
      }
    }
    for (const handler of [...this.handlers]) handler.ping();
  }

  /**
   * A learner has promised a later epoch to somebody who then failed. It can never follow this
   * leader; a new election brings an epoch above both.
   */
  private meetHigherEpoch(sid: Sid): void {
    this.peer.ports.emit(ZAB_EVENTS.higherEpochMet, this.epoch, sid, null);
    if (this.peer.rules.stepsDownForHigherEpoch)
      this.peer.leaveRole('a learner is in a later epoch');
  }

  private isQuorumWithMe(acks: BitSet): boolean {
    const { rules, config, sid } = this.peer;
    return hasMember(acks, sid) && rules.isQuorum(acks, config.voters);
  }

  private enter(phase: Phase): void {
    const { ports, config, tickMicros } = this.peer;
    this.phase = phase;
    ports.cancelTimer(this.timer);
    this.timer = ports.setTimer(config.initLimit * tickMicros, this, PHASE_TIMEOUT);
  }
}
