import { INVARIANTS } from '../../src/checkers/invariants/catalogue.ts';
import { ProtocolChecker } from '../../src/checkers/protocol-checker.ts';
import { PROPERTY_IDS, Tally } from '../../src/checkers/tally.ts';
import type { Property, Violation } from '../../src/checkers/violation.ts';
import { KEEPER_EVENTS } from '../../src/keeper/events.ts';
import { WORLD_EVENTS } from '../../src/world/events.ts';
import { ZAB_EVENTS } from '../../src/zab/events.ts';
import type { Snapshot, Txn } from '../../src/zab/txn.ts';
import { makeZxid, ZXID_ZERO, type Zxid } from '../../src/zab/zxid.ts';

/** The time and the number of events that a staged run always shows. */
export const STAGED_AT = 1234;
export const STAGED_SEQ = 56;

export function txn(epoch: number, counter: number): Txn {
  return { zxid: makeZxid(epoch, counter), byteCount: 10 };
}

/** A server as its tests stage it; the digest follows from what it has applied. */
interface StagedServer {
  digest: number;
  acceptedEpoch: number;
  currentEpoch: number;
  role: 'leader' | 'learner' | 'none';
  starts: number;
}

/**
 * Feeds checkers the events of servers that do what they are told, be it right or wrong: one that
 * judges everything, and one for each invariant that judges that alone.
 */
export class StagedRun {
  readonly checker: ProtocolChecker;
  private readonly alone = new Map<Property, ProtocolChecker>();
  private readonly servers = new Map<number, StagedServer>();
  private readonly digests = new Map<Snapshot, number>();

  constructor(counterStart = 0) {
    const views = {
      now: STAGED_AT,
      eventCount: STAGED_SEQ,
      voters: [1, 2, 3],
      isServer: (host: number) => host <= 3,
      server: (sid: number) => this.server(sid),
    };
    this.checker = new ProtocolChecker(views, counterStart);
    for (const { id } of INVARIANTS) {
      const others = PROPERTY_IDS.filter((other) => other !== id);
      this.alone.set(id, new ProtocolChecker(views, counterStart, new Tally(others)));
    }
  }

  /** How an invariant is broken, whatever else is. */
  violationOf(property: Property): Violation | null {
    return this.alone.get(property)?.violation ?? null;
  }

  /** Every invariant that is broken, in the order in which they are listed. */
  get broken(): Property[] {
    return [...this.alone.keys()].filter((id) => this.violationOf(id) !== null);
  }

  server(sid: number): StagedServer {
    let server = this.servers.get(sid);
    if (server === undefined) {
      server = { digest: 0, acceptedEpoch: 0, currentEpoch: 0, role: 'none', starts: 0 };
      this.servers.set(sid, server);
    }
    return server;
  }

  emit(sid: number, kind: number, value = 0, subject: unknown = null, peer = 0): this {
    this.checker.observe(sid, kind, value, peer, subject);
    for (const checker of this.alone.values()) checker.observe(sid, kind, value, peer, subject);
    return this;
  }

  /** A message from one host to another, at the port for clients. */
  send(from: number, to: number): this {
    this.checker.sent(from, to, 'client');
    for (const checker of this.alone.values()) checker.sent(from, to, 'client');
    return this;
  }

  // Start and recovery

  /** A process begins with what is left of its disk. The epochs are those of the last run. */
  start(sid: number, snapshot: Snapshot | null, log: readonly Txn[]): this {
    this.emit(sid, WORLD_EVENTS.processStarted, ++this.server(sid).starts);
    this.load(sid, snapshot, log);
    const lastZxid = log.at(-1)?.zxid ?? snapshot?.zxid ?? ZXID_ZERO;
    return this.emit(sid, ZAB_EVENTS.recovered, lastZxid);
  }

  end(sid: number): this {
    return this.emit(sid, WORLD_EVENTS.processEnded);
  }

  load(sid: number, snapshot: Snapshot | null, log: readonly Txn[]): this {
    this.server(sid).digest = snapshot === null ? 0 : (this.digests.get(snapshot) ?? 0);
    this.emit(sid, ZAB_EVENTS.restored, snapshot?.zxid ?? 0, snapshot);
    for (const txn of log) this.apply(sid, ZAB_EVENTS.replayed, txn);
    return this;
  }

  /** @param digest of the state that the label stands for; default: as it is now */
  capture(sid: number, zxid: Zxid, digest: number = this.server(sid).digest): Snapshot {
    const snapshot = { zxid, byteCount: 100 };
    this.digests.set(snapshot, digest);
    this.emit(sid, ZAB_EVENTS.captured, zxid, snapshot);
    return snapshot;
  }

  // Discovery and synchronisation

  acceptEpoch(sid: number, epoch: number): this {
    this.server(sid).acceptedEpoch = epoch;
    return this.emit(sid, ZAB_EVENTS.acceptedEpochWritten, epoch);
  }

  enterEpoch(sid: number, epoch: number): this {
    this.server(sid).currentEpoch = epoch;
    return this.emit(sid, ZAB_EVENTS.currentEpochWritten, epoch);
  }

  /** A leader takes office with these followers, who have its history already. */
  establish(epoch: number, leader: number, followers: readonly number[]): this {
    for (const sid of [leader, ...followers]) this.acceptEpoch(sid, epoch);
    for (const sid of [leader, ...followers]) this.enterEpoch(sid, epoch);
    this.emit(leader, ZAB_EVENTS.ackEpochQuorum, epoch);
    for (const sid of followers) this.emit(sid, ZAB_EVENTS.newLeaderAcked, epoch, null, leader);
    this.emit(leader, ZAB_EVENTS.established, epoch);
    for (const sid of followers) this.emit(sid, ZAB_EVENTS.upToDate, epoch, null, leader);
    return this;
  }

  /** A learner that comes late, or comes back, serves in the epoch of its leader. */
  join(sid: number, epoch: number, leader: number): this {
    this.acceptEpoch(sid, epoch).enterEpoch(sid, epoch);
    this.emit(sid, ZAB_EVENTS.newLeaderAcked, epoch, null, leader);
    return this.emit(sid, ZAB_EVENTS.upToDate, epoch, null, leader);
  }

  /** A learner's history is cut back to what its log keeps of it. */
  truncate(sid: number, cut: Zxid, log: readonly Txn[]): this {
    this.emit(sid, ZAB_EVENTS.truncReceived, cut).emit(sid, ZAB_EVENTS.logCut, cut);
    return this.load(sid, null, log).emit(sid, ZAB_EVENTS.truncated, cut);
  }

  /** A learner gets a snapshot in place of its history. */
  install(sid: number, snapshot: Snapshot): this {
    this.emit(sid, ZAB_EVENTS.snapReceived, snapshot.zxid).load(sid, snapshot, []);
    return this.emit(sid, ZAB_EVENTS.snapshotInstalled, snapshot.zxid);
  }

  // Broadcast

  propose(leader: number, ...txns: readonly Txn[]): this {
    for (const txn of txns) this.emit(leader, ZAB_EVENTS.proposed, txn.zxid, txn);
    return this;
  }

  /** Transactions are logged and synced. */
  log(sid: number, ...txns: readonly Txn[]): this {
    for (const txn of txns) {
      this.emit(sid, ZAB_EVENTS.appended, txn.zxid, txn).emit(sid, ZAB_EVENTS.logSynced, txn.zxid);
    }
    return this;
  }

  /** The same, and acknowledged. */
  acknowledge(sid: number, ...txns: readonly Txn[]): this {
    for (const txn of txns) {
      this.log(sid, txn).emit(sid, ZAB_EVENTS.acked, txn.zxid, txn);
    }
    return this;
  }

  commit(leader: number, ...txns: readonly Txn[]): this {
    for (const txn of txns) this.emit(leader, ZAB_EVENTS.committed, txn.zxid, txn);
    return this;
  }

  deliver(sid: number, ...txns: readonly Txn[]): this {
    for (const txn of txns) this.apply(sid, ZAB_EVENTS.delivered, txn);
    return this;
  }

  /** What a log holds is applied at the end of a role, committed or not. */
  replay(sid: number, ...txns: readonly Txn[]): this {
    for (const txn of txns) this.apply(sid, ZAB_EVENTS.replayed, txn);
    return this;
  }

  /** Transactions from proposal to delivery, on all these servers. */
  broadcast(leader: number, followers: readonly number[], ...txns: readonly Txn[]): this {
    for (const txn of txns) {
      this.propose(leader, txn);
      for (const sid of [leader, ...followers]) this.acknowledge(sid, txn);
      this.commit(leader, txn);
      for (const sid of [leader, ...followers]) this.deliver(sid, txn);
    }
    return this;
  }

  /** A client's sync reaches the server that takes itself for the leader. */
  askSync(leader: number, session: number, xid: number): this {
    return this.emit(leader, KEEPER_EVENTS.syncAsked, session, xid);
  }

  private apply(sid: number, kind: number, txn: Txn): void {
    const server = this.server(sid);
    server.digest = (server.digest * 31 + txn.zxid) % 1_000_003;
    this.emit(sid, kind, txn.zxid, txn);
  }
}

/** Servers 1 to 3 start with empty disks, and server 3 leads them in epoch 1. */
export function firstEpoch(counterStart = 0): StagedRun {
  const run = new StagedRun(counterStart);
  for (const sid of [1, 2, 3]) run.start(sid, null, []);
  return run.establish(1, 3, [1, 2]);
}
