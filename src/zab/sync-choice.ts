import type { CommittedLog } from './committed-log.ts';
import type { EnsembleConfig } from './config.ts';
import { PACKET } from './messages.ts';
import type { Storage } from './ports.ts';
import type { Rules } from './rules.ts';
import type { Txn } from './txn.ts';
import { counterOf, epochOf, follows, type Zxid } from './zxid.ts';

/** How a leader brings a learner to its own history. */
export interface SyncChoice {
  readonly mode: typeof PACKET.DIFF | typeof PACKET.TRUNC | typeof PACKET.SNAP;
  /** DIFF: for information. TRUNC: what the learner keeps. SNAP: the snapshot's label. */
  readonly zxid: Zxid;
  /** What the learner lacks of the history in memory and on disk, in order. */
  readonly txns: readonly Txn[];
  /** Up to here the learner is served by all this. */
  readonly upTo: Zxid;
  readonly isFromDisk: boolean;
}

/** The leader's history, as far as the choice looks at it. */
export interface LeaderHistory {
  readonly lastProcessedZxid: Zxid;
  readonly committedLog: CommittedLog;
  readonly storage: Storage;
  readonly config: EnsembleConfig;
  readonly rules: Rules;
}

/**
 * Chooses between DIFF, TRUNC (with a DIFF behind it) and SNAP for a learner whose last
 * transaction is `peer`. `LearnerHandler.syncFollower`.
 *
 * @param needsSnapshot the learner has no state that could be cut back
 */
export function chooseSync(history: LeaderHistory, peer: Zxid, needsSnapshot: boolean): SyncChoice {
  const { lastProcessedZxid: last, committedLog, rules } = history;
  const min = committedLog.isEmpty ? last : committedLog.min;
  const max = committedLog.isEmpty ? last : committedLog.max;
  if (needsSnapshot) return snap(last);
  if (peer === last) return diff(peer, [], peer, false);
  if (peer > max && !namesNoTxn(peer)) {
    if (!rules.cutsUnknownTail) return diff(max, [], max, false);
    return { mode: PACKET.TRUNC, zxid: max, txns: [], upTo: max, isFromDisk: false };
  }
  if (peer >= min && peer <= max) {
    return sendMissing([...committedLog], peer, max, rules) ?? snap(last);
  }
  if (peer < min) {
    const fromDisk = missingOnDisk(history, peer, min);
    if (fromDisk !== null) {
      const inMemory = [...committedLog].filter(({ zxid }) => zxid > min);
      return diff(max, [...fromDisk, ...inMemory], max, true);
    }
  }
  return snap(last);
}

/**
 * Sends what comes after `peer`, cutting first what the learner has and the leader has not.
 *
 * @returns `null` if the cut would cross an epoch. `LearnerHandler.queueCommittedProposals`
 */
function sendMissing(txns: readonly Txn[], peer: Zxid, max: Zxid, rules: Rules): SyncChoice | null {
  const next = txns.findIndex(({ zxid }) => zxid > peer);
  const missing = next < 0 ? [] : txns.slice(next);
  const previous = next < 0 ? txns.at(-1) : txns[next - 1];
  const isPrefix = previous?.zxid === peer || namesNoTxn(peer);
  if (isPrefix || !rules.cutsUnknownTail) return diff(max, missing, max, false);
  const first = missing[0];
  if (first === undefined || previous === undefined) return null;
  if (epochOf(first.zxid) !== epochOf(peer)) return null;
  return { mode: PACKET.TRUNC, zxid: previous.zxid, txns: missing, upTo: max, isFromDisk: false };
}

/**
 * The records after `peer` up to `min`, where the history in memory begins; `null` if the log does
 * not reach back without a gap, if one of them fails its checksum, or if they are so many that a
 * snapshot is cheaper.
 * `ZKDatabase.getProposalsFromTxnLog`.
 */
function missingOnDisk(history: LeaderHistory, peer: Zxid, min: Zxid): Txn[] | null {
  const { storage, config, rules } = history;
  const { records } = storage;
  const first = records.findIndex(({ zxid }) => zxid >= peer);
  if (first < 0 || records[first]?.zxid !== peer || storage.flawAt(first) !== null) return null;
  const txns: Txn[] = [];
  let byteCount = 0;
  let previous = peer;
  for (let index = first + 1; index < records.length; index++) {
    const txn = records[index] as Txn;
    if (txn.zxid > min) break;
    if (storage.flawAt(index) !== null) return null;
    const isNext = follows(previous, txn.zxid, config.counterStart);
    if (!isNext && rules.checksLogForGaps) return null;
    previous = txn.zxid;
    byteCount += txn.byteCount;
    txns.push(txn);
  }
  if (previous !== min && !namesNoTxn(min)) return null;
  const snapshot = storage.snapshots.findLast(({ flaw }) => flaw === null)?.snapshot;
  if (snapshot === undefined) return txns;
  const padded = roundUp(byteCount, config.preAllocBytes);
  return padded * 1_000_000 > snapshot.byteCount * config.snapshotSizePpm ? null : txns;
}

/** `e:0` begins an epoch; there is nothing to cut, and nothing to find in a log. */
function namesNoTxn(zxid: Zxid): boolean {
  return counterOf(zxid) === 0;
}

function diff(zxid: Zxid, txns: readonly Txn[], upTo: Zxid, isFromDisk: boolean): SyncChoice {
  return { mode: PACKET.DIFF, zxid, txns, upTo, isFromDisk };
}

function snap(last: Zxid): SyncChoice {
  return { mode: PACKET.SNAP, zxid: last, txns: [], upTo: last, isFromDisk: false };
}

function roundUp(value: number, unit: number): number {
  return unit === 0 ? value : Math.ceil(value / unit) * unit;
}
