import type { HistoryModel } from '../../../src/checkers/linearizability/model.ts';
import type { RecordedOperation } from '../../../src/checkers/linearizability/operation.ts';

/** Every order in which some items can stand, those left out included that may be. */
function* orders<Item>(
  items: readonly Item[],
  mayBeLeftOut: (item: Item) => boolean,
): Generator<readonly Item[]> {
  if (items.every(mayBeLeftOut)) yield [];
  for (const item of items) {
    const others = items.filter((other) => other !== item);
    for (const rest of orders(others, mayBeLeftOut)) yield [item, ...rest];
  }
}

/**
 * Whether ZooKeeper may give this history to its sessions: whether some order of the writes, with
 * or without those that nobody answered, agrees with all zxids, versions, values and with time.
 */
export function isRightForSessions(operations: readonly RecordedOperation[]): boolean {
  const isLost = ({ outcome }: RecordedOperation): boolean => outcome === 'info';
  const writes = operations.filter(({ f, outcome }) => f !== 'get' && outcome !== 'fail');
  for (const order of orders(writes, isLost)) {
    if (new WriteOrder(order, operations).isRight()) return true;
  }
  return false;
}

/** One order of writes. States are numbered: state n is that behind the first n writes. */
class WriteOrder {
  private readonly order: readonly RecordedOperation[];
  private readonly operations: readonly RecordedOperation[];

  constructor(order: readonly RecordedOperation[], operations: readonly RecordedOperation[]) {
    this.order = order;
    this.operations = operations;
  }

  isRight(): boolean {
    return (
      this.isInOrderOfZxids() &&
      this.order.every((_, index) => this.isWriteRight(index)) &&
      this.operations.every((operation) => this.isLookRight(operation))
    );
  }

  private versionAt(key: RecordedOperation['key'], state: number): number {
    return this.order.slice(0, state).filter((write) => write.key === key).length;
  }

  /** The state right behind what an answer tells of, and all that has the same zxid. */
  private stateOf({ key, version, zxid }: RecordedOperation): number {
    if (version === 0) return 0;
    const sharing = this.told().filter((other) => other.zxid === zxid && other.version !== 0);
    const state = Math.max(...sharing.map((other) => this.placeOf(other)));
    return this.versionAt(key, state) === version ? state : Number.NaN;
  }

  private placeOf({ key, version }: RecordedOperation): number {
    const of = this.order.map((write, index) => (write.key === key ? index + 1 : 0));
    return of.filter((place) => place > 0)[(version ?? 0) - 1] ?? Number.NaN;
  }

  private told(): RecordedOperation[] {
    return this.operations.filter(({ outcome, zxid }) => outcome === 'ok' && zxid !== undefined);
  }

  /** A zxid is of one state, and later states have higher ones: writes that share one are one. */
  private isInOrderOfZxids(): boolean {
    const points = this.told().map((one) => ({ state: this.stateOf(one), zxid: one.zxid ?? 0 }));
    points.push({ state: 0, zxid: 0 });
    const isOne = this.told().every((a) =>
      this.told().every((b) => !isSameState(a, b) || a.zxid === b.zxid),
    );
    return (
      isOne &&
      points.every((a) => {
        return points.every((b) => Math.sign(a.state - b.state) === Math.sign(a.zxid - b.zxid));
      })
    );
  }

  private isWriteRight(index: number): boolean {
    const write = this.order[index];
    if (write === undefined) return false;
    const { f, key, input, version, invokedAt, outcome } = write;
    const before = this.versionAt(key, index);
    if (f === 'cas' && Array.isArray(input) && input[0] !== before) return false;
    if (outcome === 'ok' && version !== before + 1) return false;
    // Whatever was told before this was asked for is of an earlier state.
    return this.told().every((one) => one.returnedAt > invokedAt || this.stateOf(one) <= index);
  }

  private isLookRight(operation: RecordedOperation): boolean {
    const { f, outcome } = operation;
    if (f === 'get') return outcome !== 'ok' || this.isGetRight(operation);
    return outcome !== 'fail' || this.isRefusalRight(operation);
  }

  private isGetRight(get: RecordedOperation): boolean {
    const { key, version, output, process, invokedAt, returnedAt } = get;
    const state = this.stateOf(get);
    const write = this.order.slice(0, state).findLast((earlier) => earlier.key === key);
    const written = Array.isArray(write?.input) ? write.input[1] : (write?.input ?? null);
    if (Number.isNaN(state) || written !== output) return false;
    if (this.order.slice(0, state).some((earlier) => earlier.invokedAt > returnedAt)) return false;
    const seen = this.told()
      .filter((one) => one.process === process && one.returnedAt < invokedAt)
      .map((one) => this.stateOf(one));
    return this.versionAt(key, Math.max(0, ...seen)) <= (version ?? 0);
  }

  private isRefusalRight({ key, input, invokedAt, returnedAt }: RecordedOperation): boolean {
    const expected = Array.isArray(input) ? input[0] : null;
    const known = this.told()
      .filter((one) => one.returnedAt < invokedAt)
      .map((one) => this.stateOf(one));
    const later = this.order.findIndex((write) => write.invokedAt > returnedAt);
    const last = later < 0 ? this.order.length : later;
    for (let state = Math.max(0, ...known); state <= last; state++) {
      if (this.versionAt(key, state) !== expected) return true;
    }
    return false;
  }
}

function isSameState(a: RecordedOperation, b: RecordedOperation): boolean {
  return a.key === b.key && a.version === b.version;
}

/** Whether some order that each process agrees with gives every answer: all of them are tried. */
export function isSequential(
  operations: readonly RecordedOperation[],
  model: HistoryModel<unknown>,
): boolean {
  const programs = new Map<number, RecordedOperation[]>();
  for (const operation of operations) {
    const { process, f, outcome } = operation;
    if (outcome === 'fail' && model.operations?.[f]?.tellsWhenRefused !== true) continue;
    programs.set(process, [...(programs.get(process) ?? []), operation]);
  }
  return canGoOn([...programs.values()], new Map(), model);
}

function canGoOn(
  programs: readonly (readonly RecordedOperation[])[],
  states: ReadonlyMap<string, unknown>,
  model: HistoryModel<unknown>,
): boolean {
  if (programs.every((program) => program.every(({ outcome }) => outcome === 'info'))) return true;
  return programs.some((program, index) => {
    const [operation, ...rest] = program;
    if (operation === undefined) return false;
    const part = JSON.stringify(model.partition?.(operation) ?? operation.key);
    const before = states.has(part) ? states.get(part) : model.init;
    const after = model.step(before, operation);
    if (after === null) return false;
    return canGoOn(programs.with(index, rest), new Map([...states, [part, after]]), model);
  });
}

/** Whether an order of operations is right, and that in which each process asked for them. */
export function agreesWithPrograms(
  order: readonly RecordedOperation[],
  operations: readonly RecordedOperation[],
  model: HistoryModel<unknown>,
): boolean {
  const needed = operations.filter(({ f, outcome }) => {
    return outcome === 'ok' || (outcome === 'fail' && model.operations?.[f]?.tellsWhenRefused);
  });
  if (!needed.every((operation) => order.includes(operation))) return false;
  const states = new Map<string, unknown>();
  const latest = new Map<number, number>();
  return order.every((operation) => {
    const { process, invokedAt, key } = operation;
    const isNext = invokedAt > (latest.get(process) ?? Number.NEGATIVE_INFINITY);
    latest.set(process, invokedAt);
    const part = JSON.stringify(model.partition?.(operation) ?? key);
    const after = model.step(states.has(part) ? states.get(part) : model.init, operation);
    states.set(part, after);
    return isNext && after !== null;
  });
}
