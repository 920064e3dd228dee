import type { RecordedOperation } from '../linearizability/operation.ts';
import { nameObject, nameOperation, showValue } from '../linearizability/phrases.ts';
import { isSame, textOf } from '../linearizability/values.ts';
import { type Answer, contentOf, expectedVersion, isAnswer, zxidOf } from './znode-answers.ts';
import type { Conflict, Version, ZnodeVersions } from './znode-versions.ts';

/** A version whose writer heard no answer, or nobody knows of. */
interface Gap {
  readonly version: number;
  /** What was seen of it; `null` if nobody saw it. */
  readonly seen: Version | null;
  /** It was written before this returned. */
  readonly proof: RecordedOperation;
}

/** A cas that failed though a version was there that it had expected: the next had come by then. */
export interface Refusal {
  readonly cas: RecordedOperation;
  /** The version that had come. */
  readonly version: number;
}

/** When it had been told at the latest that a state had come. */
export class EarliestProofs {
  private readonly answers: readonly Answer[];
  private readonly earliest: Answer[] = [];

  constructor(operations: readonly RecordedOperation[]) {
    this.answers = operations.filter(isAnswer).sort((a, b) => zxidOf(a) - zxidOf(b));
    let first: Answer | undefined;
    for (let index = this.answers.length - 1; index >= 0; index--) {
      const answer = this.answers[index];
      if (answer === undefined) continue;
      if (first === undefined || answer.returnedAt < first.returnedAt) first = answer;
      this.earliest[index] = first;
    }
  }

  /** The first answer to return that shows `zxid` or a later one. */
  of(zxid: number): Answer | undefined {
    let [low, high] = [0, this.answers.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      const answer = this.answers[middle];
      if (answer !== undefined && zxidOf(answer) < zxid) low = middle + 1;
      else high = middle;
    }
    return this.earliest[low];
  }
}

/**
 * Every version was written by somebody: those whose writers heard no answer, by the writes without
 * one. Each such write makes one version at most, what it writes, and not before it is asked for.
 *
 * Gaps from the latest to the earliest, each filled with the fitting write that was asked for last:
 * as what fits an earlier gap fits a later one, this fails only where nothing succeeds. A cas fits
 * one version alone, so it comes first.
 *
 * @returns the version that nobody can have written, or in time, if there is one
 */
export function fillGaps(
  znode: ZnodeVersions,
  proofs: EarliestProofs,
  refusals: readonly Refusal[],
): Conflict | null {
  const versions = znode.inOrder();
  if (countGaps(versions) > znode.lost.length) return tooFewWrites(znode, versions);
  const unfilled = findUnfilled(znode, gapsOf(versions, proofs, []));
  if (unfilled !== undefined) return unmade(znode, unfilled);
  const fits = (count: number): boolean => {
    const gaps = gapsOf(versions, proofs, refusals.slice(0, count));
    return findUnfilled(znode, gaps) === undefined;
  };
  if (refusals.length === 0 || fits(refusals.length)) return null;
  // The first with which those before it have no explanation.
  let [low, high] = [0, refusals.length - 1];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (fits(middle + 1)) low = middle + 1;
    else high = middle;
  }
  const refusal = refusals[low];
  return refusal === undefined ? null : refusedWrongly(znode, refusal);
}

function findUnfilled(znode: ZnodeVersions, gaps: readonly Gap[]): Gap | undefined {
  const writes = new LostWrites(znode.lost);
  const open = gaps.filter((gap) => !writes.fillByCas(gap));
  const seen = open.filter((gap) => gap.seen !== null);
  const unseen = open.filter((gap) => gap.seen === null);
  return [...seen, ...unseen].find((gap) => !writes.fillBySet(gap));
}

/** Versions, the first apart, that no answered write has made. */
function countGaps(versions: readonly Version[]): number {
  const written = versions.filter(({ writer }) => writer !== null).length;
  return (versions.at(-1)?.version ?? 0) - written;
}

/** The latest first. */
function gapsOf(
  versions: readonly Version[],
  proofs: EarliestProofs,
  refusals: readonly Refusal[],
): Gap[] {
  const last = versions.at(-1)?.version ?? 0;
  const refused = earliestByVersion(refusals);
  const beyond = refused.get(last + 1);
  const gaps: Gap[] =
    beyond === undefined ? [] : [{ version: last + 1, seen: null, proof: beyond }];
  let proof: RecordedOperation | undefined = beyond;
  for (let index = versions.length - 1; index > 0; index--) {
    const [seen, before] = [versions[index], versions[index - 1]];
    if (seen === undefined || before === undefined) continue;
    proof = earlier(proof, earlier(proofs.of(seen.stamp), refused.get(seen.version)));
    if (proof !== undefined && seen.writer === null) {
      gaps.push({ version: seen.version, seen, proof });
    }
    for (let version = seen.version - 1; version > before.version; version--) {
      proof = earlier(proof, refused.get(version));
      if (proof !== undefined) gaps.push({ version, seen: null, proof });
    }
  }
  return gaps;
}

/** Of those that tell of one version, the first to return. */
function earliestByVersion(refusals: readonly Refusal[]): Map<number, RecordedOperation> {
  const refused = new Map<number, RecordedOperation>();
  for (const { cas, version } of refusals) {
    refused.set(version, earlier(refused.get(version), cas) ?? cas);
  }
  return refused;
}

function earlier<Item extends RecordedOperation>(
  a: Item | undefined,
  b: Item | undefined,
): Item | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return a.returnedAt <= b.returnedAt ? a : b;
}

function unmade(znode: ZnodeVersions, { version, seen, proof }: Gap): Conflict {
  const late = znode.lost.find((write) => {
    return write.invokedAt > proof.returnedAt && canMake(write, version, seen);
  });
  return late === undefined ? unwritten(znode, version, seen) : tooLate(late, version, proof);
}

/** Whether a write makes a version, as it was seen, when the version before it is there. */
export function canMake(write: RecordedOperation, version: number, seen: Version | null): boolean {
  const expected = expectedVersion(write);
  if (expected !== null && expected !== version - 1) return false;
  return seen === null || isSame(contentOf(write), seen.value);
}

class LostWrites {
  private readonly casByVersion = new Map<number, RecordedOperation[]>();
  private readonly setsByValue = new Map<string, RecordedOperation[]>();
  private readonly sets: RecordedOperation[] = [];
  private readonly used = new Set<RecordedOperation>();

  /** @param lost in the order of their invocation */
  constructor(lost: readonly RecordedOperation[]) {
    for (const write of lost) {
      const expected = expectedVersion(write);
      if (expected !== null) append(this.casByVersion, expected + 1, write);
      else {
        this.sets.push(write);
        append(this.setsByValue, textOf(contentOf(write)), write);
      }
    }
  }

  fillByCas({ version, seen, proof }: Gap): boolean {
    return (this.casByVersion.get(version) ?? []).some((write) => {
      return write.invokedAt < proof.returnedAt && canMake(write, version, seen);
    });
  }

  /** Gaps that were seen come before those that were not, later ones before earlier ones. */
  fillBySet({ seen, proof }: Gap): boolean {
    const writes = seen === null ? this.sets : (this.setsByValue.get(textOf(seen.value)) ?? []);
    for (let write = writes.pop(); write !== undefined; write = writes.pop()) {
      if (write.invokedAt >= proof.returnedAt || this.used.has(write)) continue;
      this.used.add(write);
      return true;
    }
    return false;
  }
}

function append<Key, Item>(lists: Map<Key, Item[]>, key: Key, item: Item): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [item]);
  else list.push(item);
}

function refusedWrongly(znode: ZnodeVersions, { cas, version }: Refusal): Conflict {
  const witness = znode.get(version - 1)?.witness ?? null;
  return {
    isOfAbsence: true,
    operations: witness === null ? [cas] : [witness, cas],
    explanation: [
      `${nameOperation(cas)} failed, as if ${nameObject(cas.key)} had not had version ${version - 1}`,
      'it had, as was known before',
      `no write that was asked for in time can have made version ${version}`,
    ],
  };
}

function tooLate(late: RecordedOperation, version: number, proof: RecordedOperation): Conflict {
  const tells =
    proof.key === late.key
      ? `tells of version ${version} or later of ${nameObject(late.key)}`
      : `tells of zxid ${proof.zxid}, and ${nameObject(late.key)} had version ${version} by then`;
  return {
    isOfAbsence: true,
    operations: [proof, late],
    explanation: [
      `${nameOperation(proof)} ${tells}`,
      `only ${nameOperation(late)} can have made version ${version}, and it was asked for later`,
    ],
  };
}

/** A version that no write of the history makes. */
export function unwritten(znode: ZnodeVersions, version: number, seen: Version | null): Conflict {
  const told = seen ?? znode.inOrder().find((later) => later.version > version) ?? null;
  const witness = told?.witness ?? null;
  const what = seen === null ? '' : `, ${showValue(seen.value)}`;
  return {
    isOfAbsence: true,
    operations: witness === null ? [] : [witness],
    explanation: [
      `no write can have made version ${version} of ${nameObject(znode.key)}${what}`,
      ...(witness === null
        ? []
        : [`${nameOperation(witness)} tells of version ${witness.version}`]),
    ],
  };
}

/** More versions were seen than writes asked for. */
export function tooFewWrites(znode: ZnodeVersions, versions: readonly Version[]): Conflict {
  const last = versions.at(-1);
  const strange = versions.find(({ version, writer, value }) => {
    if (version === 0 || writer !== null) return false;
    return !znode.lost.some((write) => isSame(contentOf(write), value));
  });
  if (strange !== undefined) return unwritten(znode, strange.version, strange);
  const count = versions.filter(({ writer }) => writer !== null).length + znode.lost.length;
  const name = nameObject(znode.key);
  const witness = last?.witness ?? null;
  return {
    isOfAbsence: true,
    operations: witness === null ? [] : [witness],
    explanation: [
      ...(witness === null ? [] : [`${nameOperation(witness)} tells of version ${last?.version}`]),
      `no more than ${count} writes of ${name} were asked for, and each makes one version`,
    ],
  };
}
