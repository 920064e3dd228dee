import { Fifo } from '../kernel/fifo.ts';
import { ZAB_EVENTS } from './events.ts';
import { PACKET, type QuorumPacket } from './messages.ts';
import type { Connection, ConnectionListener, LearnerPort, Sid, TimerListener } from './ports.ts';
import type { QuorumPeer } from './quorum-peer.ts';
import { readDisk } from './recovery.ts';
import type { NewLeaderStep } from './rules.ts';
import type { Snapshot, Txn } from './txn.ts';
import { counterOf, type Epoch, epochOf, follows, makeZxid, NO_ZXID, type Zxid } from './zxid.ts';

const SILENCE = 0;
const RETRY = 1;

/** What the learner waits for from its leader. */
type Phase =
  | 'CONNECTION'
  | 'LEADERINFO'
  | 'SYNC' // DIFF, TRUNC or SNAP
  | 'SNAPSHOT' // that SNAP has announced
  | 'NEWLEADER' // the history that comes before it
  | 'UPTODATE'
  | 'BROADCAST'
  | 'ENDED';

/** What comes next, in words for people. */
const PHASE_WORDS: Readonly<Record<Phase, string>> = {
  CONNECTION: 'a connection',
  LEADERINFO: 'LEADERINFO',
  SYNC: 'DIFF, TRUNC or SNAP',
  SNAPSHOT: 'the snapshot',
  NEWLEADER: 'NEWLEADER',
  UPTODATE: 'UPTODATE',
  BROADCAST: 'proposals',
  ENDED: 'nothing more',
};

/** The write after which the learner reads on. */
type Write = 'acceptedEpoch' | 'truncation' | 'snapshot' | 'currentEpoch';

/**
 * A follower or an observer: it finds its leader, promises its epoch, takes over its history, and
 * then logs what is proposed and applies what is committed. `Learner`, `Follower`, `Observer`.
 *
 * Up to UPTODATE it is one thread that waits for the disk before it reads the next packet.
 */
export class Learner implements ConnectionListener, LearnerPort, TimerListener {
  /**
   * The state in memory is not what the disk tells: while the history is being cut, and from SNAP
   * until the snapshot is on the disk.
   */
  leavesStateUnsure = false;

  private readonly peer: QuorumPeer;
  private readonly leaderSid: Sid;
  private connection: Connection | null = null;
  private phase: Phase = 'CONNECTION';
  private tries = 0;
  private epoch: Epoch = -1;
  private timer = -1;
  private lastHeardAt = 0;
  private silenceLimit: number;
  /** Packets that wait until the disk is done. */
  private readonly unread = new Fifo<QuorumPacket>();
  private write: Write | null = null;
  private isWaiting = false;
  /** Of the last transaction that the leader has sent, or of the history that it builds on. */
  private lastReceived: Zxid = NO_ZXID;
  /** Received and not yet committed; while synchronising, the first few of them are. */
  private readonly pending = new Fifo<Txn>();
  private committedCount = 0;
  /** What NEWLEADER says is the end of: to be logged and applied. */
  private initialHistory: Txn[] = [];
  /** How many of the pending ones have been handed to the log before UPTODATE: none, but for step Q. */
  private handedOverCount = 0;
  private snapshotIsPending = false;
  private stepIndex = 0;

  constructor(peer: QuorumPeer, leaderSid: Sid) {
    this.peer = peer;
    this.leaderSid = leaderSid;
    this.silenceLimit = peer.config.initLimit;
  }

  /** Which packet of its leader, or which write, in words for people. */
  get waitsFor(): string {
    if (this.write !== null) return `its disk: ${this.write}`;
    return `${PHASE_WORDS[this.phase]} of server ${this.leaderSid}`;
  }

  start(): void {
    this.lastHeardAt = this.peer.ports.now();
    this.watchFor(this.silenceMicros);
    this.dial();
  }

  shutdown(): void {
    this.phase = 'ENDED';
    this.peer.ports.cancelTimer(this.timer);
    this.connection?.close();
  }

  timerFired(timer: number): void {
    const { ports } = this.peer;
    if (this.phase === 'ENDED') return;
    if (timer === RETRY) {
      this.dial();
      return;
    }
    const leftMicros = this.lastHeardAt + this.silenceMicros - ports.now();
    if (leftMicros > 0) this.watchFor(leftMicros);
    // Whoever waits for the disk does not listen.
    else if (this.isWaiting) this.watchFor(this.peer.tickMicros);
    else this.leave('the leader is silent');
  }

  connected(): void {
    const { peer } = this;
    this.lastHeardAt = peer.ports.now();
    this.phase = 'LEADERINFO';
    this.lastReceived = peer.lastZxid;
    const type = peer.isVoter ? PACKET.FOLLOWERINFO : PACKET.OBSERVERINFO;
    const zxid = makeZxid(peer.persistence.acceptedEpoch, 0);
    this.send({ type, zxid, data: peer.sid });
  }

  closed(): void {
    if (this.phase === 'ENDED') return;
    const { leaderConnectTries, leaderConnectRetryMs } = this.peer.config;
    if (this.phase !== 'CONNECTION') this.leave('the leader is gone');
    else if (this.tries === leaderConnectTries) this.leave('the leader does not listen');
    else this.peer.ports.setTimer(leaderConnectRetryMs * 1000, this, RETRY);
  }

  received(packet: QuorumPacket): void {
    this.lastHeardAt = this.peer.ports.now();
    if (this.phase === 'BROADCAST') {
      this.broadcast(packet);
    } else {
      this.unread.push(packet);
      this.readOn();
    }
  }

  /** The log has a transaction: the leader may count on it. */
  logged(txn: Txn): void {
    if (this.phase !== 'ENDED') this.acknowledge(txn.zxid, txn);
  }

  // LearnerPort

  applied(txn: Txn): void {
    this.peer.delivered(txn);
  }

  forward(request: object): void {
    this.send({ type: PACKET.REQUEST, zxid: NO_ZXID, data: request });
  }

  revalidate(data: object): void {
    this.send({ type: PACKET.REVALIDATE, zxid: NO_ZXID, data });
  }

  // Discovery and synchronisation

  private readOn(): void {
    while (!this.isWaiting && this.phase !== 'ENDED') {
      const packet = this.unread.shift();
      if (packet === undefined) return;
      if (this.phase === 'BROADCAST') this.broadcast(packet);
      else this.synchronise(packet);
    }
  }

  private synchronise(packet: QuorumPacket): void {
    if ((this.phase === 'SNAPSHOT') !== (packet.type === PACKET.SNAPSHOT)) {
      this.leave('no snapshot where there should be one, or one where there should be none');
      return;
    }
    switch (packet.type) {
      case PACKET.LEADERINFO:
        this.leaderInfo(epochOf(packet.zxid));
        break;
      case PACKET.DIFF:
        this.phase = 'NEWLEADER';
        this.peer.ports.emit(ZAB_EVENTS.diffReceived, packet.zxid, this.leaderSid, null);
        break;
      case PACKET.TRUNC:
        this.truncate(packet.zxid);
        break;
      case PACKET.SNAP:
        this.awaitSnapshot(packet.zxid);
        break;
      case PACKET.SNAPSHOT:
        this.restore(packet.data);
        break;
      case PACKET.PROPOSAL:
        this.proposed(packet.data);
        break;
      case PACKET.COMMIT:
        this.committed(packet.zxid);
        break;
      case PACKET.INFORM:
        this.proposed(packet.data);
        this.committed(packet.zxid);
        break;
      case PACKET.NEWLEADER:
        this.newLeader();
        break;
      case PACKET.UPTODATE:
        this.upToDate();
        break;
    }
  }

  /**
   * Promises the epoch, durably, before the answer leaves. If it was promised before, perhaps to
   * another would-be leader, the answer must not count. `Learner.registerWithLeader`.
   */
  private leaderInfo(epoch: Epoch): void {
    const { rules, persistence } = this.peer;
    this.epoch = epoch;
    switch (rules.answerEpoch(epoch, persistence.acceptedEpoch)) {
      case 'refuse':
        this.leave('the leader is in an earlier epoch');
        break;
      case 'repeat':
        this.answerEpoch(null);
        break;
      case 'promise':
        this.wait('acceptedEpoch');
        persistence.writeAcceptedEpoch(epoch, this);
        break;
    }
  }

  private answerEpoch(currentEpoch: Epoch | null): void {
    const { ports, needsSnapshot } = this.peer;
    const zxid = this.lastReceived;
    this.phase = 'SYNC';
    this.send({ type: PACKET.ACKEPOCH, zxid, data: { currentEpoch, needsSnapshot } });
    ports.emit(ZAB_EVENTS.ackEpochSent, zxid, this.leaderSid, null);
  }

  /**
   * Cuts off what the leader does not have. If there is nothing to cut back to (all that is left
   * is a snapshot from beyond the cut) nothing is touched, and the next leader is asked for SNAP.
   */
  private truncate(cut: Zxid): void {
    const { ports, config, persistence } = this.peer;
    ports.emit(ZAB_EVENTS.truncReceived, cut, this.leaderSid, null);
    const left = readDisk(ports.storage, config.counterStart, cut);
    if (typeof left === 'string' || (left.lastZxid !== cut && counterOf(cut) !== 0)) {
      ports.emit(ZAB_EVENTS.cutImpossible, cut, this.leaderSid, null);
      this.peer.needsSnapshot = true;
      this.leave('the history cannot be cut there');
      return;
    }
    this.lastReceived = cut;
    this.leavesStateUnsure = true;
    this.wait('truncation');
    persistence.truncate(cut, this);
  }

  /** What follows TRUNC is logged before it is applied, as after DIFF (ZOOKEEPER-5094). */
  private truncated(): void {
    const { peer } = this;
    this.phase = 'NEWLEADER';
    if (peer.load() === null) return;
    this.leavesStateUnsure = false;
    if (counterOf(this.lastReceived) === 0) peer.service.beginEpoch(this.lastReceived);
    peer.ports.emit(ZAB_EVENTS.truncated, this.lastReceived, 0, null);
  }

  /** From here on the learner has no state to go back to but that on its disk. */
  private awaitSnapshot(zxid: Zxid): void {
    this.peer.ports.emit(ZAB_EVENTS.snapReceived, zxid, this.leaderSid, null);
    this.phase = 'SNAPSHOT';
    this.leavesStateUnsure = true;
    this.peer.restore(null);
  }

  private restore(snapshot: Snapshot): void {
    this.phase = 'NEWLEADER';
    this.snapshotIsPending = true;
    this.lastReceived = snapshot.zxid;
    this.peer.restore(snapshot);
    this.peer.ports.emit(ZAB_EVENTS.snapshotRead, snapshot.zxid, this.leaderSid, null);
  }

  private proposed(txn: Txn): void {
    if (!this.isNext(txn)) {
      this.peer.ports.emit(ZAB_EVENTS.historyGap, txn.zxid, this.leaderSid, txn);
      this.leave('the leader left a transaction out');
      return;
    }
    this.lastReceived = txn.zxid;
    this.pending.push(txn);
  }

  private isNext(txn: Txn): boolean {
    return follows(this.lastReceived, txn.zxid, this.peer.config.counterStart);
  }

  /** After DIFF a commit waits for NEWLEADER; after SNAP it is applied, the snapshot will hold it. */
  private committed(zxid: Zxid): void {
    const txn = this.pending.at(this.committedCount);
    if (txn?.zxid !== zxid) {
      this.peer.ports.emit(ZAB_EVENTS.commitUnmatched, zxid, this.leaderSid, null);
      this.leave('a commit without its proposal');
    } else if (this.snapshotIsPending) {
      this.pending.shift();
      this.peer.apply(txn);
    } else this.committedCount++;
  }

  /** The initial history is complete: `Rules.newLeaderSteps`, one after the other. */
  private newLeader(): void {
    for (; this.committedCount > 0; this.committedCount--) {
      this.initialHistory.push(this.pending.shift() as Txn);
    }
    this.stepIndex = 0;
    this.isWaiting = true;
    this.nextStep();
  }

  private nextStep(): void {
    if (this.phase === 'ENDED') return;
    const step = this.peer.rules.newLeaderSteps[this.stepIndex++];
    if (step !== undefined) {
      this.take(step);
      return;
    }
    this.isWaiting = false;
    this.phase = 'UPTODATE';
    this.silenceLimit = this.peer.config.syncLimit;
    this.watchFor(this.silenceMicros);
    this.readOn();
  }

  private take(step: NewLeaderStep): void {
    const { persistence, ports } = this.peer;
    switch (step) {
      case 'S':
        if (!this.snapshotIsPending) break;
        this.wait('snapshot');
        persistence.install(this.peer.capture(this.peer.lastZxid), this);
        return;
      case 'L':
        for (const txn of this.initialHistory) persistence.append(txn, false);
        ports.emit(ZAB_EVENTS.historyAppended, persistence.log.lastZxid, 0, null);
        break;
      case 'F':
        persistence.log.whenSynced(this);
        return;
      case 'Q':
        for (const txn of this.initialHistory) this.log(txn);
        for (const txn of this.pending) this.log(txn);
        this.handedOverCount = this.pending.length;
        break;
      case 'T':
        for (const txn of this.initialHistory) this.peer.apply(txn);
        break;
      case 'E':
        this.wait('currentEpoch');
        persistence.writeCurrentEpoch(this.epoch, this);
        return;
      case 'A':
        this.send({ type: PACKET.ACK, zxid: makeZxid(this.epoch, 0), data: null });
        ports.emit(ZAB_EVENTS.newLeaderAcked, this.epoch, this.leaderSid, null);
        break;
    }
    this.nextStep();
  }

  /** Step F is done. */
  logSynced(): void {
    this.peer.ports.emit(ZAB_EVENTS.historySynced, this.peer.persistence.log.lastZxid, 0, null);
    this.nextStep();
  }

  /** The write that this thread waits for is on the disk. */
  written(): void {
    const { write } = this;
    this.write = null;
    this.isWaiting = false;
    switch (write) {
      case 'acceptedEpoch':
        this.answerEpoch(this.peer.persistence.currentEpoch);
        this.readOn();
        break;
      case 'truncation':
        this.truncated();
        this.readOn();
        break;
      case 'snapshot':
        this.snapshotIsPending = false;
        this.leavesStateUnsure = false;
        this.peer.needsSnapshot = false;
        this.isWaiting = true;
        this.nextStep();
        break;
      case 'currentEpoch':
        this.isWaiting = true;
        this.nextStep();
        break;
    }
  }

  private upToDate(): void {
    const { peer } = this;
    this.send({ type: PACKET.ACK, zxid: makeZxid(this.epoch, 0), data: null });
    this.phase = 'BROADCAST';
    peer.synchronised(this.epoch);
    peer.ports.emit(ZAB_EVENTS.upToDate, this.epoch, this.leaderSid, null);
    peer.service.learn(this);
    for (const txn of [...this.pending].slice(this.handedOverCount)) this.log(txn);
    if (!this.awaitsCommit) this.committedCount = this.pending.length;
    for (; this.committedCount > 0; this.committedCount--) {
      peer.service.commit(this.pending.shift() as Txn);
    }
  }

  // Broadcast

  private broadcast(packet: QuorumPacket): void {
    const { service } = this.peer;
    switch (packet.type) {
      case PACKET.PROPOSAL:
        if (this.awaitsCommit) this.pending.push(packet.data);
        else service.commit(packet.data);
        this.log(packet.data);
        break;
      case PACKET.COMMIT:
        if (this.awaitsCommit) this.commit(packet.zxid);
        break;
      case PACKET.INFORM:
        if (this.peer.rules.observersLog) this.log(packet.data);
        service.commit(packet.data);
        break;
      case PACKET.PING:
        this.send({ type: PACKET.PING, zxid: packet.zxid, data: service.touchTable() });
        break;
      case PACKET.SYNC:
        service.syncAnswered();
        break;
      case PACKET.REVALIDATE:
        service.revalidated(packet.data);
        break;
    }
  }

  private log(txn: Txn): void {
    const { persistence, rules, isVoter } = this.peer;
    const whenSynced = rules.acknowledges === 'when-synced';
    persistence.append(txn, isVoter && whenSynced);
    if (isVoter && !whenSynced) this.acknowledge(txn.zxid, txn);
  }

  /** Applies without waiting for the own disk: a quorum has it. */
  private commit(zxid: Zxid): void {
    const txn = this.pending.shift();
    if (txn?.zxid === zxid) {
      this.peer.service.commit(txn);
      return;
    }
    this.peer.ports.emit(ZAB_EVENTS.commitUnmatched, zxid, this.leaderSid, null);
    this.peer.ports.exit();
  }

  private acknowledge(zxid: Zxid, txn: Txn): void {
    this.send({ type: PACKET.ACK, zxid, data: null });
    this.peer.ports.emit(ZAB_EVENTS.acked, zxid, this.leaderSid, txn);
  }

  private send(packet: QuorumPacket): void {
    this.connection?.send(packet);
  }

  private dial(): void {
    this.tries++;
    this.connection = this.peer.ports.dial(this.leaderSid, 'quorum', this);
  }

  private wait(write: Write): void {
    this.isWaiting = true;
    this.write = write;
  }

  private leave(why: string): void {
    this.peer.leaveRole(why);
  }

  /** Looks again at how long the leader has been silent. */
  private watchFor(micros: number): void {
    const { ports } = this.peer;
    ports.cancelTimer(this.timer);
    this.timer = ports.setTimer(micros, this, SILENCE);
  }

  private get awaitsCommit(): boolean {
    return this.peer.rules.applies === 'when-committed';
  }

  private get silenceMicros(): number {
    return this.silenceLimit * this.peer.tickMicros;
  }
}
