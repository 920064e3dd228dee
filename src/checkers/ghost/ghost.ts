import type { TouchTable } from '../../keeper/learner-pipeline.ts';
import type { SessionId } from '../../keeper/session-id.ts';
import { assert } from '../../kernel/assert.ts';
import type { Sid } from '../../zab/ports.ts';
import type { Snapshot, Txn } from '../../zab/txn.ts';
import { counterOf, type Epoch, epochOf, type Zxid } from '../../zab/zxid.ts';
import { HistoryNode } from '../history-tree.ts';
import { ServerGhost } from './server-ghost.ts';
import type { Views } from './views.ts';

/** A leader that took office. */
export interface Establishment {
  /** Server and start, for messages. */
  readonly who: string;
  /** What every server of the epoch has to have before it serves. */
  readonly initial: HistoryNode;
}

/**
 * What a run has come to, as an eye sees it that sees everything: the one sequence of committed
 * transactions, what was proposed, who was established, what every server has. It is kept from
 * events alone, outside the servers, so it loses nothing when they do.
 */
export class Ghost {
  readonly views: Views;
  /** The counter that the first transaction of each epoch comes after. */
  readonly counterStart: number;
  /** All that was ever committed, in order. */
  committed: HistoryNode;
  /** Those that took office, by their epochs. */
  readonly established: Map<Epoch, Establishment> = new Map();
  /** The latest of those epochs. */
  lastEpoch: Epoch = 0;
  /** How many leaders took office with proposals that nobody knew to be committed. */
  adoptionCount = 0;
  /** How many such proposals there were. */
  adoptedTxnCount = 0;
  proposedCount = 0;

  private readonly root = new HistoryNode(null, null);
  private readonly servers: ServerGhost[] = [];
  private readonly snapshots = new Map<Snapshot, HistoryNode>();
  /** What was proposed in each epoch, by counter. */
  private readonly proposals = new Map<Epoch, Txn[]>();
  /** Syncs that reached a leader which had been succeeded: they promise nothing. */
  private readonly staleSyncs = new Set<string>();

  constructor(views: Views, counterStart: number) {
    this.views = views;
    this.counterStart = counterStart;
    this.committed = this.root;
    this.root.isCommitted = true;
  }

  /** Every server that was seen. */
  allServers(): readonly ServerGhost[] {
    return this.servers.filter((server) => server !== undefined);
  }

  server(sid: Sid): ServerGhost {
    let server = this.servers[sid];
    if (server === undefined) {
      server = new ServerGhost(sid, this.root);
      this.servers[sid] = server;
    }
    return server;
  }

  /** Every committed transaction, in order. */
  committedTxns(): Txn[] {
    return suffix(this.committed, this.root);
  }

  /** The beginning of the committed sequence that has this length. */
  committedAt(length: number): HistoryNode {
    let node = this.committed;
    while (node.length > length && node.parent !== null) node = node.parent;
    return node;
  }

  /** What was proposed under a zxid first. */
  proposal(zxid: Zxid): Txn | undefined {
    return this.proposals.get(epochOf(zxid))?.[this.indexOf(zxid)];
  }

  /** How many proposals there were in the epoch of this zxid, if they left no gap. */
  proposalsOf(zxid: Zxid): number {
    return this.proposals.get(epochOf(zxid))?.length ?? 0;
  }

  /** The place of a zxid in its epoch, from 0. */
  indexOf(zxid: Zxid): number {
    return counterOf(zxid) - this.counterStart - 1;
  }

  /** Whether a leader of a later epoch has taken office. */
  isSucceeded(leader: ServerGhost): boolean {
    return leader.ledEpoch < this.lastEpoch;
  }

  /** Whether a sync was answered by a leader that nobody had succeeded by then. */
  isFresh(session: SessionId, xid: number): boolean {
    return !this.staleSyncs.has(`${session}/${xid}`);
  }

  // What happens

  stateReplaced(server: ServerGhost, snapshot: Snapshot | null): void {
    if (snapshot === null) {
      server.history = this.root;
      return;
    }
    const history = this.snapshots.get(snapshot);
    assert(history !== undefined, 'every snapshot was captured');
    server.history = history;
  }

  applied(server: ServerGhost, txn: Txn): HistoryNode {
    const node = server.history.followedBy(txn);
    server.history = node;
    return node;
  }

  captured(server: ServerGhost, label: Zxid, snapshot: Snapshot): void {
    this.snapshots.set(snapshot, server.history.upTo(label));
  }

  /** What is above the cut need not be there any more. `e:0` stands for the history before it. */
  cutPromised(server: ServerGhost, cut: Zxid): void {
    const { zxid } = server.history.upTo(cut);
    if (server.acknowledged > zxid) server.acknowledged = zxid;
  }

  /** The server has said what its disk told it. */
  recovered(server: ServerGhost): void {
    const { acceptedEpoch, currentEpoch } = this.views.server(server.sid);
    server.acceptedEpoch = acceptedEpoch;
    server.currentEpoch = currentEpoch;
    server.log.reset(server.history);
    server.durable = server.history;
    server.isBetweenEpochs = false;
  }

  logSynced(server: ServerGhost, zxid: Zxid): void {
    const node = server.log.find(zxid);
    if (node !== null && node.length > server.durable.length) server.durable = node;
  }

  /** The log holds `zxid` and what is below it, and nothing more; that is durable at once. */
  logReplaced(server: ServerGhost, zxid: Zxid, isCut: boolean): void {
    const { log } = server;
    if (isCut) log.cut(zxid);
    else log.reset(server.history.upTo(zxid));
    if (!isCut || server.durable.length > log.tip.length) server.durable = log.tip;
  }

  sessionsHeardOf(leader: ServerGhost, sessions: TouchTable): void {
    const at = this.views.now;
    for (const [session, timeoutMs] of sessions) leader.heardOf.set(session, { at, timeoutMs });
  }

  syncAsked(server: ServerGhost, session: SessionId, xid: number): void {
    if (this.isSucceeded(server)) this.staleSyncs.add(`${session}/${xid}`);
  }

  proposed(txn: Txn): void {
    const epoch = epochOf(txn.zxid);
    let txns = this.proposals.get(epoch);
    if (txns === undefined) {
      txns = [];
      this.proposals.set(epoch, txns);
    }
    txns[this.indexOf(txn.zxid)] = txn;
    this.proposedCount++;
  }

  /** The committed sequence grows by this, which comes right behind it. */
  extend(node: HistoryNode): void {
    node.isCommitted = true;
    this.committed = node;
  }

  /**
   * A leader has a quorum behind its history. It may learn of it so late that another has been
   * established since.
   *
   * @returns what is committed by that, and was not before
   */
  tookOffice(leader: ServerGhost, epoch: Epoch): HistoryNode[] {
    const { history, name: who } = leader;
    this.established.set(epoch, { who, initial: history });
    leader.acknowledged = history.zxid;
    leader.ledEpoch = epoch;
    leader.ledTo = history;
    leader.servedEpoch = epoch;
    if (epoch < this.lastEpoch) return [];
    this.lastEpoch = epoch;
    const adopted = this.committed.isPrefixOf(history) ? nodesBetween(this.committed, history) : [];
    if (adopted.length > 0) this.adoptionCount++;
    this.adoptedTxnCount += adopted.length;
    return adopted;
  }
}

/** The transactions of `history` behind `prefix`, in order. */
function suffix(history: HistoryNode, prefix: HistoryNode): Txn[] {
  return nodesBetween(prefix, history).flatMap(({ txn }) => (txn === null ? [] : [txn]));
}

/** The beginnings of `history` that are longer than `prefix`, which is one of them. */
function nodesBetween(prefix: HistoryNode, history: HistoryNode): HistoryNode[] {
  const nodes: HistoryNode[] = [];
  for (let node = history; node !== prefix && node.parent !== null; node = node.parent) {
    nodes.push(node);
  }
  return nodes.reverse();
}
