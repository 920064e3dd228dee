/**
 * Something that code waits for.
 *
 * @param resume to be called when it has come, at once or later; only the first call counts
 */
export type Wait<Value> = (resume: (value: Value) => void) => void;

/** Code that is written straight and runs in pieces, from one wait to the next. */
export type Steps<Result> = Generator<Wait<unknown>, Result, unknown>;

/** Stops until what is waited for has come. */
export function* waitFor<Value>(wait: Wait<Value>): Steps<Value> {
  // A task goes on with what the wait has called `resume` with.
  return (yield wait) as Value;
}

/** Thrown into code that shall not go on; it may tidy up and must not wait for anything. */
export class Cancelled extends Error {
  override readonly name = 'Cancelled';
}

/** How a task has ended. */
export type Outcome<Result> =
  | { readonly how: 'finished'; readonly result: Result }
  | { readonly how: 'failed'; readonly error: unknown }
  | { readonly how: 'cancelled' };

/**
 * Carries out steps: begins in `start` and goes on whenever a wait is over, in the call that ends
 * it. No promise is involved, so a run stays synchronous and the same.
 */
export class Task<Result> {
  private readonly steps: Steps<Result>;
  private readonly ended: (outcome: Outcome<Result>) => void;
  /** Which wait is the present one; what ends another is ignored. */
  private turn = 0;
  private isBusy = false;
  private isOver = false;
  private isCancelled = false;

  constructor(steps: Steps<Result>, ended: (outcome: Outcome<Result>) => void) {
    this.steps = steps;
    this.ended = ended;
  }

  start(): void {
    this.advance(() => this.steps.next());
  }

  /** Ends the task where it waits. Nothing happens if it is over. */
  cancel(): void {
    if (this.isOver || this.isCancelled) return;
    this.isCancelled = true;
    this.turn++;
    if (!this.isBusy) this.stop();
  }

  /** Runs until the code waits for something that has not come yet. */
  private advance(first: () => IteratorResult<Wait<unknown>, Result>): void {
    let next = first;
    this.isBusy = true;
    for (;;) {
      const wait = this.step(next);
      if (wait === null) break;
      if (this.isCancelled) {
        this.stop();
        break;
      }
      const come = this.begin(wait);
      if (this.isCancelled) this.stop();
      if (this.isOver || come === null) break;
      next = () => this.steps.next(come.value);
    }
    this.isBusy = false;
  }

  /** @returns what the code waits for next, `null` if it has ended */
  private step(next: () => IteratorResult<Wait<unknown>, Result>): Wait<unknown> | null {
    let outcome: Outcome<Result>;
    try {
      const { done, value } = next();
      if (done !== true) return value;
      outcome = { how: 'finished', result: value };
    } catch (error) {
      outcome = error instanceof Cancelled ? { how: 'cancelled' } : { how: 'failed', error };
    }
    this.end(outcome);
    return null;
  }

  /** @returns what has come at once, `null` if nothing has */
  private begin(wait: Wait<unknown>): { readonly value: unknown } | null {
    const turn = ++this.turn;
    let isBeginning = true;
    const come: { readonly value: unknown }[] = [];
    wait((value) => {
      if (turn !== this.turn) return;
      this.turn++;
      if (isBeginning) come.push({ value });
      else this.advance(() => this.steps.next(value));
    });
    isBeginning = false;
    return come[0] ?? null;
  }

  private stop(): void {
    const wait = this.step(() => this.steps.throw(new Cancelled()));
    if (wait === null) return;
    this.end({ how: 'cancelled' });
  }

  private end(outcome: Outcome<Result>): void {
    this.isOver = true;
    this.ended(outcome);
  }
}

/** Something that happens once, for code to wait for; waiting may begin before it or after. */
export class Signal {
  hasFired = false;
  private resume: (() => void) | null = null;

  fire(): void {
    if (this.hasFired) return;
    this.hasFired = true;
    this.resume?.();
  }

  *wait(): Steps<void> {
    if (this.hasFired) return;
    yield* waitFor<void>((resume) => {
      this.resume = resume;
    });
  }
}
