import type { RecordedOperation } from '../linearizability/operation.ts';

/** Operations as each process has asked for them, one after the other. Numbered from 0. */
export class Programs {
  readonly operations: readonly RecordedOperation[];
  /** For each operation the next one of its process; -1 behind the last. */
  readonly next: Int32Array;
  /** The first of each process, in the order of their invocation. */
  readonly heads: readonly number[];
  private readonly numbers = new Map<RecordedOperation, number>();

  /** @param operations in the order of their invocation */
  constructor(operations: readonly RecordedOperation[]) {
    this.operations = operations;
    this.next = new Int32Array(operations.length).fill(-1);
    const heads: number[] = [];
    const lasts = new Map<number, number>();
    operations.forEach((operation, number) => {
      this.numbers.set(operation, number);
      const last = lasts.get(operation.process);
      if (last === undefined) heads.push(number);
      else this.next[last] = number;
      lasts.set(operation.process, number);
    });
    this.heads = heads;
  }

  at(number: number): RecordedOperation | undefined {
    return this.operations[number];
  }

  nextOf(number: number): number {
    return this.next[number] ?? -1;
  }

  numberOf(operation: RecordedOperation): number {
    return this.numbers.get(operation) ?? -1;
  }
}
