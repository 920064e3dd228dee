import { KEEPER_EVENTS } from '../keeper/events.ts';
import type { TouchTable } from '../keeper/learner-pipeline.ts';
import type { SessionId } from '../keeper/session-id.ts';
import { WORLD_EVENTS } from '../world/events.ts';
import type { Observer, PacketObserver } from '../world/timeline.ts';
import { ZAB_EVENTS } from '../zab/events.ts';
import { PACKET, type QuorumPacket } from '../zab/messages.ts';
import type { Sid } from '../zab/ports.ts';
import type { Snapshot, Txn } from '../zab/txn.ts';
import { asZxid, type Epoch, type Zxid } from '../zab/zxid.ts';
import { Ghost } from './ghost/ghost.ts';
import type { ServerGhost } from './ghost/server-ghost.ts';
import type { Views } from './ghost/views.ts';
import type { HistoryNode } from './history-tree.ts';
import { INVARIANTS } from './invariants/catalogue.ts';
import { Panel } from './invariants/panel.ts';
import { Tally } from './tally.ts';
import type { Violation } from './violation.ts';

/**
 * Watches a run with the eye of a god: it tells a {@link Ghost} what happens, and has the
 * invariants judge every step; it stops at the first that is broken.
 *
 * It knows the servers by their events and a read-only view alone, and runs none of their code.
 */
export class ProtocolChecker implements Observer, PacketObserver {
  readonly ghost: Ghost;
  private readonly panel: Panel;

  /**
   * @param counterStart the counter that the first transaction of each epoch comes after
   * @param tally says what is judged; default: everything
   */
  constructor(views: Views, counterStart: number, tally: Tally = new Tally()) {
    this.ghost = new Ghost(views, counterStart);
    const judged = INVARIANTS.filter(({ id }) => tally.judges(id));
    this.panel = new Panel(judged, this.ghost);
  }

  get violation(): Violation | null {
    return this.panel.violation;
  }

  /** Adds how often each invariant was put to the test. */
  countIn(tally: Tally): void {
    this.panel.countIn(tally);
  }

  /** The event's `subject` has the type that its kind says; see `ZAB_EVENTS`. */
  observe(sid: Sid, kind: number, value: number, peer: Sid, subject: unknown): void {
    if (this.panel.violation !== null) return;
    switch (kind) {
      case ZAB_EVENTS.delivered:
        this.delivered(this.ghost.server(sid), subject as Txn);
        break;
      case ZAB_EVENTS.acked:
        this.acked(this.ghost.server(sid), subject as Txn);
        break;
      case ZAB_EVENTS.committed:
        this.decided(this.ghost.server(sid), subject as Txn);
        break;
      case ZAB_EVENTS.proposed:
        this.panel.judge('proposed', this.ghost.server(sid), subject as Txn);
        this.ghost.proposed(subject as Txn);
        break;
      case ZAB_EVENTS.appended:
        this.appended(this.ghost.server(sid), subject as Txn);
        break;
      case ZAB_EVENTS.logSynced:
        this.logSynced(this.ghost.server(sid), asZxid(value));
        break;
      default:
        this.observeRare(this.ghost.server(sid), kind, value, peer, subject);
    }
  }

  sent(from: number, to: number, port: string): void {
    const { panel, ghost } = this;
    if (port !== 'client' || panel.violation !== null || !ghost.views.isServer(from)) return;
    panel.judge('answers', ghost.server(from), to);
  }

  /** A learner's answer to PING tells its leader which sessions it has heard from. */
  received(_from: number, to: number, port: string, message: unknown): void {
    if (port !== 'quorum') return;
    const { type, data } = message as QuorumPacket;
    if (type !== PACKET.PING || data === null) return;
    this.ghost.sessionsHeardOf(this.ghost.server(to), data as TouchTable);
  }

  /** Every committed transaction, in order. */
  committedTxns(): Txn[] {
    return this.ghost.committedTxns();
  }

  /** Whether a sync was answered by a leader that nobody had succeeded by then. */
  isFresh(session: SessionId, xid: number): boolean {
    return this.ghost.isFresh(session, xid);
  }

  private observeRare(
    server: ServerGhost,
    kind: number,
    value: number,
    peer: Sid,
    subject: unknown,
  ): void {
    const { ghost } = this;
    switch (kind) {
      case WORLD_EVENTS.processStarted:
        server.started(value);
        break;
      case WORLD_EVENTS.processEnded:
      case ZAB_EVENTS.leaving:
        server.left();
        break;
      case ZAB_EVENTS.restored:
        ghost.stateReplaced(server, subject as Snapshot | null);
        break;
      case ZAB_EVENTS.replayed:
        ghost.applied(server, subject as Txn);
        break;
      case ZAB_EVENTS.captured:
        ghost.captured(server, asZxid(value), subject as Snapshot);
        break;
      case ZAB_EVENTS.recovered:
        this.panel.judge('recovered', server, asZxid(value));
        ghost.recovered(server);
        this.panel.judge('durableChanged', server);
        break;
      case ZAB_EVENTS.diffReceived:
        server.isBetweenEpochs = true;
        break;
      case ZAB_EVENTS.truncReceived:
      case ZAB_EVENTS.snapReceived:
        server.isBetweenEpochs = true;
        ghost.cutPromised(server, asZxid(value));
        break;
      case ZAB_EVENTS.logCut:
      case ZAB_EVENTS.snapshotInstalled:
        this.logReplaced(server, kind, asZxid(value));
        break;
      case ZAB_EVENTS.truncChosen:
      case ZAB_EVENTS.truncDiffChosen:
      case ZAB_EVENTS.snapChosen:
        ghost.server(peer).committedAtChoice = ghost.committed;
        break;
      case ZAB_EVENTS.diffChosen:
      case ZAB_EVENTS.diffFromDiskChosen:
        ghost.server(peer).committedAtChoice = null;
        break;
      case ZAB_EVENTS.ackEpochQuorum:
        server.claims(value);
        this.panel.judge('epochAgreed', server, value);
        break;
      case ZAB_EVENTS.newLeaderAcked:
        this.newLeaderAcked(server, value, ghost.server(peer));
        break;
      case ZAB_EVENTS.established:
        this.establishedBy(server, value);
        break;
      case ZAB_EVENTS.upToDate:
        server.servedEpoch = value;
        this.panel.judge('upToDate', server, value, ghost.server(peer));
        this.panel.judge('serves', server);
        break;
      default:
        this.observeSingle(server, kind, value, peer, subject);
    }
  }

  /** Events that are a fact, or a violation, by themselves. */
  private observeSingle(
    server: ServerGhost,
    kind: number,
    value: number,
    peer: Sid,
    subject: unknown,
  ): void {
    const { ghost, panel } = this;
    switch (kind) {
      case KEEPER_EVENTS.syncAsked:
        ghost.syncAsked(server, value, subject as number);
        break;
      case KEEPER_EVENTS.sessionExpired:
        panel.judge('sessionExpired', server, value);
        break;
      case KEEPER_EVENTS.clientAheadRefused:
        panel.judge('turnedAway', server, asZxid(value));
        break;
      case ZAB_EVENTS.acceptedEpochWritten:
        panel.judge('acceptedEpochWritten', server, value);
        server.acceptedEpoch = value;
        break;
      case ZAB_EVENTS.currentEpochWritten:
        panel.judge('currentEpochWritten', server, value);
        server.currentEpoch = value;
        panel.judge('durableChanged', server);
        break;
      case ZAB_EVENTS.voteChanged:
        if (peer === server.sid) panel.judge('candidacy', server);
        break;
      case ZAB_EVENTS.commitUnmatched:
      case ZAB_EVENTS.historyGap:
      case ZAB_EVENTS.badAck:
        panel.judge('flagged', server, kind, asZxid(value));
        break;
    }
  }

  private delivered(server: ServerGhost, txn: Txn): void {
    this.panel.judge('delivered', server, this.ghost.applied(server, txn));
  }

  private appended(server: ServerGhost, txn: Txn): void {
    this.panel.judge('appended', server, server.log.append(txn));
  }

  private logSynced(server: ServerGhost, zxid: Zxid): void {
    this.ghost.logSynced(server, zxid);
    this.panel.judge('durableChanged', server);
  }

  private acked(server: ServerGhost, txn: Txn): void {
    server.acknowledged = txn.zxid;
    this.panel.judge('acked', server, txn);
  }

  private newLeaderAcked(learner: ServerGhost, epoch: Epoch, leader: ServerGhost): void {
    learner.acknowledged = learner.history.zxid;
    learner.synchronisedEpoch = epoch;
    learner.isBetweenEpochs = false;
    this.panel.judge('newLeaderAcked', learner, epoch, leader);
  }

  private logReplaced(server: ServerGhost, kind: number, zxid: Zxid): void {
    const before = server.log.tip;
    this.ghost.logReplaced(server, zxid, kind === ZAB_EVENTS.logCut);
    this.panel.judge('logReplaced', server, before);
    this.panel.judge('durableChanged', server);
  }

  private decided(leader: ServerGhost, txn: Txn): void {
    const { ghost, panel } = this;
    const node = leader.ledTo?.followedBy(txn) ?? null;
    leader.ledTo = node;
    panel.judge('decided', leader, txn);
    if (node === null || node.parent !== ghost.committed || ghost.isSucceeded(leader)) return;
    this.extend(node);
    panel.judge('extended');
  }

  /** One more transaction is committed. */
  private extend(node: HistoryNode): void {
    this.panel.judge('extending', node);
    this.ghost.extend(node);
  }

  /** A leader has a quorum behind its history: from now on that is the committed one. */
  private establishedBy(leader: ServerGhost, epoch: Epoch): void {
    this.panel.judge('established', leader, epoch);
    for (const node of this.ghost.tookOffice(leader, epoch)) this.extend(node);
    this.panel.judge('extended');
    this.panel.judge('serves', leader);
  }
}
