import type { RecordedOperation } from '../linearizability/operation.ts';
import type { Programs } from './programs.ts';
import { expectedVersion, isAnswer, isRead } from './znode-answers.ts';

/** One write after the other, with what each makes. */
export interface WriteOrder {
  readonly write: RecordedOperation;
  readonly version: number;
}

/**
 * Carries out writes in a given order, and everything else as soon as it fits: what only looks can
 * never be too early.
 *
 * @param lost writes without an answer that have no place in the order; none needs one
 * @returns all operations in an order that every process agrees with; `null` if the writes' order
 *   does not lead to one
 */
export function replayZnodes(
  programs: Programs,
  order: readonly WriteOrder[],
): RecordedOperation[] | null {
  return new Replay(programs).run(order);
}

class Replay {
  private readonly programs: Programs;
  /** What each process has to do next, by what it had to do first. */
  private readonly isNext: Uint8Array;
  private readonly placed: RecordedOperation[] = [];
  private readonly versions = new Map<string | number | null, number>();
  /** Those that wait for another version of a znode. */
  private readonly waiting = new Map<string | number | null, number[]>();

  constructor(programs: Programs) {
    this.programs = programs;
    this.isNext = new Uint8Array(programs.operations.length);
  }

  run(order: readonly WriteOrder[]): RecordedOperation[] | null {
    const { programs, isNext, placed } = this;
    for (const head of programs.heads) this.advance(head);
    for (const { write, version } of order) {
      const number = programs.numberOf(write);
      if (isNext[number] !== 1 || version !== this.versionOf(write.key) + 1) return null;
      this.apply(number, write);
    }
    this.useLostWrites();
    return placed.length + this.countLeftOut() === programs.operations.length ? placed : null;
  }

  private versionOf(key: string | number | null): number {
    return this.versions.get(key) ?? 0;
  }

  /** Goes on with a process from its operation `number`, as long as it only looks. */
  private advance(number: number): void {
    const { programs, placed, isNext } = this;
    for (let at = number; at >= 0; at = programs.nextOf(at)) {
      const operation = programs.at(at);
      if (operation === undefined) return;
      isNext[at] = 1;
      if (isWrite(operation)) return;
      if (!this.fits(operation)) {
        this.wait(operation.key, at);
        return;
      }
      isNext[at] = 0;
      placed.push(operation);
    }
  }

  private fits(operation: RecordedOperation): boolean {
    const version = this.versionOf(operation.key);
    if (isAnswer(operation)) return operation.version === version;
    return expectedVersion(operation) !== version;
  }

  private wait(key: string | number | null, number: number): void {
    const waiting = this.waiting.get(key);
    if (waiting === undefined) this.waiting.set(key, [number]);
    else waiting.push(number);
  }

  private apply(number: number, write: RecordedOperation): void {
    this.isNext[number] = 0;
    this.placed.push(write);
    this.versions.set(write.key, this.versionOf(write.key) + 1);
    const awake = this.waiting.get(write.key) ?? [];
    this.waiting.delete(write.key);
    for (const waiter of awake) this.advance(waiter);
    this.advance(this.programs.nextOf(number));
  }

  /** A cas that still waits for another version may have seen that of a write without an answer. */
  private useLostWrites(): void {
    const { programs, isNext } = this;
    programs.operations.forEach((operation, number) => {
      if (isNext[number] !== 1 || operation.outcome !== 'info') return;
      const expected = expectedVersion(operation);
      const isUseful = this.waiting.has(operation.key);
      const isRight = expected === null || expected === this.versionOf(operation.key);
      if (isUseful && isRight) this.apply(number, operation);
    });
  }

  private countLeftOut(): number {
    const { programs, isNext } = this;
    return programs.operations.filter((operation, number) => {
      return operation.outcome === 'info' && isNext[number] === 1;
    }).length;
  }
}

function isWrite(operation: RecordedOperation): boolean {
  return operation.outcome !== 'fail' && !isRead(operation);
}
