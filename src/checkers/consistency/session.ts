import { assert } from '../../kernel/assert.ts';
import type { RecordedOperation } from '../linearizability/operation.ts';
import { nameObject, nameOperation } from '../linearizability/phrases.ts';
import type { CheckResult, Evidence } from '../linearizability/result.ts';
import { asEvidence } from './conflict-evidence.ts';
import { endsInOrder } from './ends.ts';
import { EarliestProofs, fillGaps, type Refusal } from './lost-writes.ts';
import { type Answer, expectedVersion, isAnswer, isRead, zxidOf } from './znode-answers.ts';
import { type Conflict, type Version, Znodes, type ZnodeVersions } from './znode-versions.ts';

/**
 * Judges a history of znodes by what ZooKeeper promises to its sessions, by the zxids: acknowledged
 * writes have zxids in an order that real time allows; a znode's versions rise with them; a get
 * shows exactly what its zxid wrote; and no process ever sees an older state than it has seen
 * before, on any znode. A `cas` that failed may not have found the version that it expected. Writes
 * of different znodes that share a zxid are one transaction, as the parts of a multi are.
 *
 * One pass over the history and one over each znode's versions.
 *
 * @param operations of the model `znode`; each that is answered with version and zxid
 */
export function checkSessions(operations: readonly RecordedOperation[]): CheckResult {
  const conflict = new SessionCheck(operations, false).run();
  if (conflict !== null) assertStillWrong(conflict);
  return {
    verdict: conflict === null ? 'pass' : 'violation',
    operations: operations.length,
    steps: operations.length,
    peakBytes: operations.length * BYTES_PER_OPERATION,
    routes: ['witness'],
    evidence: conflict === null ? null : evidenceOf(conflict),
    order: null,
    progress: null,
  };
}

/** Two ends, a floor with who told of it, and a version with its seat in a map. */
const BYTES_PER_OPERATION = 2 * 4 + 8 + 4 + 120;

function evidenceOf(conflict: Conflict): Evidence {
  return asEvidence(conflict, orderWithoutOne(conflict.operations));
}

/** All but one, by their zxids: but the last, if the others agree with each other. */
function orderWithoutOne(operations: readonly RecordedOperation[]): RecordedOperation[] {
  for (const left of [...operations].reverse()) {
    const others = operations.filter((operation) => operation !== left);
    if (new SessionCheck(others, true).run() !== null) continue;
    // What a write has made is seen behind it.
    const rank = (answer: Answer): number => zxidOf(answer) * 2 + (isRead(answer) ? 1 : 0);
    return others.filter(isAnswer).sort((a, b) => rank(a) - rank(b));
  }
  return [];
}

/** What contradicts itself does so without the rest of the history too. */
function assertStillWrong({ operations, isOfAbsence }: Conflict): void {
  if (isOfAbsence === true) return;
  const again = new SessionCheck(operations, true).run();
  assert(again !== null, 'the evidence against a session proves nothing by itself');
}

class SessionCheck {
  private readonly operations: readonly RecordedOperation[];
  /** Whether operations were left out, so that what nobody did says nothing. */
  private readonly isExcerpt: boolean;
  private readonly znodes = new Znodes(zxidOf);
  /** For each operation who had told of the latest zxid before it was asked for; -1 for nobody. */
  private readonly floors: Int32Array;
  /** What only a write without an answer can explain, the latest first. */
  private readonly refusals = new Map<ZnodeVersions, Refusal[]>();

  constructor(operations: readonly RecordedOperation[], isExcerpt: boolean) {
    this.operations = operations;
    this.isExcerpt = isExcerpt;
    this.floors = new Int32Array(operations.length);
  }

  run(): Conflict | null {
    const ends = endsInOrder(this.operations);
    return (
      this.znodes.gather(this.operations) ??
      first(this.znodes.all, (znode) => znode.link()) ??
      this.sweep(ends) ??
      this.checkComparisons(ends) ??
      (this.isExcerpt ? null : this.fillGaps())
    );
  }

  /** Goes through time, and holds each answer against what had been told before. */
  private sweep(ends: Int32Array): Conflict | null {
    const { operations, floors } = this;
    const views = new Map<number, Answer>();
    let latest: Answer | null = null;
    let latestIndex = -1;
    for (const end of ends) {
      if (end >= 0) {
        floors[end] = latestIndex;
        continue;
      }
      const operation = operations[~end];
      if (operation === undefined || !isAnswer(operation)) continue;
      const conflict = isRead(operation)
        ? this.checkView(operation, views.get(operation.process))
        : this.checkRealTime(operation, this.answerAt(floors[~end]));
      if (conflict !== null) return conflict;
      const view = views.get(operation.process);
      if (view === undefined || zxidOf(operation) > zxidOf(view))
        views.set(operation.process, operation);
      if (latest !== null && zxidOf(operation) <= zxidOf(latest)) continue;
      latest = operation;
      latestIndex = ~end;
    }
    return null;
  }

  private checkRealTime(write: Answer, before: Answer | null): Conflict | null {
    if (before === null || zxidOf(before) < zxidOf(write)) return null;
    return {
      operations: [before, write],
      explanation: [
        `${nameOperation(write)} took effect at zxid ${write.zxid}`,
        `${nameOperation(before)} had told of zxid ${before.zxid} before that was asked for`,
      ],
    };
  }

  /** @param seen what had the latest zxid of all that the process had seen */
  private checkView(get: Answer, seen: Answer | undefined): Conflict | null {
    if (seen === undefined) return null;
    const next = this.znodes.of(get.key).get(get.version)?.next ?? null;
    if (next === null || next.stamp > zxidOf(seen)) return null;
    const shows = `${nameOperation(get)} shows version ${get.version}`;
    const knew = `${nameOperation(seen)} had told the same process of zxid ${seen.zxid}`;
    if (seen.key === get.key && seen.version >= next.version) {
      return {
        operations: [seen, get],
        explanation: [shows, `${knew}, which is of version ${seen.version}`],
      };
    }
    const writer = next.writer ?? next.witness;
    const operations = writer === null ? [seen, get] : [writer, seen, get];
    const came = `by then ${nameObject(get.key)} had come to version ${next.version}, at zxid ${next.stamp}`;
    const told = writer === null ? [] : [`${nameOperation(writer)} tells of that`];
    return { operations, explanation: [shows, knew, came, ...told] };
  }

  private fillGaps(): Conflict | null {
    let proofs: EarliestProofs | null = null;
    return first(this.znodes.all, (znode) => {
      const refusals = this.refusals.get(znode) ?? [];
      if (!znode.hasGaps && refusals.length === 0) return null;
      proofs ??= new EarliestProofs(this.operations);
      return fillGaps(znode, proofs, refusals);
    });
  }

  /** A cas that failed did so at a moment when the version was another than it expected. */
  private checkComparisons(ends: Int32Array): Conflict | null {
    const { operations } = this;
    /** The write with the lowest zxid of those that are asked for later. */
    let later: Answer | null = null;
    for (let index = ends.length - 1; index >= 0; index--) {
      const end = ends[index] ?? 0;
      const operation = operations[end < 0 ? ~end : end];
      if (operation === undefined) continue;
      if (end >= 0) {
        if (!isAnswer(operation) || isRead(operation)) continue;
        if (later === null || zxidOf(operation) < zxidOf(later)) later = operation;
      } else if (operation.outcome === 'fail' && operation.f === 'cas') {
        const conflict = this.compare(operation, this.answerAt(this.floors[~end]), later);
        if (conflict !== null) return conflict;
      }
    }
    return null;
  }

  private compare(
    cas: RecordedOperation,
    before: Answer | null,
    later: Answer | null,
  ): Conflict | null {
    const znode = this.znodes.of(cas.key);
    const expected = znode.get(expectedVersion(cas) ?? -1);
    if (expected === undefined || expected.stamp > (before === null ? 0 : zxidOf(before)))
      return null;
    const { next, version } = expected;
    if (next === null || next.version > version + 1 || next.writer === null) {
      this.addRefusal(znode, { cas, version: version + 1 });
    }
    if (next === null || next.version > version + 1 || later === null) return null;
    return next.stamp < zxidOf(later) ? null : wronglyRefused(cas, expected, next, before, later);
  }

  private addRefusal(znode: ZnodeVersions, refusal: Refusal): void {
    const refusals = this.refusals.get(znode);
    if (refusals === undefined) this.refusals.set(znode, [refusal]);
    else refusals.push(refusal);
  }

  private answerAt(index: number | undefined): Answer | null {
    const operation = this.operations[index ?? -1];
    return operation !== undefined && isAnswer(operation) ? operation : null;
  }
}

function wronglyRefused(
  cas: RecordedOperation,
  expected: Version,
  next: Version,
  before: Answer | null,
  later: Answer,
): Conflict {
  const known = [before, expected.witness, later, next.writer ?? next.witness];
  return {
    operations: [...new Set([cas, ...known.filter((operation) => operation !== null)])],
    explanation: [
      `${nameOperation(cas)} failed, as if ${nameObject(cas.key)} had not had version ${expected.version}`,
      `it had, from zxid ${expected.stamp}, which was known before`,
      `to zxid ${next.stamp}, which came only with or after ${nameOperation(later)}`,
    ],
  };
}

function first<Item>(
  items: readonly Item[],
  look: (item: Item) => Conflict | null,
): Conflict | null {
  for (const item of items) {
    const conflict = look(item);
    if (conflict !== null) return conflict;
  }
  return null;
}
