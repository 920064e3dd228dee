import type { RecordedOperation } from '../linearizability/operation.ts';
import { isSameValue, nameObject, nameOperation, showValue } from './phrases.ts';
import { type Answer, contentOf, expectedVersion, isAnswer } from './znode-answers.ts';
import type { Conflict, Version, ZnodeVersions } from './znode-versions.ts';

/** A version whose writer heard no answer, or nobody knows of. */
interface Gap {
  readonly version: number;
  /** What was seen of it; `null` if nobody saw it. */
  readonly seen: Version | null;
  /** It was written before this returned. */
  readonly proof: Answer;
}

/** When it had been told at the latest that a state had come. */
export class EarliestProofs {
  private readonly answers: readonly Answer[];
  private readonly earliest: Answer[] = [];

  constructor(operations: readonly RecordedOperation[]) {
    this.answers = operations.filter(isAnswer).sort((a, b) => a.zxid - b.zxid);
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
      if ((this.answers[middle]?.zxid ?? 0) < zxid) low = middle + 1;
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
 * @returns the version that nobody can have written, if there is one
 */
export function fillGaps(znode: ZnodeVersions, proofs: EarliestProofs): Conflict | null {
  const versions = znode.inOrder();
  if (countGaps(versions) > znode.lost.length) return describeExcess(znode, versions);
  const writes = new LostWrites(znode.lost);
  const open = gapsOf(versions, proofs).filter((gap) => !writes.fillByCas(gap));
  const seen = open.filter((gap) => gap.seen !== null);
  const unseen = open.filter((gap) => gap.seen === null);
  const unfilled = [...seen, ...unseen].find((gap) => !writes.fillBySet(gap));
  return unfilled === undefined ? null : describe(znode, unfilled);
}

/** Versions, the first apart, that no answered write has made. */
function countGaps(versions: readonly Version[]): number {
  const written = versions.filter(({ writer }) => writer !== null).length;
  return (versions.at(-1)?.version ?? 0) - written;
}

/** The latest first. */
function gapsOf(versions: readonly Version[], proofs: EarliestProofs): Gap[] {
  const gaps: Gap[] = [];
  for (let index = versions.length - 1; index > 0; index--) {
    const [seen, before] = [versions[index], versions[index - 1]];
    if (seen === undefined || before === undefined) continue;
    const proof = proofs.of(seen.zxid);
    if (proof === undefined) continue;
    if (seen.writer === null) gaps.push({ version: seen.version, seen, proof });
    for (let version = seen.version - 1; version > before.version; version--) {
      gaps.push({ version, seen: null, proof });
    }
  }
  return gaps;
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
        append(this.setsByValue, JSON.stringify(contentOf(write)), write);
      }
    }
  }

  fillByCas({ version, seen, proof }: Gap): boolean {
    const fitting = (this.casByVersion.get(version) ?? []).some((write) => {
      const isRight = seen === null || isSameValue(contentOf(write), seen.value);
      return isRight && write.invokedAt < proof.returnedAt;
    });
    return fitting;
  }

  /** Gaps that were seen come before those that were not, later ones before earlier ones. */
  fillBySet({ seen, proof }: Gap): boolean {
    const writes =
      seen === null ? this.sets : (this.setsByValue.get(JSON.stringify(seen.value)) ?? []);
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

function describe({ key, lost }: ZnodeVersions, { version, seen, proof }: Gap): Conflict {
  const { witness } = seen ?? { witness: null };
  const fitting = lost.filter(
    (write) => seen === null || isSameValue(contentOf(write), seen.value),
  );
  const late = fitting.find(({ invokedAt }) => invokedAt > proof.returnedAt);
  const told =
    seen === null
      ? `${nameOperation(proof)} tells of zxid ${proof.zxid}, so version ${version} of ${nameObject(key)} had been written`
      : `${nameOperation(witness ?? proof)} tells of version ${version} of ${nameObject(key)}: ${showValue(seen.value)}`;
  const reason =
    late === undefined
      ? 'no write could have made it: each makes one version, of what it writes'
      : `${nameOperation(late)} could have made it, but was asked for only when ${nameOperation(proof)} had told of zxid ${proof.zxid} or later`;
  const all = [witness, proof, late ?? null].filter((operation) => operation !== null);
  return { isOfAbsence: true, operations: [...new Set(all)], explanation: [told, reason] };
}

function describeExcess({ key, lost }: ZnodeVersions, versions: readonly Version[]): Conflict {
  const last = versions.at(-1);
  const strange = versions.find(({ version, writer, value }) => {
    return (
      version > 0 && writer === null && !lost.some((write) => isSameValue(contentOf(write), value))
    );
  });
  if (strange?.witness != null) {
    const { witness, version, value } = strange;
    return {
      isOfAbsence: true,
      operations: [witness],
      explanation: [
        `${nameOperation(witness)} tells of version ${version} of ${nameObject(key)}: ${showValue(value)}`,
        'nobody has written that',
      ],
    };
  }
  const written = versions.filter(({ writer }) => writer !== null).length;
  return {
    isOfAbsence: true,
    operations: last?.witness == null ? [] : [last.witness],
    explanation: [
      `${nameObject(key)} came to version ${last?.version}, and only ${written + lost.length} writes were asked for`,
    ],
  };
}
