import type { Outcome, RecordedOperation } from '../checkers/linearizability/operation.ts';
import { hint, showValue } from '../scenario/issues.ts';
import { type HistoryEvent, Mistake } from './event.ts';
import type { HistoryFormat, OperationFormat } from './formats.ts';

/** An operation that is written down while it is read. */
class Recording implements RecordedOperation {
  readonly process: number;
  readonly f: string;
  readonly key: string | number | null;
  readonly input: unknown;
  output: unknown = null;
  outcome: Outcome = 'info';
  readonly invokedAt: number;
  returnedAt = Number.POSITIVE_INFINITY;
  declare version?: number;
  declare zxid?: number;

  constructor(
    process: number,
    f: string,
    key: string | number | null,
    input: unknown,
    invokedAt: number,
  ) {
    this.process = process;
    this.f = f;
    this.key = key;
    this.input = input;
    this.invokedAt = invokedAt;
  }
}

/** A call that its process waits for. */
interface Call {
  readonly operation: Recording;
  readonly format: OperationFormat;
}

const TYPES = ['invoke', 'ok', 'fail', 'info'];

/** Makes operations of events, and refuses what is no history. */
export class Recorder {
  /** In the order of their invocation. */
  readonly operations: RecordedOperation[] = [];
  private readonly format: HistoryFormat;
  private readonly open = new Map<number, Call>();
  /** Processes that never heard of a call again, and where that stands. */
  private readonly ended = new Map<number, number>();

  constructor(format: HistoryFormat) {
    this.format = format;
  }

  /**
   * @param place of the event in the history; greater than those before
   * @throws {@link Mistake} if the event cannot follow the others
   */
  record(event: HistoryEvent, place: number): void {
    const { process, type } = event;
    if (!isProcess(process)) {
      throw wrong('process', process, 'a whole number, of who asks');
    }
    switch (type) {
      case 'invoke':
        this.invoke(process, event, place);
        return;
      case 'ok':
      case 'fail':
      case 'info':
        this.complete(process, type, event, place);
        return;
      default:
        throw wrong('type', type, oneOf(type, TYPES));
    }
  }

  private invoke(process: number, event: HistoryEvent, place: number): void {
    const before = this.open.get(process);
    if (before !== undefined) {
      throw new Mistake(
        `process ${process} calls again, and its call at ${before.operation.invokedAt} has no answer; each process has one call at a time, ended by ok, fail or info`,
      );
    }
    const lostAt = this.ended.get(process);
    if (lostAt !== undefined) {
      throw new Mistake(
        `process ${process} calls again after its info at ${lostAt}; its next incarnation has a number of its own`,
      );
    }
    const { f, value } = event;
    const format = typeof f === 'string' ? this.format.operations.get(f) : undefined;
    if (format === undefined || typeof f !== 'string') {
      const choices = [...this.format.operations.keys()];
      throw wrong('f', f, `one of those of ${this.format.model}: ${oneOf(f, choices)}`);
    }
    const key = this.keyOf(event);
    if (!format.argument.fits(value)) {
      throw wrong(`the value that ${f} is called with`, value, format.argument.right);
    }
    const operation = new Recording(process, f, key, value, place);
    this.open.set(process, { operation, format });
    this.operations.push(operation);
  }

  private complete(process: number, type: Outcome, event: HistoryEvent, place: number): void {
    const call = this.open.get(process);
    if (call === undefined) {
      throw new Mistake(
        `process ${process} has an ${type} without an invoke before it; each answer follows the call that it ends`,
      );
    }
    const { operation } = call;
    this.compare(event, operation);
    this.open.delete(process);
    if (type === 'info') {
      this.ended.set(process, place);
      return;
    }
    operation.returnedAt = place;
    if (type === 'ok') this.answer(event, call);
    // What failed without a comparison had no effect, as what nobody asked for.
    else if (operation.f === 'cas' && !event.hasCompared) this.forget(operation);
    operation.outcome = type;
  }

  /** Whether what ends is what has begun. */
  private compare({ f, key }: HistoryEvent, operation: RecordedOperation): void {
    if (f !== null && f !== operation.f) {
      throw wrong('f', f, `${operation.f}, as called at ${operation.invokedAt}`);
    }
    if (key !== null && key !== operation.key) {
      throw wrong('key', key, `${showValue(operation.key)}, as called at ${operation.invokedAt}`);
    }
  }

  private answer({ value, version, zxid }: HistoryEvent, { operation, format }: Call): void {
    const { f, input } = operation;
    if (format.answer !== null) {
      if (!format.answer.fits(value)) {
        throw wrong(`the value that ${f} is answered with`, value, format.answer.right);
      }
      operation.output = value;
    } else if (value !== null && !isSame(value, input)) {
      throw wrong(
        'value',
        value,
        `${showValue(input)}, as called at ${operation.invokedAt}, or none`,
      );
    }
    if (!this.format.hasVersions) return;
    operation.version = countOf('version', version);
    operation.zxid = countOf('zxid', zxid);
  }

  private forget(operation: Recording): void {
    const at = this.operations.lastIndexOf(operation);
    this.operations.splice(at, 1);
  }

  private keyOf({ key }: HistoryEvent): string | number | null {
    const { keys, model } = this.format;
    if (key === null) {
      if (keys !== 'required') return null;
      throw new Mistake(`key is missing; each operation of ${model} says of which object it is`);
    }
    if (keys === 'none') {
      throw new Mistake(`${model} is one object and takes no key; with keys it is kv-register`);
    }
    if (typeof key === 'string' || typeof key === 'number') return key;
    throw wrong('key', key, 'text or a number');
  }
}

function isProcess(value: unknown): value is number {
  return Number.isSafeInteger(value);
}

function countOf(field: string, value: unknown): number {
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return value;
  throw wrong(field, value, 'a whole number, on each ok of a znode');
}

function isSame(a: unknown, b: unknown): boolean {
  return a === b || (typeof a === 'object' && JSON.stringify(a) === JSON.stringify(b));
}

function wrong(what: string, value: unknown, right: string): Mistake {
  if (value === null || value === undefined) {
    return new Mistake(`${what} is missing; it should be ${right}`);
  }
  return new Mistake(`${what} is ${showValue(value)}; it should be ${right}`);
}

function oneOf(given: unknown, choices: readonly string[]): string {
  const likely = typeof given === 'string' ? hint(given, choices) : '';
  return likely === '' ? choices.join(', ') : `${choices.join(', ')} (${likely})`;
}
