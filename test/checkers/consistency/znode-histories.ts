import type { RecordedOperation } from '../../../src/checkers/linearizability/operation.ts';
import { RandomStream } from '../../../src/kernel/random.ts';

/** An operation while it is made up. */
export type Draft = { -readonly [Field in keyof RecordedOperation]: RecordedOperation[Field] };

export interface Shape {
  readonly processes: number;
  readonly keys: number;
  readonly operations: number;
  /** How many of a million writes are never answered. */
  readonly lostPpm: number;
}

interface Write {
  readonly key: string;
  readonly version: number;
  readonly value: number;
}

/** Of a process: what it waits for, and how much its server had applied when it last looked. */
interface Process {
  id: number;
  open: Draft | null;
  isDone: boolean;
  view: number;
}

/**
 * A history that a right ZooKeeper gives: writes go through one log, and each process reads from a
 * server of its own that lags behind but never goes back. The place of a write in the log is its
 * zxid.
 */
export function znodeHistory(seed: number, shape: Shape): Draft[] {
  return new Store(seed, shape).run();
}

class Store {
  private readonly random: RandomStream;
  private readonly shape: Shape;
  private readonly log: Write[] = [];
  private readonly operations: Draft[] = [];
  private readonly processes: Process[];
  private place = 0;
  private nextProcess: number;

  constructor(seed: number, shape: Shape) {
    this.random = new RandomStream(String(seed), 'znodes');
    this.shape = shape;
    this.nextProcess = shape.processes;
    this.processes = Array.from({ length: shape.processes }, (_, id) => {
      return { id, open: null, isDone: false, view: 0 };
    });
  }

  run(): Draft[] {
    const isBusy = (): boolean => this.processes.some(({ open }) => open !== null);
    while (this.operations.length < this.shape.operations || isBusy()) {
      this.step(this.random.pick(this.processes));
    }
    return this.operations;
  }

  private step(process: Process): void {
    const { open } = process;
    if (open === null) {
      if (this.operations.length < this.shape.operations) this.invoke(process);
    } else if (!process.isDone) this.carryOut(process, open);
    else this.answer(process, open);
  }

  private invoke(process: Process): void {
    const key = `/k${this.random.below(this.shape.keys)}`;
    const f = this.random.pick(['get', 'get', 'set', 'cas']);
    const value = 100 + this.operations.length;
    const version = this.current(key, this.log.length).version - this.random.below(2);
    const input = f === 'get' ? null : f === 'set' ? value : [version, value];
    const operation: Draft = {
      process: process.id,
      f,
      key,
      input,
      output: null,
      outcome: 'info',
      invokedAt: ++this.place,
      returnedAt: Number.POSITIVE_INFINITY,
    };
    this.operations.push(operation);
    process.open = operation;
    process.isDone = false;
  }

  private carryOut(process: Process, operation: Draft): void {
    const { f, input } = operation;
    const isLost = f !== 'get' && this.random.chance(this.shape.lostPpm);
    // Half of what is lost is carried out first.
    if (isLost && this.random.chance(500_000)) {
      this.giveUp(process);
      return;
    }
    process.isDone = true;
    if (f === 'get') this.read(process, operation);
    else {
      const [expected, value] = Array.isArray(input) ? input : [null, input];
      this.write(process, operation, expected, Number(value));
    }
    if (isLost) this.giveUp(process);
  }

  private read(process: Process, operation: Draft): void {
    process.view = this.random.between(process.view, this.log.length);
    const { version, value, zxid } = this.current(String(operation.key), process.view);
    Object.assign(operation, { outcome: 'ok', output: value, version, zxid });
  }

  private write(process: Process, operation: Draft, expected: unknown, value: number): void {
    const key = String(operation.key);
    const { version } = this.current(key, this.log.length);
    if (expected !== null && expected !== version) {
      operation.outcome = 'fail';
      // Refused in its turn: the process has seen all before that.
      process.view = this.log.length;
      return;
    }
    this.log.push({ key, version: version + 1, value });
    process.view = this.log.length;
    Object.assign(operation, { outcome: 'ok', version: version + 1, zxid: this.log.length });
  }

  private answer(process: Process, operation: Draft): void {
    operation.returnedAt = ++this.place;
    process.open = null;
  }

  /** Nobody hears what became of it, and the process comes back as another one. */
  private giveUp(process: Process): void {
    const { open } = process;
    if (open === null) return;
    open.outcome = 'info';
    open.returnedAt = Number.POSITIVE_INFINITY;
    delete open.version;
    delete open.zxid;
    process.open = null;
    process.id = this.nextProcess++;
    process.view = 0;
  }

  private current(
    key: string,
    length: number,
  ): { version: number; value: number | null; zxid: number } {
    const at = this.log.slice(0, length).findLastIndex((write) => write.key === key);
    const write = this.log[at];
    return write === undefined
      ? { version: 0, value: null, zxid: 0 }
      : { version: write.version, value: write.value, zxid: at + 1 };
  }
}

/** Changes one answer of a history, so that it may be wrong; or not. */
export function tamper(
  operations: readonly RecordedOperation[],
  seed: number,
): RecordedOperation[] {
  const random = new RandomStream(String(seed), 'tamper');
  const answered = operations.filter(({ outcome }) => outcome !== 'info');
  const victim = random.pick(answered.length > 0 ? answered : operations);
  const other = random.pick(operations);
  return operations.map((operation) =>
    operation === victim ? changed(victim, other, random) : operation,
  );
}

function changed(
  victim: RecordedOperation,
  other: RecordedOperation,
  random: RandomStream,
): RecordedOperation {
  const { version, zxid, output, input, f } = other;
  const isShown = victim.f === 'get' && version !== undefined && zxid !== undefined;
  const written = Array.isArray(input) ? input[1] : input;
  if (isShown && random.chance(700_000)) {
    return { ...victim, version, zxid, output: f === 'get' ? output : written };
  }
  if (victim.outcome === 'fail') return { ...victim, input: [random.below(3), 999] };
  const raised = random.pick([-1, 1, 2]);
  return random.chance(500_000)
    ? { ...victim, zxid: Math.max(0, (victim.zxid ?? 0) + raised) }
    : { ...victim, version: Math.max(0, (victim.version ?? 0) + raised) };
}
