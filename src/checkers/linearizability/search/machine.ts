import { mix } from '../hash.ts';
import type { MemoryBudget } from '../memory-budget.ts';
import type { HistoryModel } from '../model.ts';
import type { RecordedOperation } from '../operation.ts';
import { ListIds, textOf, ValueIds } from '../values.ts';

/** What {@link Machine.next} answers where an operation cannot end as it did. */
export const IMPOSSIBLE = -1;
/** What it answers when there is no memory for another state. */
export const NO_MEMORY = -2;

/** A state, plus one since 0 is a free entry; a kind; and the state after. */
const ENTRY_INTS = 3;
const INITIAL_ENTRIES = 256;
/** Stands before the length of a list, and equals no value. */
const LIST = Symbol('list');
const BYTES_PER_INT = 4;
/** A state of a model, with its key in a table. */
const BYTES_PER_STATE = 200;
/** Of its key; and of what it consists of, unless it is the key itself. */
const BYTES_PER_LETTER = 2;
/** A kind of operations, with its values in tables and its mark. */
const BYTES_PER_KIND = 300;

/**
 * A model in numbers: states and kinds of operations are numbered as they come; a step is done
 * once and then looked up. Operations of one kind are alike in all that the model may look at.
 */
export class Machine<State> {
  private readonly model: HistoryModel<State>;
  private readonly budget: MemoryBudget;
  private readonly states: State[] = [];
  private readonly stateIds = new Map<string | number, number>();
  private readonly samples: RecordedOperation[] = [];
  private readonly kinds = new Map<number, number>();
  private readonly values = new ValueIds();
  private readonly lists = new ListIds();
  /** For each kind, the last {@link Machine.newMark} that it was seen under. */
  marks: Int32Array = new Int32Array(INITIAL_ENTRIES);
  private lastMark = 0;
  private entries = new Int32Array(INITIAL_ENTRIES * ENTRY_INTS);
  private entryCount = 0;
  private entryMask = INITIAL_ENTRIES - 1;

  constructor(model: HistoryModel<State>, budget: MemoryBudget) {
    this.model = model;
    this.budget = budget;
  }

  /** To be written down for each kind that has been looked at; never one that was used before. */
  newMark(): number {
    return ++this.lastMark;
  }

  /** The number of a state, or {@link NO_MEMORY}. */
  idOf(state: State): number {
    const key = this.keyOf(state);
    const known = this.stateIds.get(key);
    if (known !== undefined) return known;
    const letters = typeof key === 'string' ? key.length : 0;
    const bytesPerLetter = typeof state === 'object' ? 2 * BYTES_PER_LETTER : BYTES_PER_LETTER;
    if (!this.budget.take(BYTES_PER_STATE + letters * bytesPerLetter)) return NO_MEMORY;
    const id = this.states.length;
    this.states.push(state);
    this.stateIds.set(key, id);
    return id;
  }

  stateOf(id: number): unknown {
    return this.states[id];
  }

  /** An operation of the kind. */
  sampleOf(kind: number): RecordedOperation {
    return this.samples[kind] as RecordedOperation;
  }

  /** The number of the operation's kind, or {@link NO_MEMORY}. */
  kindOf(operation: RecordedOperation): number {
    const { f, key, input, output, outcome, version, process } = operation;
    const { values, lists, model } = this;
    let id = lists.append(ListIds.EMPTY, values.idOf(f));
    id = lists.append(id, values.idOf(outcome));
    id = this.appendValue(id, input);
    id = this.appendValue(id, outcome === 'info' ? null : output);
    if (version !== undefined) id = lists.append(id, values.idOf(version));
    if (model.byProcess === true) id = lists.append(id, values.idOf(process));
    if (model.partition !== undefined) id = lists.append(id, values.idOf(key));
    const known = this.kinds.get(id);
    if (known !== undefined) return known;
    if (!this.budget.take(BYTES_PER_KIND)) return NO_MEMORY;
    const kind = this.samples.length;
    this.samples.push(operation);
    this.kinds.set(id, kind);
    if (kind === this.marks.length) {
      const marks = new Int32Array(kind * 2);
      marks.set(this.marks);
      this.marks = marks;
    }
    return kind;
  }

  /** Lists are common as arguments: told by their length, then by their members. */
  private appendValue(list: number, value: unknown): number {
    const { values, lists } = this;
    if (!Array.isArray(value)) return lists.append(list, values.idOf(value));
    let id = lists.append(list, values.idOf(LIST));
    id = lists.append(id, values.idOf(value.length));
    for (const member of value as unknown[]) id = lists.append(id, values.idOf(member));
    return id;
  }

  /** Whether no operation of the kind ever changes the state. */
  isObserver(kind: number): boolean {
    const { f, outcome } = this.samples[kind] as RecordedOperation;
    return outcome === 'fail' || this.model.operations?.[f]?.isRead === true;
  }

  /** The state that an operation of the kind leads to, {@link IMPOSSIBLE} or {@link NO_MEMORY}. */
  next(state: number, kind: number): number {
    const { entries, entryMask } = this;
    let slot = mix(mix(0, state), kind) & entryMask;
    for (;;) {
      const at = slot * ENTRY_INTS;
      const found = entries[at] as number;
      if (found === 0) return this.step(state, kind);
      if (found === state + 1 && entries[at + 1] === kind) return entries[at + 2] as number;
      slot = (slot + 1) & entryMask;
    }
  }

  private step(state: number, kind: number): number {
    const sample = this.samples[kind] as RecordedOperation;
    const after = this.model.step(this.states[state] as State, sample);
    const next = after === null ? IMPOSSIBLE : this.idOf(after);
    if (next === NO_MEMORY || !this.growIfFull()) return NO_MEMORY;
    this.put(state + 1, kind, next);
    this.entryCount++;
    return next;
  }

  private growIfFull(): boolean {
    if (this.entryCount * 2 <= this.entryMask) return true;
    const old = this.entries;
    if (!this.budget.take(old.length * 2 * BYTES_PER_INT)) return false;
    this.budget.give(old.length * BYTES_PER_INT);
    this.entries = new Int32Array(old.length * 2);
    this.entryMask = this.entryMask * 2 + 1;
    for (let at = 0; at < old.length; at += ENTRY_INTS) {
      if (old[at] === 0) continue;
      this.put(old[at] as number, old[at + 1] as number, old[at + 2] as number);
    }
    return true;
  }

  private put(stateAndOne: number, kind: number, next: number): void {
    const { entries, entryMask } = this;
    let slot = mix(mix(0, stateAndOne - 1), kind) & entryMask;
    while (entries[slot * ENTRY_INTS] !== 0) slot = (slot + 1) & entryMask;
    entries[slot * ENTRY_INTS] = stateAndOne;
    entries[slot * ENTRY_INTS + 1] = kind;
    entries[slot * ENTRY_INTS + 2] = next;
  }

  private keyOf(state: State): string | number {
    if (this.model.hash !== undefined) return this.model.hash(state);
    return typeof state === 'number' || typeof state === 'string' ? state : textOf(state);
  }
}
