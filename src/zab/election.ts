import { type BitSet, EMPTY, hasMember, members, withMember } from '../kernel/bit-set.ts';
import { Fifo } from '../kernel/fifo.ts';
import type { ServerConfig } from './config.ts';
import { ConnectionManager } from './connection-manager.ts';
import { ZAB_EVENTS } from './events.ts';
import { type Notification, SERVER_STATE, type ServerState } from './messages.ts';
import type { Ports, Sid, TimerListener } from './ports.ts';
import type { Rules } from './rules.ts';
import { type Candidate, isLooking, isSameVote, type ReceivedVote, type Vote } from './vote.ts';
import { ZXID_ZERO } from './zxid.ts';

const POLL = 0;
const FINALIZE = 1;

/** What the election has to know of its server, and what it tells it. */
export interface Elector {
  readonly state: ServerState;
  readonly currentVote: Vote;
  /** The server's own claim to lead. */
  candidacy(): Candidate;
  /** @param joined whether that leader was leading already */
  elected(vote: Vote, joined: boolean): void;
}

/**
 * Fast Leader Election: every server that looks for a leader tells all voters whom it prefers, and
 * adopts what is better than its own choice, until a quorum agrees and stays quiet. It lives as
 * long as its process and answers others in every state. `FastLeaderElection`.
 */
export class FastLeaderElection implements TimerListener {
  readonly connections: ConnectionManager;

  private readonly ports: Ports;
  private readonly config: ServerConfig;
  private readonly rules: Rules;
  private readonly elector: Elector;
  /** The election instance this server takes part in; ZooKeeper's logical clock. */
  private round = 0;
  private proposal: Candidate = { leader: 0, zxid: ZXID_ZERO, peerEpoch: 0 };
  /** The votes of this round. */
  private readonly received = new Map<Sid, ReceivedVote>();
  /** The votes of servers that have a leader, whatever the round they found it in. */
  private readonly outOfElection = new Map<Sid, ReceivedVote>();
  private readonly inbox = new Fifo<Notification>();
  /** Whether this server is looking for a leader, and has begun to. */
  private isRunning = false;
  private isReading = false;
  private isFinalizing = false;
  private pollMicros = 0;
  private lastHeardAt = 0;
  private timer = -1;

  constructor(ports: Ports, config: ServerConfig, rules: Rules, elector: Elector) {
    this.ports = ports;
    this.config = config;
    this.rules = rules;
    this.elector = elector;
    this.connections = new ConnectionManager(ports, config, this);
  }

  /** Begins a round. The server is LOOKING. @param why its last role ended */
  lookForLeader(why: string): void {
    this.isRunning = true;
    this.received.clear();
    this.outOfElection.clear();
    this.pollMicros = this.config.electionPollMinMs * 1000;
    this.lastHeardAt = this.ports.now();
    this.round++;
    this.ports.emit(ZAB_EVENTS.looking, this.round, 0, why);
    this.propose(this.elector.candidacy());
    this.startTimer(POLL, this.pollMicros);
    this.read();
  }

  /** A notification has arrived; in whatever state this server is. `WorkerReceiver`. */
  notified(notification: Notification): void {
    const { sid } = notification;
    const { state, currentVote } = this.elector;
    if (!hasMember(this.config.voters, sid)) {
      this.send(sid, state, { ...currentVote, electionEpoch: this.round });
    } else if (state === SERVER_STATE.LOOKING) {
      this.inbox.push(notification);
      if (notification.state === SERVER_STATE.LOOKING && notification.electionEpoch < this.round) {
        this.send(sid, state, { ...this.proposal, electionEpoch: this.round });
      }
      this.read();
    } else if (notification.state === SERVER_STATE.LOOKING) {
      this.send(sid, state, currentVote);
    }
  }

  timerFired(timer: number): void {
    const waitMicros = timer === POLL ? this.pollMicros : this.config.finalizeWaitMs * 1000;
    const quietMicros = this.ports.now() - this.lastHeardAt;
    if (quietMicros < waitMicros) this.startTimer(timer, waitMicros - quietMicros);
    else if (timer === FINALIZE) this.decide();
    else this.poll();
  }

  /** Nothing was heard for a while: votes may have been lost. */
  private poll(): void {
    this.lastHeardAt = this.ports.now();
    this.ports.emit(ZAB_EVENTS.votesSentAgain, this.round, 0, null);
    if (this.connections.hasEmptyQueue) this.sendToAll();
    else this.connections.connectAll();
    this.pollMicros = Math.min(this.pollMicros * 2, this.config.electionPollMaxMs * 1000);
    this.startTimer(POLL, this.pollMicros);
    this.read();
  }

  /** Takes in what has arrived, one by one, as long as this server looks for a leader. */
  private read(): void {
    if (this.isReading) return;
    this.isReading = true;
    while (this.isRunning) {
      const notification = this.inbox.shift();
      if (notification === undefined) break;
      this.lastHeardAt = this.ports.now();
      if (!this.isDroppedByFinalizing(notification)) this.handle(notification);
    }
    this.isReading = false;
  }

  /** While a quorum stands, only a better vote counts; the rest is dropped and prolongs the wait. */
  private isDroppedByFinalizing(notification: Notification): boolean {
    if (!this.isFinalizing) return false;
    if (!this.rules.isBetter(notification, this.proposal)) return true;
    this.isFinalizing = false;
    this.startTimer(POLL, this.pollMicros);
    return false;
  }

  private handle(notification: Notification): void {
    if (!hasMember(this.config.voters, notification.leader)) return;
    switch (notification.state) {
      case SERVER_STATE.LOOKING:
        this.handleLooking(notification);
        break;
      case SERVER_STATE.FOLLOWING:
      case SERVER_STATE.LEADING:
        this.handleMember(notification);
        break;
      case SERVER_STATE.OBSERVING:
        break;
    }
  }

  /** The vote of somebody who looks for a leader too. FLE `HandleNotmsg`. */
  private handleLooking(notification: Notification): void {
    if (notification.electionEpoch < this.round) return;
    if (notification.electionEpoch > this.round) {
      // We slept through an election, so the votes that we have count for nothing. Our own claim
      // enters again: what we adopted belongs to the old round.
      this.round = notification.electionEpoch;
      this.received.clear();
      const own = this.elector.candidacy();
      this.propose(this.rules.isBetter(notification, own) ? notification : own);
    } else if (this.rules.isBetter(notification, this.proposal)) {
      this.propose(notification);
    }
    this.received.set(notification.sid, notification);
    const proposed: Vote = { ...this.proposal, electionEpoch: this.round };
    if (!this.hasQuorum(this.received, (vote) => isSameVote(vote, proposed))) return;
    this.isFinalizing = true;
    this.startTimer(FINALIZE, this.config.finalizeWaitMs * 1000);
  }

  /** The vote of somebody who has a leader. `FastLeaderElection.receivedFollowingNotification`. */
  private handleMember(notification: Notification): void {
    const { sid, leader, electionEpoch } = notification;
    if (electionEpoch === this.round) {
      this.received.set(sid, notification);
      // Within a round the leader's id says it all, but for those who are still looking.
      const agrees = (vote: ReceivedVote): boolean =>
        isLooking(vote) ? isSameVote(vote, notification) : vote.leader === leader;
      if (this.hasQuorum(this.received, agrees) && this.leads(this.received, notification)) {
        this.join(notification);
        return;
      }
    }
    this.outOfElection.set(sid, notification);
    const agrees = (vote: ReceivedVote): boolean => this.rules.isSameLeader(vote, notification);
    if (!this.hasQuorum(this.outOfElection, agrees)) return;
    if (!this.leads(this.outOfElection, notification)) return;
    this.round = electionEpoch;
    this.join(notification);
  }

  /**
   * Whether the leader that others name says so itself; they may not have noticed that it is gone.
   * We lead by their word only in the round that elected us (ZOOKEEPER-1514).
   */
  private leads(votes: ReadonlyMap<Sid, ReceivedVote>, notification: Notification): boolean {
    const { leader, electionEpoch } = notification;
    if (leader === this.config.sid) return electionEpoch === this.round;
    return votes.get(leader)?.state === SERVER_STATE.LEADING;
  }

  private decide(): void {
    this.end({ ...this.proposal, electionEpoch: this.round }, false);
  }

  private join({ leader, zxid, electionEpoch, peerEpoch }: Notification): void {
    this.end({ leader, zxid, electionEpoch, peerEpoch }, true);
  }

  private end(vote: Vote, joined: boolean): void {
    this.ports.cancelTimer(this.timer);
    this.isRunning = false;
    this.isFinalizing = false;
    this.inbox.clear();
    const kind = joined ? ZAB_EVENTS.joined : ZAB_EVENTS.elected;
    this.ports.emit(kind, this.round, vote.leader, null);
    this.elector.elected(vote, joined);
  }

  private hasQuorum(
    votes: ReadonlyMap<Sid, ReceivedVote>,
    agrees: (vote: ReceivedVote) => boolean,
  ): boolean {
    let acks: BitSet = EMPTY;
    for (const [sid, vote] of votes) if (agrees(vote)) acks = withMember(acks, sid);
    return this.rules.isQuorum(acks, this.config.voters);
  }

  private propose({ leader, zxid, peerEpoch }: Candidate): void {
    this.proposal = { leader, zxid, peerEpoch };
    this.ports.emit(ZAB_EVENTS.voteChanged, zxid, leader, null);
    this.sendToAll();
  }

  private sendToAll(): void {
    const vote: Vote = { ...this.proposal, electionEpoch: this.round };
    for (const sid of members(this.config.voters)) this.send(sid, SERVER_STATE.LOOKING, vote);
  }

  private send(to: Sid, state: ServerState, vote: Vote): void {
    const { sid } = this.config;
    const { leader, zxid, peerEpoch, electionEpoch } = vote;
    const notification = { sid, state, leader, zxid, electionEpoch, peerEpoch };
    if (to === sid) this.inbox.push(notification);
    else this.connections.send(to, notification);
  }

  private startTimer(timer: number, micros: number): void {
    this.ports.cancelTimer(this.timer);
    this.timer = this.ports.setTimer(micros, this, timer);
  }
}
