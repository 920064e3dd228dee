/**
 * Is there one order of all calls that respects real time, and in which every answer is right?
 *
 * The search of Wing and Gong (1993) with Lowe's memo of configurations (2017): take any call that
 * no other must come before, see whether its answer fits the state, go on with the rest, and never
 * look twice at the same calls placed in the same state.
 */

/** One object as a sequential machine. States are immutable and compared by their keys. */
export interface SequentialModel<State, Input, Output> {
  readonly initial: State;
  /**
   * The state after the call; `null` if the call cannot give this answer here.
   *
   * @param output `undefined` when no answer came: then any would do
   */
  step(state: State, input: Input, output: Output | undefined): State | null;
  /** Equal for equal states, different for others. */
  keyOf(state: State): string;
}

/** A call and its answer. Both times are places in one sequence, no two equal. */
export interface Call<Input, Output> {
  readonly input: Input;
  readonly output: Output | undefined;
  readonly invokedAt: number;
  /** Infinity when no answer came: it may take effect at any time after its invocation, or never. */
  readonly returnedAt: number;
}

export type SearchVerdict = 'linearizable' | 'not linearizable' | 'unknown';

export interface SearchResult {
  readonly verdict: SearchVerdict;
  /** Calls tried; the same for the same history on every machine. */
  readonly steps: number;
}

/** Either end of a call that is not placed yet, in a ring in the order of time. */
class Entry {
  readonly call: number;
  readonly isReturn: boolean;
  previous: Entry = this;
  next: Entry = this;

  constructor(call: number, isReturn: boolean) {
    this.call = call;
    this.isReturn = isReturn;
  }

  insertBefore(next: Entry): void {
    this.previous = next.previous;
    this.next = next;
    this.restore();
  }

  remove(): void {
    this.previous.next = this.next;
    this.next.previous = this.previous;
  }

  /** Undoes the latest removal that is not undone. */
  restore(): void {
    this.previous.next = this;
    this.next.previous = this;
  }
}

/**
 * @param stepsMax how many calls may be tried before the answer is `unknown`: a count and not a
 *   time, so that a seed gives the same verdict everywhere
 */
export function checkLinearizable<State, Input, Output>(
  model: SequentialModel<State, Input, Output>,
  calls: readonly Call<Input, Output>[],
  stepsMax: number,
): SearchResult {
  return new Search(model, calls).run(stepsMax);
}

class Search<State, Input, Output> {
  private readonly model: SequentialModel<State, Input, Output>;
  private readonly calls: readonly Call<Input, Output>[];
  /** Stands before the first and behind the last entry. */
  private readonly end = new Entry(-1, true);
  private readonly returns: (Entry | undefined)[] = [];
  private readonly placed: boolean[];
  private placedCount = 0;
  private readonly seen = new Set<string>();
  private readonly stack: { readonly entry: Entry; readonly state: State }[] = [];
  private state: State;
  /** Answered calls that are not placed yet. The others need not be. */
  private left: number;

  constructor(
    model: SequentialModel<State, Input, Output>,
    unordered: readonly Call<Input, Output>[],
  ) {
    const calls = [...unordered].sort((a, b) => a.invokedAt - b.invokedAt);
    this.model = model;
    this.calls = calls;
    this.state = model.initial;
    this.placed = calls.map(() => false);
    this.left = calls.filter(({ returnedAt }) => returnedAt !== Number.POSITIVE_INFINITY).length;
    this.link();
  }

  run(stepsMax: number): SearchResult {
    let steps = 0;
    let entry = this.end.next;
    while (this.left > 0) {
      if (entry.isReturn || entry === this.end) {
        // Whoever returned here should have been placed by now: the last choice was wrong.
        const last = this.stack.pop();
        if (last === undefined) return { verdict: 'not linearizable', steps };
        this.takeBack(last.entry, last.state);
        entry = last.entry.next;
        continue;
      }
      if (steps++ === stepsMax) return { verdict: 'unknown', steps };
      entry = this.tryPlacing(entry) ? this.end.next : entry.next;
    }
    return { verdict: 'linearizable', steps };
  }

  /** Both ends of every call, in the order of time. */
  private link(): void {
    const ends: { readonly at: number; readonly entry: Entry }[] = [];
    this.calls.forEach(({ invokedAt, returnedAt }, call) => {
      ends.push({ at: invokedAt, entry: new Entry(call, false) });
      if (returnedAt === Number.POSITIVE_INFINITY) return;
      const entry = new Entry(call, true);
      this.returns[call] = entry;
      ends.push({ at: returnedAt, entry });
    });
    ends.sort((a, b) => a.at - b.at);
    for (const { entry } of ends) entry.insertBefore(this.end);
  }

  private tryPlacing(entry: Entry): boolean {
    const { input, output } = this.calls[entry.call] as Call<Input, Output>;
    const next = this.model.step(this.state, input, output);
    if (next === null) return false;
    this.place(entry);
    const configuration = this.configuration(next);
    if (this.seen.has(configuration)) {
      this.takeBack(entry, this.state);
      return false;
    }
    this.seen.add(configuration);
    this.stack.push({ entry, state: this.state });
    this.state = next;
    return true;
  }

  private place(entry: Entry): void {
    this.placed[entry.call] = true;
    this.placedCount++;
    entry.remove();
    const back = this.returns[entry.call];
    if (back === undefined) return;
    back.remove();
    this.left--;
  }

  private takeBack(entry: Entry, state: State): void {
    const back = this.returns[entry.call];
    if (back !== undefined) {
      back.restore();
      this.left++;
    }
    entry.restore();
    this.placed[entry.call] = false;
    this.placedCount--;
    this.state = state;
  }

  /**
   * What is placed, and the state that it leads to. Calls are numbered by their invocation, so all
   * before the first entry of the ring are placed; of the others only those are listed that are.
   */
  private configuration(state: State): string {
    const { next } = this.end;
    const first = next === this.end ? this.calls.length : next.call;
    let window = '';
    let listed = 0;
    for (let call = first; listed < this.placedCount - first; call++) {
      if (this.placed[call] !== true) continue;
      window += `${call - first},`;
      listed++;
    }
    return `${first}/${window}/${this.model.keyOf(state)}`;
  }
}
