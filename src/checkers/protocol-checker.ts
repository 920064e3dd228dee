import { KEEPER_EVENTS } from '../keeper/events.ts';
import type { SessionId } from '../keeper/session-id.ts';
import { assert } from '../kernel/assert.ts';
import { WORLD_EVENTS } from '../world/events.ts';
import { ZAB_EVENTS } from '../zab/events.ts';
import type { Snapshot, Txn } from '../zab/txn.ts';
import {
  asZxid,
  counterOf,
  type Epoch,
  epochOf,
  follows,
  formatZxid,
  ZXID_ZERO,
  type Zxid,
} from '../zab/zxid.ts';
import { HistoryNode } from './history-tree.ts';
import type { Property, Violation } from './violation.ts';

/** What a checker may see of a server. */
export interface ServerView {
  /** Of the tree as it is now. */
  readonly digest: number;
  readonly acceptedEpoch: Epoch;
  readonly currentEpoch: Epoch;
  /** Whether it serves clients, and as what. */
  readonly role: 'leader' | 'learner' | 'none';
}

/** Lets a checker look at the run. */
export interface Views {
  /** Simulated time in microseconds, and how many events have happened. */
  readonly now: number;
  readonly eventCount: number;
  server(sid: number): ServerView;
}

/** What is known of a server from what it did. */
class ServerGhost {
  readonly sid: number;
  incarnation = 0;
  /** What its state is made of, committed or not. */
  history: HistoryNode;
  /** The epoch that it leads, or led last, and up to where it has committed in it. */
  ledEpoch: Epoch = 0;
  ledTo: HistoryNode | null = null;
  /** The highest epochs known to have been on its disk. */
  acceptedEpoch: Epoch = 0;
  currentEpoch: Epoch = 0;
  /** The last zxid that it has told a leader to have on its disk. */
  acknowledged: Zxid = ZXID_ZERO;

  constructor(sid: number, history: HistoryNode) {
    this.sid = sid;
    this.history = history;
  }
}

/**
 * Watches a run with the eye of a god. From what happens it keeps the one sequence of committed
 * transactions, and holds every server against it at every step; it stops at the first event that
 * breaks a property of ZAB (Junqueira et al., DSN 2011, section III; `Zab.tla`).
 *
 * It knows the servers by their events and a read-only view alone, and runs none of their code.
 */
export class ProtocolChecker {
  violation: Violation | null = null;
  /** All that was ever committed, in order. */
  committed: HistoryNode;
  /** How many leaders took office with proposals that nobody knew to be committed. */
  adoptionCount = 0;
  /** How many such proposals there were. */
  adoptedTxnCount = 0;
  proposedCount = 0;

  private readonly views: Views;
  private readonly counterStart: number;
  private readonly root = new HistoryNode(null, null);
  private readonly servers: ServerGhost[] = [];
  private readonly snapshots = new Map<Snapshot, HistoryNode>();
  /** What was proposed in each epoch, by counter. */
  private readonly proposed = new Map<Epoch, Txn[]>();
  private readonly established = new Map<Epoch, string>();
  /** What every server of an epoch has to have before it serves. */
  private readonly initialHistories = new Map<Epoch, HistoryNode>();
  private lastEpoch: Epoch = 0;
  /** Syncs that reached a leader which had been succeeded: they promise nothing. */
  private readonly staleSyncs = new Set<string>();

  /** @param counterStart the counter that the first transaction of each epoch comes after */
  constructor(views: Views, counterStart: number) {
    this.views = views;
    this.counterStart = counterStart;
    this.committed = this.root;
    this.root.isCommitted = true;
  }

  /** The event's `subject` has the type that its kind says; see `ZAB_EVENTS`. */
  observe(sid: number, kind: number, value: number, _peer: number, subject: unknown): void {
    if (this.violation !== null) return;
    switch (kind) {
      case ZAB_EVENTS.delivered:
        this.delivered(this.server(sid), subject as Txn);
        break;
      case ZAB_EVENTS.acked:
        this.server(sid).acknowledged = asZxid(value);
        break;
      case ZAB_EVENTS.committed:
        this.commitDecided(this.server(sid), subject as Txn);
        break;
      case ZAB_EVENTS.proposed:
        this.proposedBy(sid, subject as Txn);
        break;
      case ZAB_EVENTS.appended:
      case ZAB_EVENTS.logSynced:
        break;
      default:
        this.observeRare(this.server(sid), kind, value, subject);
    }
  }

  /** Every committed transaction, in order. */
  committedTxns(): Txn[] {
    return suffix(this.committed, this.root);
  }

  /** Whether a sync was answered by a leader that nobody had succeeded by then. */
  isFresh(session: SessionId, xid: number): boolean {
    return !this.staleSyncs.has(`${session}/${xid}`);
  }

  private observeRare(server: ServerGhost, kind: number, value: number, subject: unknown): void {
    switch (kind) {
      case WORLD_EVENTS.processStarted:
        server.incarnation = value;
        break;
      case WORLD_EVENTS.processEnded:
      case ZAB_EVENTS.leaving:
        server.ledTo = null;
        break;
      case ZAB_EVENTS.restored:
        server.history = this.historyOf(subject as Snapshot | null);
        break;
      case ZAB_EVENTS.replayed:
        server.history = server.history.followedBy(subject as Txn);
        break;
      case ZAB_EVENTS.captured:
        this.snapshots.set(subject as Snapshot, server.history.upTo(asZxid(value)));
        break;
      case ZAB_EVENTS.recovered:
        this.recovered(server, asZxid(value));
        break;
      case ZAB_EVENTS.truncReceived:
      case ZAB_EVENTS.snapReceived:
        this.cutPromised(server, asZxid(value));
        break;
      case ZAB_EVENTS.newLeaderAcked:
        server.acknowledged = server.history.zxid;
        break;
      case ZAB_EVENTS.established:
        this.establishedBy(server, value);
        break;
      case ZAB_EVENTS.upToDate:
        this.beginsToServe(server, value);
        break;
      default:
        this.observeSingle(server, kind, value, subject);
    }
  }

  /** Events that are a fact, or a violation, by themselves. */
  private observeSingle(server: ServerGhost, kind: number, value: number, subject: unknown): void {
    const { sid } = server;
    switch (kind) {
      case KEEPER_EVENTS.syncAsked:
        if (server.ledEpoch < this.lastEpoch) this.staleSyncs.add(`${value}/${subject}`);
        break;
      case KEEPER_EVENTS.clientAheadRefused:
        this.turnedAway(server, asZxid(value));
        break;
      case ZAB_EVENTS.acceptedEpochWritten:
        if (value < server.acceptedEpoch) this.epochFell(sid, 'acceptedEpoch', value);
        server.acceptedEpoch = value;
        break;
      case ZAB_EVENTS.currentEpochWritten:
        if (value < server.currentEpoch) this.epochFell(sid, 'currentEpoch', value);
        server.currentEpoch = value;
        this.compareEpochs(server);
        break;
      case ZAB_EVENTS.commitUnmatched:
        this.fail(
          'channel-order',
          `server ${sid} got a COMMIT of ${hex(value)}, which is not its oldest proposal`,
        );
        break;
      case ZAB_EVENTS.historyGap:
        this.fail('channel-order', `server ${sid} got ${hex(value)}, which leaves a gap`);
        break;
      case ZAB_EVENTS.badAck:
        this.fail('channel-order', `leader ${sid} got an ACK of ${hex(value)} for its NEWLEADER`);
        break;
    }
  }

  private proposedBy(sid: number, txn: Txn): void {
    const epoch = epochOf(txn.zxid);
    const index = counterOf(txn.zxid) - this.counterStart - 1;
    let txns = this.proposed.get(epoch);
    if (txns === undefined) {
      txns = [];
      this.proposed.set(epoch, txns);
    }
    if (txns[index] !== undefined) {
      this.fail(
        'integrity',
        `server ${sid} proposed ${hex(txn.zxid)}, which names another already`,
      );
    } else if (index !== txns.length) {
      this.fail('primary-order', `server ${sid} proposed ${hex(txn.zxid)} and left a gap`);
    }
    txns[index] = txn;
    this.proposedCount++;
  }

  /**
   * A leader that has been succeeded and does not know it may still count acknowledgements, and
   * decide what its successor has decided before: no more than that.
   */
  private commitDecided(leader: ServerGhost, txn: Txn): void {
    const before = leader.ledTo;
    const isSucceeded = leader.ledEpoch < this.lastEpoch;
    if (before === this.committed && !isSucceeded) {
      this.extend(txn);
      leader.ledTo = this.committed;
      return;
    }
    const node = before?.followedBy(txn) ?? null;
    leader.ledTo = node;
    if (node?.isCommitted === true) return;
    const what = `server ${leader.sid} committed ${hex(txn.zxid)}`;
    if (before === null) this.fail('total-order', `${what}, but leads no epoch`);
    const why = isSucceeded
      ? `epoch ${this.lastEpoch} has begun without it`
      : `${hex(this.committed.zxid)} is committed already`;
    this.fail('total-order', `${what} behind ${hex(before?.zxid ?? 0)}, but ${why}`);
  }

  /** One more transaction is committed. */
  private extend(txn: Txn): void {
    const { zxid } = txn;
    const last = this.committed.zxid;
    if (this.proposed.get(epochOf(zxid))?.[counterOf(zxid) - this.counterStart - 1] !== txn) {
      this.fail('integrity', `${hex(zxid)} was committed, but nobody proposed it like that`);
    } else if (!follows(last, zxid, this.counterStart)) {
      this.fail('primary-order', `${hex(zxid)} was committed behind ${hex(last)}`);
    }
    this.committed = this.committed.followedBy(txn);
    this.committed.isCommitted = true;
  }

  private delivered(server: ServerGhost, txn: Txn): void {
    const node = server.history.followedBy(txn);
    server.history = node;
    if (!node.isCommitted) {
      const length = this.committed.length;
      const why =
        node.length > length
          ? 'nobody has committed it'
          : `${hex(this.committedAt(node.length).zxid)} belongs there`;
      this.fail('agreement', `server ${server.sid} delivered ${hex(txn.zxid)}, but ${why}`);
      return;
    }
    this.compareDigest(server, node);
  }

  /**
   * A leader has a quorum behind its history: from now on that is the committed one. It may learn
   * of it so late that another has been established since; then that one's history holds its own.
   */
  private establishedBy(server: ServerGhost, epoch: Epoch): void {
    const { sid, incarnation, history } = server;
    const who = `server ${sid} (start ${incarnation})`;
    const before = this.established.get(epoch);
    if (before !== undefined) {
      this.fail('leadership', `${who} leads epoch ${epoch}, and so did ${before}`);
      return;
    }
    this.established.set(epoch, who);
    const isSucceeded = epoch < this.lastEpoch;
    if (isSucceeded ? !history.isCommitted : !this.committed.isPrefixOf(history)) {
      this.fail('committed-never-lost', this.describeLoss(who, epoch, history));
      return;
    }
    if (!isSucceeded) {
      this.lastEpoch = epoch;
      const adopted = suffix(history, this.committed);
      if (adopted.length > 0) this.adoptionCount++;
      this.adoptedTxnCount += adopted.length;
      for (const txn of adopted) this.extend(txn);
    }
    this.initialHistories.set(epoch, history);
    server.acknowledged = history.zxid;
    server.ledEpoch = epoch;
    server.ledTo = history;
    this.compareDigest(server, history);
  }

  private describeLoss(who: string, epoch: Epoch, history: HistoryNode): string {
    let node = history;
    while (!node.isCommitted) node = node.parent ?? this.root;
    const lost = this.committedAt(node.length + 1);
    return (
      `${who} leads epoch ${epoch} with a history up to ${hex(history.zxid)} ` +
      `that lacks ${hex(lost.zxid)}, which was committed`
    );
  }

  private beginsToServe(server: ServerGhost, epoch: Epoch): void {
    const { sid, history } = server;
    const initial = this.initialHistories.get(epoch);
    if (initial?.isPrefixOf(history) !== true) {
      this.fail(
        'serve-complete',
        `server ${sid} serves in epoch ${epoch} up to ${hex(history.zxid)}, ` +
          `the epoch begins at ${hex(initial?.zxid ?? 0)}`,
      );
      return;
    }
    if (!history.isCommitted) {
      this.fail(
        'agreement',
        `server ${sid} serves with ${hex(history.zxid)}, which is not committed`,
      );
      return;
    }
    if (epochOf(history.zxid) > server.currentEpoch) {
      this.fail(
        'epochs-rise',
        `server ${sid} serves in epoch ${server.currentEpoch} with later txns`,
      );
    }
    this.compareDigest(server, history);
  }

  /** A client has seen `seen`. Of what begins an epoch it has seen nothing that was written. */
  private turnedAway({ sid, history }: ServerGhost, seen: Zxid): void {
    if (!this.committed.upTo(seen).isPrefixOf(history)) return;
    this.fail(
      'turned-away',
      `server ${sid} has turned away a client that was told ${hex(seen)}, and has all that it saw`,
    );
  }

  private recovered(server: ServerGhost, lastZxid: Zxid): void {
    const { sid, acknowledged } = server;
    const { acceptedEpoch, currentEpoch } = this.views.server(sid);
    if (lastZxid < acknowledged) {
      this.fail(
        'acknowledged-is-durable',
        `server ${sid} had acknowledged ${hex(acknowledged)} and came back with ${hex(lastZxid)}`,
      );
    }
    if (acceptedEpoch < server.acceptedEpoch) this.epochFell(sid, 'acceptedEpoch', acceptedEpoch);
    if (currentEpoch < server.currentEpoch) this.epochFell(sid, 'currentEpoch', currentEpoch);
    server.acceptedEpoch = acceptedEpoch;
    server.currentEpoch = currentEpoch;
    this.compareEpochs(server);
  }

  /** What is above the cut need not be there any more. `e:0` stands for the history before it. */
  private cutPromised(server: ServerGhost, cut: Zxid): void {
    const { zxid } = server.history.upTo(cut);
    if (server.acknowledged > zxid) server.acknowledged = zxid;
  }

  private compareEpochs({ sid, acceptedEpoch, currentEpoch }: ServerGhost): void {
    if (currentEpoch <= acceptedEpoch) return;
    this.fail(
      'epochs-rise',
      `server ${sid} has currentEpoch ${currentEpoch}, and acceptedEpoch ${acceptedEpoch}`,
    );
  }

  private epochFell(sid: number, file: string, epoch: Epoch): void {
    this.fail('epochs-rise', `server ${sid} has ${file} ${epoch}, and has had a later one`);
  }

  private compareDigest(server: ServerGhost, node: HistoryNode): void {
    const { digest } = this.views.server(server.sid);
    if (node.digest === null) node.digest = digest;
    else if (node.digest !== digest) {
      this.fail(
        'equal-digests',
        `at ${hex(node.zxid)} server ${server.sid} has tree digest ${digest}, ` +
          `another had ${node.digest}`,
      );
    }
  }

  private historyOf(snapshot: Snapshot | null): HistoryNode {
    if (snapshot === null) return this.root;
    const history = this.snapshots.get(snapshot);
    assert(history !== undefined, 'every snapshot was captured');
    return history;
  }

  private committedAt(length: number): HistoryNode {
    let node = this.committed;
    while (node.length > length && node.parent !== null) node = node.parent;
    return node;
  }

  private server(sid: number): ServerGhost {
    let server = this.servers[sid];
    if (server === undefined) {
      server = new ServerGhost(sid, this.root);
      this.servers[sid] = server;
    }
    return server;
  }

  private fail(property: Property, message: string): void {
    const { now, eventCount } = this.views;
    this.violation ??= { property, message, at: now, seq: eventCount };
  }
}

/** The transactions of `history` that are not in `prefix`, in order. */
function suffix(history: HistoryNode, prefix: HistoryNode): Txn[] {
  const txns: Txn[] = [];
  for (let node = history; node !== prefix && node.parent !== null; node = node.parent) {
    if (node.txn !== null) txns.push(node.txn);
  }
  return txns.reverse();
}

function hex(zxid: number): string {
  return formatZxid(asZxid(zxid));
}
