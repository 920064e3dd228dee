import type { RecordedOperation } from '../linearizability/operation.ts';
import { pairOf, textOf } from '../linearizability/values.ts';

/**
 * What is still to come of a register's values. A value that somebody will still read, and that
 * nobody will write again, must not be overwritten.
 */
export class LookAhead {
  private readonly readers = new Map<string, number>();
  private readonly writers = new Map<string, number>();

  private readonly isRegister: boolean;

  /** @param isRegister whether operations are of registers: of others nothing is known */
  constructor(operations: readonly RecordedOperation[], isRegister: boolean) {
    this.isRegister = isRegister;
    for (const operation of operations) this.put(operation, 1);
  }

  /** @param value what the operation would write over */
  mayOverwrite({ key }: RecordedOperation, value: unknown): boolean {
    const text = textOf([key, value]);
    return (this.readers.get(text) ?? 0) === 0 || (this.writers.get(text) ?? 0) > 0;
  }

  /** @param by 1 if the operation is still to come, -1 if it has a place */
  put({ f, key, input, output, outcome }: RecordedOperation, by: 1 | -1): void {
    if (!this.isRegister) return;
    if (f === 'read') add(this.readers, textOf([key, output]), by);
    else if (f === 'write') add(this.writers, textOf([key, input]), by);
    else if (f === 'cas' && outcome !== 'fail') {
      const [from, to] = pairOf(input);
      // One without an answer need not have found what it asked for.
      if (outcome === 'ok') add(this.readers, textOf([key, from]), by);
      add(this.writers, textOf([key, to]), by);
    }
  }
}

function add(counts: Map<string, number>, text: string, by: number): void {
  counts.set(text, (counts.get(text) ?? 0) + by);
}
