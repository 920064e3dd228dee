import { NEVER, type Part } from '../columns.ts';
import type { RecordedOperation } from '../operation.ts';
import { NONE } from './blocks.ts';
import { type Conflict, type PassResult, UNCLEAR } from './pass.ts';

/**
 * Decides a lock: a process holds it for certain from the return of its acquire until it invokes
 * its release, and nobody else may do so at the same time.
 *
 * Unclear if a process asks for something while it waits, or after it has lost an answer.
 *
 * O(n).
 */
export function passLock(
  part: Part,
  operations: readonly RecordedOperation[],
  wantsOrder: boolean,
): PassResult {
  const holds = new Holds(part);
  if (!holds.read(operations)) return UNCLEAR;
  const conflict = holds.conflict ?? holds.findShared();
  if (conflict !== null) return { verdict: 'violation', conflict };
  return { verdict: 'pass', order: wantsOrder ? holds.order() : null };
}

/** Each acquire that was answered, with the release by the same process that follows. */
class Holds {
  /** The first that a process by itself cannot have done. */
  conflict: Conflict | null = null;
  private readonly part: Part;
  /** The release of each acquire, and the acquire of each release; -1 if there is none. */
  private readonly partner: Int32Array;
  private readonly isAcquire: Uint8Array;
  /** The last call of each process. */
  private readonly latest = new Map<number, number>();

  constructor(part: Part) {
    this.part = part;
    this.partner = new Int32Array(part.count).fill(NONE);
    this.isAcquire = new Uint8Array(part.count);
  }

  /** @returns whether each process does one thing after the other */
  read(operations: readonly RecordedOperation[]): boolean {
    const { part } = this;
    for (let call = 0; call < part.count; call++) {
      const { f, process } = operations[part.members[call] as number] as RecordedOperation;
      const before = this.latest.get(process) ?? NONE;
      const isSequential =
        before === NONE || (part.returned[before] as number) < (part.invoked[call] as number);
      if (!isSequential) return false;
      this.latest.set(process, call);
      if (f === 'acquire') this.acquire(call, before);
      else this.release(call, before);
    }
    return true;
  }

  /** Two that hold it at the same time. */
  findShared(): Conflict | null {
    const { part, partner, isAcquire } = this;
    let holder = NONE;
    for (const end of part.ends) {
      const call = end >> 1;
      const isReturn = (end & 1) === 1;
      if (isAcquire[call] === 1 && isReturn) {
        if (holder !== NONE) return this.shared(holder, call);
        holder = call;
      } else if (isAcquire[call] === 0 && !isReturn && partner[call] === holder) holder = NONE;
    }
    return null;
  }

  /** A legal order: one after the other, as their acquires returned. */
  order(): Int32Array {
    const { part, isAcquire } = this;
    const order: number[] = [];
    for (const end of part.ends) {
      const call = end >> 1;
      if ((end & 1) === 0 || isAcquire[call] === 0) continue;
      order.push(...this.holdOf(call));
    }
    return Int32Array.from(order);
  }

  private acquire(call: number, before: number): void {
    // One without an answer that has no release behind it did best by doing nothing.
    if (this.part.returned[call] === NEVER) return;
    this.isAcquire[call] = 1;
    if (before !== NONE && this.isAcquire[before] === 1)
      this.conflict ??= this.shared(before, call);
  }

  private release(call: number, before: number): void {
    if (before !== NONE && this.isAcquire[before] === 1) {
      this.partner[before] = call;
      this.partner[call] = before;
    } else if (this.part.returned[call] !== NEVER) {
      const held = before === NONE ? [] : [this.partner[before] as number, before];
      this.conflict ??= { kind: 'unheld', release: call, calls: [...held, call] };
    }
  }

  private shared(first: number, second: number): Conflict {
    const calls = [...this.holdOf(first), ...this.holdOf(second)];
    return { kind: 'shared', holders: [first, second], calls };
  }

  private holdOf(acquire: number): number[] {
    const release = this.partner[acquire] as number;
    return release === NONE ? [acquire] : [acquire, release];
  }
}
