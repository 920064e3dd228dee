import type { RecordedOperation } from '../linearizability/operation.ts';
import { nameObject, nameOperation, showValue } from '../linearizability/phrases.ts';
import { isSame } from '../linearizability/values.ts';
import { type Answer, contentOf, expectedVersion, isAnswer, isRead } from './znode-answers.ts';

/** Operations that contradict each other, and how. */
export interface Conflict {
  readonly operations: readonly RecordedOperation[];
  readonly explanation: readonly string[];
  /** Whether it is about what nobody did, which the operations alone cannot show. */
  readonly isOfAbsence?: boolean;
}

/** One state of a znode, as answers tell of it. */
export interface Version {
  readonly version: number;
  /** Rises with the versions: the zxid, or where zxids are not looked at the version. */
  readonly stamp: number;
  readonly value: unknown;
  /** The first answer that tells of it; of the first version nobody needs to tell. */
  readonly witness: Answer | null;
  /** Whose write it is, if that was answered. */
  writer: Answer | null;
  /** The next later version that answers tell of. */
  next: Version | null;
}

/** The zxid of an answer, or its version where zxids are not looked at. */
export type StampOf = (answer: Answer) => number;

/** All that a history says of one znode. */
export class ZnodeVersions {
  readonly key: string | number | null;
  /** Writes without an answer, in the order of their invocation. */
  readonly lost: RecordedOperation[] = [];
  private readonly stampOf: StampOf;
  private readonly byNumber = new Map<number, Version>();
  private highest = 0;
  private writtenCount = 0;

  constructor(key: string | number | null, stampOf: StampOf) {
    this.key = key;
    this.stampOf = stampOf;
    const first = { version: 0, stamp: 0, value: null, witness: null, writer: null, next: null };
    this.byNumber.set(0, first);
  }

  /** Whether there are versions that no answered write has made. */
  get hasGaps(): boolean {
    return this.highest > this.writtenCount;
  }

  get(version: number): Version | undefined {
    return this.byNumber.get(version);
  }

  /** @returns what contradicts the answer, if anything does */
  add(answer: Answer): Conflict | null {
    const { version } = answer;
    const stamp = this.stampOf(answer);
    const isWrite = !isRead(answer);
    const expected = expectedVersion(answer);
    if (expected !== null && version !== expected + 1) {
      return alone(answer, `has made version ${version} of one that was to be ${expected}`);
    }
    if (version > this.highest) this.highest = version;
    if (isWrite) this.writtenCount++;
    const known = this.byNumber.get(version);
    if (known === undefined) {
      const writer = isWrite ? answer : null;
      const value = contentOf(answer);
      this.byNumber.set(version, { version, stamp, value, witness: answer, writer, next: null });
      return null;
    }
    const conflict = contradiction(known, answer, stamp);
    if (conflict === null && isWrite) known.writer = answer;
    return conflict;
  }

  /**
   * Puts the versions in order.
   *
   * @returns two whose zxids do not rise, if there are any
   */
  link(): Conflict | null {
    let previous: Version | null = null;
    for (const version of this.inOrder()) {
      if (previous !== null) {
        previous.next = version;
        if (version.stamp <= previous.stamp) return this.falling(previous, version);
      }
      previous = version;
    }
    return null;
  }

  /** All that answers tell of, the lowest first. */
  inOrder(): Version[] {
    return [...this.byNumber.values()].sort((a, b) => a.version - b.version);
  }

  private falling(earlier: Version, later: Version): Conflict {
    const zxids = `at zxid ${earlier.stamp}, and to version ${later.version} at zxid ${later.stamp}`;
    return {
      operations: [earlier.witness, later.witness].filter((witness) => witness !== null),
      explanation: [
        `${nameObject(this.key)} came to version ${earlier.version} ${zxids}: zxids rise with the versions`,
        ...tellers(earlier, later),
      ],
    };
  }
}

function tellers(...versions: readonly Version[]): string[] {
  return versions.flatMap(({ version, witness }) => {
    return witness === null ? [] : [`${nameOperation(witness)} tells of version ${version}`];
  });
}

function alone(answer: Answer, what: string): Conflict {
  return { operations: [answer], explanation: [`${nameOperation(answer)} ${what}`] };
}

/** Why an answer cannot be about the version that another has told of. */
function contradiction(known: Version, answer: Answer, stamp: number): Conflict | null {
  const { version, witness, writer } = known;
  const isWrite = !isRead(answer);
  if (isWrite && version === 0) return alone(answer, 'has made version 0, which no write makes');
  if (isWrite && writer !== null) {
    const [first, second] = [nameOperation(writer), nameOperation(answer)];
    const explanation = [`${first} and ${second} have both made version ${version}`];
    return { operations: [writer, answer], explanation };
  }
  const isSameState = stamp === known.stamp && isSame(contentOf(answer), known.value);
  if (isSameState) return null;
  const other = writer ?? witness;
  const was = stamp === known.stamp ? showValue(known.value) : `of zxid ${known.stamp}`;
  const is = stamp === known.stamp ? showValue(contentOf(answer)) : `of zxid ${stamp}`;
  return {
    operations: other === null ? [answer] : [other, answer],
    explanation: [
      `to ${nameOperation(answer)} version ${version} is ${is}`,
      other === null
        ? `the znode begins with version 0, which is ${was}`
        : `to ${nameOperation(other)} it is ${was}`,
    ],
  };
}

/** Sorts a history by its znodes. */
export class Znodes {
  readonly all: ZnodeVersions[] = [];
  private readonly stampOf: StampOf;
  private readonly byKey = new Map<string | number | null, ZnodeVersions>();

  constructor(stampOf: StampOf) {
    this.stampOf = stampOf;
  }

  /** @returns the first contradiction among the answers about one version */
  gather(operations: readonly RecordedOperation[]): Conflict | null {
    for (const operation of operations) {
      const versions = this.of(operation.key);
      if (operation.outcome === 'info' && !isRead(operation)) versions.lost.push(operation);
      if (!isAnswer(operation)) continue;
      const conflict = versions.add(operation);
      if (conflict !== null) return conflict;
    }
    return null;
  }

  of(key: string | number | null): ZnodeVersions {
    let versions = this.byKey.get(key);
    if (versions === undefined) {
      versions = new ZnodeVersions(key, this.stampOf);
      this.byKey.set(key, versions);
      this.all.push(versions);
    }
    return versions;
  }
}
