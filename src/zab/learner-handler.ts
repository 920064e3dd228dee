import { ZAB_EVENTS } from './events.ts';
import type { Leader } from './leader.ts';
import { type AckEpoch, PACKET, type QuorumPacket } from './messages.ts';
import type { Connection, ConnectionListener, Sid, TimerListener, WakeListener } from './ports.ts';
import type { QuorumPeer } from './quorum-peer.ts';
import { chooseSync, type SyncChoice } from './sync-choice.ts';
import type { Txn } from './txn.ts';
import { epochOf, NO_ZXID, ZXID_ZERO, type Zxid } from './zxid.ts';

/** What the leader waits for from this learner, or for this learner's sake. */
type State =
  | 'FOLLOWERINFO'
  | 'EPOCH' // until the epoch is fixed and durable
  | 'ACKEPOCH'
  | 'ELECTION' // until a quorum has acknowledged the epoch
  | 'HISTORY' // until what is committed is in the leader's history
  | 'SNAP' // until it is said that a snapshot comes
  | 'SNAPSHOT' // until the state is copied
  | 'NEWLEADER' // until the learner has acknowledged it
  | 'ESTABLISHED' // until a quorum has
  | 'SERVING'
  | 'CLOSED';

/** The leader's side of one learner, from its connection to its loss. `LearnerHandler`. */
export class LearnerHandler implements ConnectionListener, TimerListener, WakeListener {
  /** Known once the learner has registered. */
  sid: Sid = 0;
  isObserver = false;
  /** What is committed up to here must be in the history before this learner is synchronised. */
  committedZxid: Zxid = ZXID_ZERO;

  private readonly leader: Leader;
  private readonly peer: QuorumPeer;
  private readonly connection: Connection;
  private state: State = 'FOLLOWERINFO';
  /** What waits behind the snapshot, until that is on its way. */
  private queue: QuorumPacket[] | null = null;
  private learnerZxid: Zxid = NO_ZXID;
  private snapshotLabel: Zxid = NO_ZXID;
  private needsSnapshot = false;
  private lastHeardAt: number;
  private timer = -1;
  /** The tick until which the learner counts as being in time. */
  private deadlineTick: number;
  /** The proposal whose acknowledgement is timed, and the one that will be next. */
  private timedZxid: Zxid = NO_ZXID;
  private timedSince = 0;
  private nextTimedZxid: Zxid = NO_ZXID;
  private nextTimedSince = 0;

  constructor(leader: Leader, connection: Connection) {
    this.leader = leader;
    this.peer = leader.peer;
    this.connection = connection;
    const { config, ports } = this.peer;
    this.lastHeardAt = ports.now();
    this.deadlineTick = leader.tick + config.initLimit + config.syncLimit;
    this.watchFor(this.silenceMicros);
  }

  /** Whether this learner counts towards the leader's quorum. */
  get isInTime(): boolean {
    return this.leader.tick <= this.deadlineTick;
  }

  connected(): void {}

  received(packet: QuorumPacket): void {
    this.lastHeardAt = this.peer.ports.now();
    if (this.state === 'SERVING') this.serve(packet);
    else this.synchronise(packet);
  }

  closed(): void {
    this.close();
  }

  /** Gives the learner up. */
  close(): void {
    if (this.state === 'CLOSED') return;
    this.state = 'CLOSED';
    this.connection.close();
    this.leader.lost(this);
  }

  /** The learner has been silent for too long, or may have been. */
  timerFired(): void {
    if (this.state === 'CLOSED') return;
    const { ports } = this.peer;
    const leftMicros = this.lastHeardAt + this.silenceMicros - ports.now();
    if (leftMicros > 0) this.watchFor(leftMicros);
    else this.close();
  }

  send(packet: QuorumPacket): void {
    if (this.queue !== null) this.queue.push(packet);
    else this.connection.send(packet);
  }

  sendCommitted(txn: Txn): void {
    this.send({ type: PACKET.PROPOSAL, zxid: txn.zxid, data: txn });
    this.send({ type: PACKET.COMMIT, zxid: txn.zxid, data: null });
  }

  propose(packet: QuorumPacket): void {
    const now = this.peer.ports.now();
    if (this.timedZxid === NO_ZXID) {
      this.timedZxid = packet.zxid;
      this.timedSince = now;
    } else {
      this.nextTimedZxid = packet.zxid;
      this.nextTimedSince = now;
    }
    this.send(packet);
  }

  /** Asks for a sign of life; gives up a learner whose disk has stopped though it answers. */
  ping(): void {
    const { ports, config, tickMicros } = this.peer;
    const lateMicros = ports.now() - this.timedSince;
    if (this.timedZxid !== NO_ZXID && lateMicros >= config.syncLimit * tickMicros) {
      this.close();
    } else if (this.isSending) {
      const { lastProposed } = this.leader.broadcast;
      this.connection.send({ type: PACKET.PING, zxid: lastProposed, data: null });
    }
  }

  /** The leader's epoch has become durable. */
  epochDurable(): void {
    if (this.state === 'EPOCH') this.sendLeaderInfo();
  }

  /** A quorum has acknowledged the epoch. */
  electionOver(): void {
    if (this.state !== 'ELECTION') return;
    this.state = 'HISTORY';
    this.leader.readmit(this);
  }

  /** The history holds what was committed when the learner came. */
  historyComplete(): void {
    if (this.state === 'HISTORY') this.chooseSync();
  }

  /** The leader serves. */
  established(): void {
    if (this.state !== 'ESTABLISHED') return;
    this.state = 'SERVING';
    this.watchFor(this.silenceMicros);
    this.send({ type: PACKET.UPTODATE, zxid: NO_ZXID, data: null });
    this.peer.ports.emit(ZAB_EVENTS.upToDateSent, this.leader.epoch, this.sid, null);
  }

  /** The thread that sends the snapshot. Nothing else is sent until it is done. */
  awake(): void {
    if (this.state === 'SNAP') {
      this.state = 'SNAPSHOT';
      this.connection.send({ type: PACKET.SNAP, zxid: this.snapshotLabel, data: null });
      this.peer.ports.wake(this);
    } else if (this.state === 'SNAPSHOT') {
      this.sendSnapshot();
    }
  }

  /** Copies the state, which may have moved on from the label; what came since is queued. */
  private sendSnapshot(): void {
    const queue = this.queue ?? [];
    this.queue = null;
    const snapshot = this.peer.capture(this.snapshotLabel);
    this.connection.send({ type: PACKET.SNAPSHOT, zxid: snapshot.zxid, data: snapshot });
    for (const packet of queue) this.connection.send(packet);
    this.sendNewLeader();
  }

  private get silenceMicros(): number {
    const { config, tickMicros } = this.peer;
    const ticks = this.state === 'SERVING' ? config.syncLimit : config.initLimit;
    return ticks * tickMicros;
  }

  /** Looks again at how long the learner has been silent. */
  private watchFor(micros: number): void {
    const { ports } = this.peer;
    ports.cancelTimer(this.timer);
    this.timer = ports.setTimer(micros, this, 0);
  }

  /** Whether the history is on its way. Before that a learner would not know what a ping is. */
  private get isSending(): boolean {
    return this.state === 'NEWLEADER' || this.state === 'ESTABLISHED' || this.state === 'SERVING';
  }

  /** Up to UPTODATE the learner speaks only when it is asked. */
  private synchronise(packet: QuorumPacket): void {
    if (this.state === 'FOLLOWERINFO') this.registered(packet);
    else if (this.state === 'ACKEPOCH' && packet.type === PACKET.ACKEPOCH) {
      this.epochAcknowledged(packet);
    } else if (this.state === 'NEWLEADER') this.newLeaderAcknowledged(packet);
  }

  private registered(packet: QuorumPacket): void {
    if (packet.type !== PACKET.FOLLOWERINFO && packet.type !== PACKET.OBSERVERINFO) {
      this.close();
      return;
    }
    this.sid = packet.data;
    this.isObserver = packet.type === PACKET.OBSERVERINFO;
    this.state = 'EPOCH';
    this.leader.register(this.sid, epochOf(packet.zxid));
    if (this.leader.isEpochDurable) this.epochDurable();
  }

  private sendLeaderInfo(): void {
    this.state = 'ACKEPOCH';
    this.send({ type: PACKET.LEADERINFO, zxid: this.leader.epochZxid, data: null });
    this.peer.ports.emit(ZAB_EVENTS.leaderInfoSent, this.leader.epoch, this.sid, null);
  }

  private epochAcknowledged({ zxid, data }: AckEpoch): void {
    this.state = 'ELECTION';
    this.learnerZxid = zxid;
    this.needsSnapshot = data.needsSnapshot;
    const { currentEpoch } = data;
    const summary = currentEpoch === null ? null : { currentEpoch, lastZxid: zxid };
    if (!this.leader.acknowledgeEpoch(this.sid, summary)) this.close();
    else if (this.leader.isElectionOver) this.electionOver();
  }

  /** One step with the beginning of forwarding: nothing may slip in between (ZOOKEEPER-962). */
  private chooseSync(): void {
    const { peer, learnerZxid } = this;
    const choice: SyncChoice = chooseSync(
      {
        lastProcessedZxid: peer.lastZxid,
        committedLog: peer.history,
        storage: peer.ports.storage,
        config: peer.config,
        rules: peer.rules,
      },
      learnerZxid,
      this.needsSnapshot,
    );
    peer.ports.emit(eventOf(choice), learnerZxid, this.sid, null);
    if (choice.mode === PACKET.SNAP) {
      this.state = 'SNAP';
      this.queue = [];
      this.snapshotLabel = choice.zxid;
      this.leader.broadcast.startForwarding(this, choice.upTo);
      peer.ports.wake(this);
      return;
    }
    this.send({ type: choice.mode, zxid: choice.zxid, data: null });
    for (const txn of choice.txns) this.sendCommitted(txn);
    this.leader.broadcast.startForwarding(this, choice.upTo);
    this.sendNewLeader();
  }

  private sendNewLeader(): void {
    this.state = 'NEWLEADER';
    this.send({ type: PACKET.NEWLEADER, zxid: this.leader.epochZxid, data: null });
    this.peer.ports.emit(ZAB_EVENTS.newLeaderSent, this.leader.epoch, this.sid, null);
  }

  /** The first packet after the history says that it is on the learner's disk; nothing else may. */
  private newLeaderAcknowledged(packet: QuorumPacket): void {
    const { ports, rules } = this.peer;
    const isIt = packet.type === PACKET.ACK && packet.zxid === this.leader.epochZxid;
    if (!isIt) ports.emit(ZAB_EVENTS.badAck, packet.zxid, this.sid, null);
    if (packet.type !== PACKET.ACK || (!isIt && rules.demandsNewLeaderAck)) {
      this.close();
      return;
    }
    this.state = 'ESTABLISHED';
    if (isIt) this.leader.acknowledgeNewLeader(this.sid);
    if (this.leader.isServing) this.established();
  }

  private serve(packet: QuorumPacket): void {
    this.deadlineTick = this.leader.tick + this.peer.config.syncLimit;
    const { service } = this.peer;
    switch (packet.type) {
      case PACKET.ACK:
        this.acknowledged(packet.zxid);
        break;
      case PACKET.REQUEST:
        service.requested(this, packet.data);
        break;
      case PACKET.PING:
        if (packet.data !== null) service.touch(packet.data);
        break;
      case PACKET.REVALIDATE:
        this.send({
          type: PACKET.REVALIDATE,
          zxid: NO_ZXID,
          data: service.revalidate(this, packet.data),
        });
        break;
      default:
        this.close();
    }
  }

  private acknowledged(zxid: Zxid): void {
    if (zxid === this.timedZxid) {
      this.timedZxid = this.nextTimedZxid;
      this.timedSince = this.nextTimedSince;
      this.nextTimedZxid = NO_ZXID;
    }
    this.leader.broadcast.acknowledge(this.sid, zxid);
  }
}

function eventOf({ mode, txns, isFromDisk }: SyncChoice): number {
  if (mode === PACKET.SNAP) return ZAB_EVENTS.snapChosen;
  if (mode === PACKET.TRUNC) {
    return txns.length > 0 ? ZAB_EVENTS.truncDiffChosen : ZAB_EVENTS.truncChosen;
  }
  return isFromDisk ? ZAB_EVENTS.diffFromDiskChosen : ZAB_EVENTS.diffChosen;
}
