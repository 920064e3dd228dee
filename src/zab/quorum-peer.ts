import { hasMember } from '../kernel/bit-set.ts';
import { CommittedLog } from './committed-log.ts';
import type { ServerConfig } from './config.ts';
import { FastLeaderElection } from './election.ts';
import { ZAB_EVENTS } from './events.ts';
import { Leader } from './leader.ts';
import { Learner } from './learner.ts';
import { SERVER_STATE, type ServerState } from './messages.ts';
import { Persistence } from './persistence.ts';
import type {
  Connection,
  ConnectionListener,
  Port,
  Ports,
  Service,
  Sid,
  TimerListener,
} from './ports.ts';
import { FAILED_CHECKSUM, isFirstStart, type Recovered, readDisk } from './recovery.ts';
import type { Rules } from './rules.ts';
import type { Snapshot, Txn } from './txn.ts';
import type { Candidate, Vote } from './vote.ts';
import { counterOf, epochOf, type Zxid } from './zxid.ts';

const OBSERVER_DELAY_MICROS = 200_000;

/** The vote of a server that may not lead. */
const NO_CANDIDACY: Candidate = { leader: 0, zxid: -1 as Zxid, peerEpoch: -1 };

/**
 * One server's consensus: it looks for a leader, leads or learns, and when that ends brings its
 * log and its state level and looks again. `QuorumPeer`.
 */
export class QuorumPeer implements TimerListener {
  readonly config: ServerConfig;
  readonly ports: Ports;
  readonly rules: Rules;
  readonly service: Service;
  readonly persistence: Persistence;
  /** The latest transactions applied here. */
  readonly history: CommittedLog;
  state: ServerState = SERVER_STATE.LOOKING;
  /** Whom this server last found to lead. */
  currentVote: Vote;
  /** TRUNC found no state to cut back to; the next leader is asked for a snapshot. */
  needsSnapshot = false;

  private readonly election: FastLeaderElection;
  private role: Leader | Learner | null = null;
  private whyLooking = 'started';
  private mustReload = false;
  private isLeaving = false;

  constructor(config: ServerConfig, ports: Ports, rules: Rules, service: Service) {
    this.config = config;
    this.ports = ports;
    this.rules = rules;
    this.service = service;
    this.persistence = new Persistence(this);
    this.history = new CommittedLog(config.commitLogCount, config.counterStart);
    this.currentVote = { ...NO_CANDIDACY, electionEpoch: 0 };
    this.election = new FastLeaderElection(ports, config, rules, this);
  }

  get sid(): Sid {
    return this.config.sid;
  }

  get isVoter(): boolean {
    return hasMember(this.config.voters, this.sid);
  }

  /** The leader of the ensemble if this server leads, else `null`. */
  get leader(): Leader | null {
    return this.role instanceof Leader ? this.role : null;
  }

  /** What its role, or the end of one, waits for now, in words for people. */
  get waitsFor(): string {
    if (this.isLeaving) return 'the disk, to end its role';
    return this.role === null ? 'votes' : this.role.waitsFor;
  }

  /** The last transaction in this server's history; `e:0` while an epoch of its own has none. */
  get lastZxid(): Zxid {
    return this.service.lastProcessedZxid;
  }

  get tickMicros(): number {
    return this.config.tickTimeMs * 1000;
  }

  /** Begins the server's life from what is on its disk. */
  start(): void {
    const recovered = this.load();
    if (recovered === null) return;
    const { rules } = this;
    const { storage } = this.ports;
    const lastEpoch = epochOf(recovered.lastZxid);
    const stored = storage.cell('currentEpoch') ?? lastEpoch;
    const promised = storage.cell('acceptedEpoch') ?? lastEpoch;
    const accepted = rules.recoverAcceptedEpoch(promised, stored);
    const current = rules.recoverCurrentEpoch(stored, lastEpoch, accepted);
    if (current === null || current > accepted) {
      this.refuse('the epoch files do not fit the log');
      return;
    }
    this.persistence.acceptedEpoch = accepted;
    this.persistence.currentEpoch = stored;
    this.currentVote = { ...this.candidacy(), electionEpoch: 0 };
    this.ports.emit(ZAB_EVENTS.recovered, recovered.lastZxid, 0, null);
    new Repairs(this, recovered, current).next();
  }

  accept(port: Port, connection: Connection): ConnectionListener | null {
    if (port === 'election') return this.election.connections.accept(connection);
    return this.leader?.accept(connection) ?? null;
  }

  candidacy(): Candidate {
    if (!this.isVoter) return NO_CANDIDACY;
    const peerEpoch = this.persistence.currentEpoch;
    return { leader: this.sid, zxid: this.lastZxid, peerEpoch };
  }

  /** Starts an election. Observers wait a little first, so that they do not all come at once. */
  lookForLeader(): void {
    this.state = SERVER_STATE.LOOKING;
    if (this.isVoter) this.election.lookForLeader(this.whyLooking);
    else this.ports.setTimer(this.ports.random(OBSERVER_DELAY_MICROS), this, 0);
  }

  timerFired(): void {
    this.election.lookForLeader(this.whyLooking);
  }

  elected(vote: Vote): void {
    this.currentVote = vote;
    if (vote.leader === this.sid) {
      this.state = SERVER_STATE.LEADING;
      this.ports.emit(ZAB_EVENTS.leading, 0, 0, null);
      this.role = new Leader(this);
    } else {
      this.state = this.isVoter ? SERVER_STATE.FOLLOWING : SERVER_STATE.OBSERVING;
      const kind = this.isVoter ? ZAB_EVENTS.following : ZAB_EVENTS.observing;
      this.ports.emit(kind, 0, vote.leader, null);
      this.role = new Learner(this, vote.leader);
    }
    this.role.start();
  }

  /** The role has led to a synchronised ensemble: all its members vote alike from now on. */
  synchronised(epoch: number): void {
    this.currentVote = { ...this.currentVote, peerEpoch: epoch };
    this.persistence.isServing = true;
  }

  /**
   * Ends the role. The server looks for a leader as soon as nothing of the role is being written
   * and its state is level with its log: it votes with what it has on disk (ZOOKEEPER-2845, 4712).
   */
  leaveRole(why: string): void {
    const { role } = this;
    if (role === null || this.isLeaving) return;
    this.isLeaving = true;
    this.whyLooking = why;
    this.ports.emit(ZAB_EVENTS.leaving, 0, 0, why);
    this.mustReload = role.leavesStateUnsure;
    this.service.stop();
    role.shutdown();
    this.persistence.forgetRole();
    this.persistence.whenAtRest(this);
  }

  atRest(): void {
    this.isLeaving = false;
    this.role = null;
    if (this.levelWithLog()) this.lookForLeader();
  }

  /** The role's own transaction, or one it received, is on disk. */
  logged(txn: Txn): void {
    this.role?.logged(txn);
  }

  diskFailed(): void {
    this.ports.exit();
  }

  /** Applies a transaction outside BROADCAST, and remembers it for learners. */
  apply(txn: Txn): void {
    this.service.apply(txn);
    this.ports.emit(ZAB_EVENTS.replayed, txn.zxid, 0, txn);
    this.remember(txn);
  }

  /** Replaces the state, and with it what is remembered of the way there. */
  restore(snapshot: Snapshot | null): void {
    this.service.restore(snapshot);
    this.ports.emit(ZAB_EVENTS.restored, snapshot?.zxid ?? 0, 0, snapshot);
    this.history.clear();
  }

  /** Copies the state under the label `zxid`. */
  capture(zxid: Zxid): Snapshot {
    const snapshot = this.service.capture(zxid);
    this.ports.emit(ZAB_EVENTS.captured, zxid, 0, snapshot);
    return snapshot;
  }

  /** A committed transaction has been applied in BROADCAST. */
  delivered(txn: Txn): void {
    this.ports.emit(ZAB_EVENTS.delivered, txn.zxid, 0, txn);
    this.remember(txn);
  }

  private remember(txn: Txn): void {
    if (!this.history.add(txn)) this.ports.emit(ZAB_EVENTS.historyGap, txn.zxid, 0, txn);
  }

  /** Restores the state from the disk. @returns `null` if that cannot be done; the process ends */
  load(): Recovered | null {
    const { storage } = this.ports;
    const recovered = readDisk(storage, this.config.counterStart);
    if (typeof recovered === 'string') {
      this.refuse(recovered);
      return null;
    }
    this.restore(recovered.snapshot);
    for (let index = recovered.firstRecord; index < recovered.recordCount; index++) {
      this.apply(storage.records[index] as Txn);
    }
    this.persistence.log.lastZxid = recovered.lastZxid;
    return recovered;
  }

  /** @returns whether the server can go on */
  private levelWithLog(): boolean {
    const { log } = this.persistence;
    // `e:0` of a leader that committed nothing stands for the history before it.
    const isAheadOfLog = counterOf(this.lastZxid) !== 0 && this.lastZxid > log.lastZxid;
    if (this.mustReload || isAheadOfLog) return this.load() !== null;
    const { storage } = this.ports;
    const { records } = storage;
    let first = records.length;
    while (first > 0 && (records[first - 1] as Txn).zxid > this.lastZxid) first--;
    for (let index = first; index < records.length; index++) {
      if (storage.flawAt(index) !== null) {
        this.refuse(FAILED_CHECKSUM);
        return false;
      }
      this.apply(records[index] as Txn);
    }
    return true;
  }

  /** What the disk holds is not to be trusted: the process ends, and so would the next. */
  private refuse(why: string): void {
    this.ports.emit(ZAB_EVENTS.refusedToStart, 0, 0, why);
    this.ports.exit();
  }
}

/** What must be on disk before a server that has just started may take part. */
class Repairs {
  private readonly peer: QuorumPeer;
  private readonly recovered: Recovered;
  private readonly currentEpoch: number;
  private isSnapshotSafe: boolean;
  private isTailCut = false;
  private isLogRenewed = false;

  constructor(peer: QuorumPeer, recovered: Recovered, currentEpoch: number) {
    this.peer = peer;
    this.recovered = recovered;
    this.currentEpoch = currentEpoch;
    // A process that ended on its first start may have left a snapshot that is not synced; what is
    // logged from now on would be worth nothing without it.
    this.isSnapshotSafe = peer.ports.storage.records.length > 0;
  }

  /** Does the next repair, or lets the server begin. */
  next(): void {
    const { persistence, ports } = this.peer;
    if (isFirstStart(ports.storage)) {
      this.isSnapshotSafe = true;
      persistence.saveFirstSnapshot(this);
    } else if (!this.isSnapshotSafe) {
      this.isSnapshotSafe = true;
      persistence.syncSnapshot(this);
    } else if (this.recovered.isTorn && !this.isTailCut) {
      this.isTailCut = true;
      persistence.cutTornTail(this.recovered.recordCount, this);
    } else if (this.recovered.isLogBehind && !this.isLogRenewed) {
      this.isLogRenewed = true;
      persistence.install(this.peer.capture(this.recovered.lastZxid), this);
    } else if (this.currentEpoch !== persistence.currentEpoch) {
      persistence.writeCurrentEpoch(this.currentEpoch, this);
    } else {
      this.peer.lookForLeader();
    }
  }

  written(): void {
    this.next();
  }
}
