import { describe, expect, it } from 'vitest';
import {
  Cancelled,
  type Outcome,
  Signal,
  type Steps,
  Task,
  waitFor,
} from '../../../src/client/task.ts';

function start<Result>(steps: Steps<Result>) {
  const outcomes: Outcome<Result>[] = [];
  const task = new Task(steps, (outcome) => outcomes.push(outcome));
  task.start();
  return { task, outcomes };
}

describe('a task', () => {
  it('begins at once and goes on in the call that ends its wait', () => {
    const resumes: ((value: number) => void)[] = [];
    const { outcomes } = start(
      (function* () {
        const first = yield* waitFor<number>((resume) => resumes.push(resume));
        const second = yield* waitFor<number>((resume) => resumes.push(resume));
        return first + second;
      })(),
    );
    expect(resumes).toHaveLength(1);
    resumes[0]?.(1);
    expect(outcomes).toEqual([]);
    resumes[1]?.(2);
    expect(outcomes).toEqual([{ how: 'finished', result: 3 }]);
  });

  it('waits ten thousand times for what is there without growing its stack', () => {
    const { outcomes } = start(
      (function* () {
        let sum = 0;
        for (let n = 0; n < 10_000; n++) sum += yield* waitFor<number>((resume) => resume(1));
        return sum;
      })(),
    );
    expect(outcomes).toEqual([{ how: 'finished', result: 10_000 }]);
  });

  it('takes the first answer to each wait alone', () => {
    const resumes: ((value: string) => void)[] = [];
    const { outcomes } = start(
      (function* () {
        const first = yield* waitFor<string>((resume) => resumes.push(resume));
        return first + (yield* waitFor<string>((resume) => resumes.push(resume)));
      })(),
    );
    resumes[0]?.('a');
    resumes[0]?.('late');
    expect(outcomes).toEqual([]);
    resumes[1]?.('b');
    expect(outcomes).toEqual([{ how: 'finished', result: 'ab' }]);
  });

  it('that throws has failed', () => {
    const error = new Error('on purpose');
    const { outcomes } = start(
      (function* (): Steps<void> {
        yield* waitFor<void>((resume) => resume());
        throw error;
      })(),
    );
    expect(outcomes).toEqual([{ how: 'failed', error }]);
  });

  it('that is cancelled tidies up and hears nothing more', () => {
    const story: string[] = [];
    let resume = (): void => {};
    const { task, outcomes } = start(
      (function* () {
        try {
          yield* waitFor<void>((given) => {
            resume = given;
          });
          story.push('went on');
        } catch (error) {
          story.push(error instanceof Cancelled ? 'cancelled' : 'failed');
          throw error;
        } finally {
          story.push('tidied up');
        }
      })(),
    );
    task.cancel();
    resume();
    task.cancel();
    expect(story).toEqual(['cancelled', 'tidied up']);
    expect(outcomes).toEqual([{ how: 'cancelled' }]);
  });

  it('that its own code cancels ends at its next wait', () => {
    const story: string[] = [];
    const held: { task: Task<void> | null } = { task: null };
    const outcomes: string[] = [];
    const task = new Task<void>(
      (function* () {
        held.task?.cancel();
        story.push('still here');
        yield* waitFor<void>((resume) => resume());
        story.push('never');
      })(),
      ({ how }) => outcomes.push(how),
    );
    held.task = task;
    task.start();
    expect(story).toEqual(['still here']);
    expect(outcomes).toEqual(['cancelled']);
  });

  it('that what it begins to wait for cancels ends there', () => {
    const held: { task: Task<void> | null } = { task: null };
    const outcomes: string[] = [];
    const task = new Task<void>(
      (function* () {
        yield* waitFor<void>(() => held.task?.cancel());
      })(),
      ({ how }) => outcomes.push(how),
    );
    held.task = task;
    task.start();
    expect(outcomes).toEqual(['cancelled']);
  });
});

describe('a signal', () => {
  it('is heard by who waits, and by who waits later', () => {
    const signal = new Signal();
    const early = start(signal.wait());
    expect(early.outcomes).toEqual([]);
    signal.fire();
    signal.fire();
    expect(early.outcomes).toHaveLength(1);
    expect(start(signal.wait()).outcomes).toHaveLength(1);
  });
});
