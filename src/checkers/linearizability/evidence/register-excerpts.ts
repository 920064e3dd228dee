import type { HistoryModel } from '../model.ts';
import type { RecordedOperation } from '../operation.ts';
import { nameAnswered, nameOperation, showValue } from '../phrases.ts';
import { pairOf, ValueIds } from '../values.ts';
import { type Excerpts, type Judged, LOOKS_PER_STEP, returnOf } from './excerpts.ts';

const NONE = -1;

/** A moment at which the register certainly had a value. */
interface Certain {
  readonly invokedAt: number;
  readonly value: number;
}

/** An element of a set is a register that says whether it is in. */
function writtenBy({ f, input }: RecordedOperation): unknown {
  if (f === 'add' || f === 'remove') return f === 'add';
  return f === 'cas' ? pairOf(input)[1] : input;
}

/**
 * Excerpts of a register, or of an element of a set. A read proves something where all writes are
 * there that it may have found: those of its value that were asked for before it ended, unless
 * something in the excerpt comes between the two that shows another value. A cas that finds what is not there counts as a write.
 */
export class RegisterExcerpts implements Excerpts {
  private readonly calls: readonly RecordedOperation[];
  private readonly model: HistoryModel<unknown>;
  private readonly values = new ValueIds();
  /** What each call finds and what it leaves behind; -1 for nothing. */
  private readonly finds: Int32Array;
  private readonly leaves: Int32Array;
  /** The calls that may have written each value, in the order of invocation. */
  private readonly writers: number[][] = [];
  private readonly writersMost: number;

  constructor(calls: readonly RecordedOperation[], model: HistoryModel<unknown>) {
    this.calls = calls;
    this.model = model;
    this.finds = Int32Array.from(calls, ({ f, input, output }, call) => {
      if (this.isRead(call)) return this.values.idOf(output);
      return f === 'cas' ? this.values.idOf(pairOf(input)[0]) : NONE;
    });
    this.leaves = Int32Array.from(calls, (operation, call) => {
      if (this.isRead(call)) return this.finds[call] as number;
      return operation.outcome === 'fail' ? NONE : this.values.idOf(writtenBy(operation));
    });
    for (let value = 0; value < this.values.size; value++) this.writers.push([]);
    for (let call = 0; call < calls.length; call++) {
      const value = this.leaves[call] as number;
      if (!this.isRead(call) && value !== NONE) this.writers[value]?.push(call);
    }
    this.writersMost = this.writers.reduce((most, { length }) => Math.max(most, length), 0);
  }

  effort(count: number): number {
    return (count * (count + this.writersMost)) / LOOKS_PER_STEP;
  }

  judged(excerpt: readonly number[]): Judged {
    const isThere = new Set(excerpt);
    const operations = excerpt.flatMap((call): RecordedOperation[] => {
      const operation = this.calls[call] as RecordedOperation;
      const hasFound = this.isRead(call) || operation.f === 'cas';
      if (!hasFound || this.showsAll(call, excerpt, isThere)) return [operation];
      const isWrite = operation.f === 'cas' && operation.outcome !== 'fail';
      return isWrite ? [{ ...operation, f: 'write', input: pairOf(operation.input)[1] }] : [];
    });
    return { operations, model: this.model };
  }

  /** For what is found but not written here, the last write of it; else the first. */
  context(excerpt: readonly number[]): number[] {
    const written = new Set(excerpt.filter((call) => !this.isRead(call)).map(this.left));
    const missing = new Set(excerpt.filter((call) => this.isRead(call)).map(this.left));
    return [...missing].flatMap((value) => {
      const writers = this.writers[value] ?? [];
      if (written.has(value) || writers.length === 0) return [];
      const readers = excerpt.filter((call) => this.leaves[call] === value);
      const last = Math.max(...readers.map((call) => returnOf(this.operation(call))));
      const before = writers.filter((call) => this.operation(call).invokedAt < last);
      return [before.at(-1) ?? (writers[0] as number)];
    });
  }

  remarks(excerpt: readonly number[]): string[] {
    const shown = new Set(excerpt);
    const readers = excerpt.filter((call) => {
      return this.isRead(call) && this.showsAll(call, excerpt, shown);
    });
    const byValue = new Map(readers.map((reader) => [this.left(reader), reader]));
    const told = [...byValue.values()].flatMap((reader) => this.remarksOnRead(reader, excerpt));
    return [...told, ...this.remarksOnWrites(excerpt, shown)];
  }

  /** Why the read has not found what somebody else has written. */
  private remarksOnRead(reader: number, excerpt: readonly number[]): string[] {
    const { f, output, invokedAt, returnedAt } = this.operation(reader);
    const isFirst = output === null || output === false;
    const write =
      f === 'read' ? `write of ${showValue(output)}` : output === true ? 'add' : 'remove';
    const writers = this.writers[this.left(reader)] ?? [];
    if (writers.length === 0) return isFirst ? [] : [`In the whole history there is no ${write}.`];
    const hidden = writers.filter((call) => !excerpt.includes(call));
    if (hidden.length === 0) return [];
    const early = hidden.filter((call) => this.operation(call).invokedAt < returnedAt);
    const ends = early.map((call) => returnOf(this.operation(call)));
    const witness = excerpt.find((call) => {
      const isBetween = this.operation(call).invokedAt > Math.max(...ends);
      const isBefore = returnOf(this.operation(call)) < invokedAt;
      return isBetween && isBefore && ![NONE, this.left(reader)].includes(this.left(call));
    });
    const late = early.length < hidden.length ? ['began too late to be seen here'] : [];
    const name = witness === undefined ? 'others' : nameAnswered(this.operation(witness));
    const gone = early.length > 0 ? [`ended before ${name}, which shows that it was gone`] : [];
    return [`Every other ${write} ${[...gone, ...late].join(', or ')}.`];
  }

  private remarksOnWrites(excerpt: readonly number[], shown: Set<number>): string[] {
    const counted = excerpt.filter((call) => {
      const { f, outcome } = this.operation(call);
      return f === 'cas' && outcome !== 'fail' && !this.showsAll(call, excerpt, shown);
    });
    if (counted.length === 0) return [];
    const names = counted.map((call) => nameOperation(this.operation(call)));
    return [`Of ${names.join(', ')} only what it wrote counts here, not what it found.`];
  }

  private readonly left = (call: number): number => this.leaves[call] as number;

  private operation(call: number): RecordedOperation {
    return this.calls[call] as RecordedOperation;
  }

  private isRead(call: number): boolean {
    const { f } = this.operation(call);
    return f === 'read' || f === 'contains';
  }

  /** Whether the call can have found nothing but what the excerpt shows. */
  private showsAll(call: number, excerpt: readonly number[], isThere: Set<number>): boolean {
    const { outcome, invokedAt } = this.operation(call);
    const before = this.certainBefore(excerpt, invokedAt);
    const found = this.finds[call] as number;
    const isHidden = (writer: number): boolean => {
      return !isThere.has(writer) && this.mayBeFound(writer, call, before);
    };
    if (outcome !== 'fail') return !this.writers[found]?.some(isHidden);
    return !this.writers.some((writers, value) => value !== found && writers.some(isHidden));
  }

  /**
   * Of what had ended before a moment, what was asked for last, and the last of another value:
   * whatever is hidden by any of them is hidden by these.
   */
  private certainBefore(excerpt: readonly number[], moment: number): Certain[] {
    let last: Certain | undefined;
    let other: Certain | undefined;
    for (const call of excerpt) {
      const operation = this.operation(call);
      const value = this.leaves[call] as number;
      if (value === NONE || returnOf(operation) >= moment) continue;
      const certain = { invokedAt: operation.invokedAt, value };
      if (last !== undefined && last.value !== value) other = last;
      last = certain;
    }
    return [last, other].filter((certain) => certain !== undefined);
  }

  private mayBeFound(writer: number, reader: number, before: readonly Certain[]): boolean {
    const written = this.operation(writer);
    if (written.invokedAt > returnOf(this.operation(reader))) return false;
    const end = returnOf(written);
    const value = this.leaves[writer] as number;
    return !before.some((certain) => certain.value !== value && certain.invokedAt > end);
  }
}
