import type { Snapshot, Txn } from './txn.ts';
import type { Zxid } from './zxid.ts';

/** The number of a server, 1 to 31; `myid` in ZooKeeper. */
export type Sid = number;

export interface TimerListener {
  timerFired(timer: number): void;
}

export interface WakeListener {
  awake(): void;
}

export interface StorageListener {
  stored(operation: number, succeeded: boolean): void;
}

export interface ConnectionListener {
  connected(): void;
  received(message: unknown): void;
  closed(): void;
}

export interface Connection {
  /** Where the other side is; empty as long as nobody has accepted. */
  readonly remoteAddress: string;
  send(message: unknown): void;
  close(): void;
}

/** The names of a server's sockets. */
export type Port = 'election' | 'quorum' | 'client';

/** A snapshot on the disk. */
export interface StoredSnapshot {
  readonly snapshot: Snapshot;
  /** Why its seal does not fit: a crash has left it incomplete, or it has rotted. */
  readonly flaw: 'incomplete' | 'rotted' | null;
}

/**
 * What survives the process: the log, the epoch files and the snapshots.
 *
 * Each write is one step, which is done or not when a crash comes. It completes later, as a call to
 * its listener; until then nothing may be promised that rests on it. Reads are of what the process
 * has written so far, or at its start of what is left.
 */
export interface Storage {
  readonly records: readonly Txn[];
  /**
   * In the order in which they were begun, which is that of the zxids of those that are complete.
   */
  readonly snapshots: readonly StoredSnapshot[];
  flawAt(index: number): 'torn' | 'rotted' | null;
  cell(name: string): number | null;
  append(txn: Txn): void;
  sync(listener: StorageListener, operation: number): void;
  /** Keeps the first records, durably. Nothing may be appended before it is done. */
  cutLog(recordCount: number, listener: StorageListener, operation: number): void;
  /** Writes what shall be in a small file to a temporary one, durably. Nobody reads that. */
  writeCellTmp(name: string, value: number, listener: StorageListener, operation: number): void;
  /** Puts the temporary file in the place of the small file. */
  renameCell(name: string, listener: StorageListener, operation: number): void;
  /** Writes the first half of a snapshot: a file that is incomplete. */
  beginSnapshot(snapshot: Snapshot, listener: StorageListener, operation: number): void;
  /** Writes the rest. A loss of power can still damage it. */
  finishSnapshot(listener: StorageListener, operation: number): void;
  /** Makes the newest complete snapshot durable. */
  syncSnapshot(listener: StorageListener, operation: number): void;
  /** Keeps the first snapshots, durably. */
  cutSnapshots(snapshotCount: number, listener: StorageListener, operation: number): void;
  /** Writes a snapshot to a temporary file, durably. Nobody reads that. */
  writeSnapshotTmp(snapshot: Snapshot, listener: StorageListener, operation: number): void;
  /** Puts the temporary snapshot in the place of all others and of the log, in one step. */
  installSnapshot(listener: StorageListener, operation: number): void;
}

/** Everything that a server may ask of its host. Times are microseconds by the host's own clock. */
export interface Ports {
  readonly storage: Storage;
  now(): number;
  wallClockMs(): number;
  /** An integer from 0 to `bound` - 1. */
  random(bound: number): number;
  setTimer(micros: number, listener: TimerListener, timer: number): number;
  cancelTimer(handle: number): void;
  /** Lets another thread of this server run soon. */
  wake(listener: WakeListener): void;
  dial(peer: Sid, port: Port, listener: ConnectionListener): Connection;
  /** Tells those who watch what has happened; a server never hears back. */
  emit(kind: number, value: number, peer: Sid, subject: unknown): void;
  /** Ends the process. */
  exit(): void;
}

/** The learner whose request it is; to the service no more than an identity. */
export type Origin = object;

/** What consensus does for a service that serves clients. */
interface ServingPort {
  /** The oldest committed transaction has been applied. */
  applied(txn: Txn): void;
}

/** What the leader's consensus does for the service above it. */
export interface LeaderPort extends ServingPort {
  /** Takes the number of the next transaction. */
  nextZxid(): Zxid;
  propose(txn: Txn): void;
  /**
   * Answers a sync behind everything committed so far, and behind what is proposed and undecided.
   *
   * @param origin the learner that forwarded it; `null` if it is a client's of this server
   */
  sync(origin: Origin | null): void;
}

/** What a learner's consensus does for the service above it. */
export interface LearnerPort extends ServingPort {
  forward(request: object): void;
  revalidate(data: object): void;
}

/**
 * The replicated service: a tree of znodes and the sessions, as consensus sees it.
 *
 * Outside BROADCAST it is only brought up to date (`apply`, `restore`); between `lead` or `learn`
 * and `stop` it serves clients.
 */
export interface Service {
  readonly lastProcessedZxid: Zxid;
  /** Moves `lastProcessedZxid` to `e:0` without a transaction: a leader takes office. */
  beginEpoch(zxid: Zxid): void;
  /** Applies a transaction at once. Idempotent: a snapshot may have had its effects before. */
  apply(txn: Txn): void;
  /** Copies the state as it is now, under the label `zxid`. */
  capture(zxid: Zxid): Snapshot;
  /** Replaces the state; `null` is the empty one. */
  restore(snapshot: Snapshot | null): void;
  lead(port: LeaderPort): void;
  learn(port: LearnerPort): void;
  /** Stops serving: disconnects all clients and forgets every request under way. */
  stop(): void;
  /** A transaction is committed; transactions come in order. It is applied soon. */
  commit(txn: Txn): void;
  /** The sync that has waited longest is answered. */
  syncAnswered(): void;
  /** At the leader: a learner forwards a request of one of its clients. */
  requested(origin: Origin, request: object): void;
  /** At the leader: is this session alive? If so it belongs to `origin` from now on. */
  revalidate(origin: Origin, data: object): object;
  /** At a learner: the leader's answer. */
  revalidated(data: object): void;
  /** At a learner: the sessions heard from since the last call. */
  touchTable(): object | null;
  /** At the leader: a learner has heard from these sessions. */
  touch(table: object): void;
}
