import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Defect } from '../../../src/kernel/assert.ts';
import { type EventHandle, EventQueue, NO_EVENT } from '../../../src/kernel/event-queue.ts';

type Queue = EventQueue<string, string>;

function newQueue(): Queue {
  return new EventQueue();
}

/** Pushes an event that is recognised by its `arg`. */
function push(queue: Queue, at: number, arg: number): EventHandle {
  return queue.push(at, 0, arg, 'owner', 'target');
}

/** Pops all that is pending. */
function drain(queue: Queue): number[] {
  const args: number[] = [];
  while (queue.pop()) args.push(queue.arg);
  return args;
}

describe('an event queue', () => {
  it('gives the events in the order of their times', () => {
    const queue = newQueue();
    [50, 10, 40, 20, 30].forEach((at) => {
      push(queue, at, at);
    });
    expect(drain(queue)).toEqual([10, 20, 30, 40, 50]);
  });

  it('gives events of the same time in the order in which they were pushed', () => {
    const queue = newQueue();
    const args = Array.from({ length: 1000 }, (_, n) => n);
    for (const arg of args) push(queue, 7, arg);
    expect(drain(queue)).toEqual(args);
  });

  it('hands back everything that was pushed with an event', () => {
    const queue = newQueue();
    const handle = queue.push(12, 200, -3.5, 'me', 'that');
    expect(queue.pop()).toBe(true);
    const { at, kind, arg, owner, target } = queue;
    expect({ at, kind, arg, owner, target }).toEqual({
      at: 12,
      kind: 200,
      arg: -3.5,
      owner: 'me',
      target: 'that',
    });
    expect(queue.handle).toBe(handle);
  });

  it('has nothing to give when it is empty', () => {
    const queue = newQueue();
    expect(queue.pop()).toBe(false);
    push(queue, 1, 1);
    drain(queue);
    expect(queue.pop()).toBe(false);
    expect(queue.length).toBe(0);
  });

  it('calls an event before the last one popped a defect', () => {
    const queue = newQueue();
    push(queue, 10, 0);
    queue.pop();
    push(queue, 9, 1);
    expect(() => queue.pop()).toThrow(Defect);
  });
});

describe('a cancelled event', () => {
  it('does not happen, and the others do', () => {
    const queue = newQueue();
    const handles = [30, 10, 20].map((at) => push(queue, at, at));
    expect(queue.cancel(handles[2] ?? NO_EVENT)).toBe(true);
    expect(queue.length).toBe(2);
    expect(drain(queue)).toEqual([10, 30]);
  });

  it('cannot be cancelled again, nor one that has happened, nor none at all', () => {
    const queue = newQueue();
    const first = push(queue, 1, 1);
    const second = push(queue, 2, 2);
    queue.cancel(second);
    expect(queue.cancel(second)).toBe(false);
    queue.pop();
    expect(queue.cancel(first)).toBe(false);
    expect(queue.cancel(NO_EVENT)).toBe(false);
    expect(queue.length).toBe(0);
  });

  it('is not mistaken for the event that has its place in the queue now', () => {
    const queue = newQueue();
    const old = push(queue, 1, 1);
    queue.pop();
    const handles = Array.from({ length: 64 }, (_, n) => push(queue, 2, n));
    expect(handles).not.toContain(old);
    expect(queue.cancel(old)).toBe(false);
    expect(drain(queue)).toHaveLength(64);
  });

  it('gives its place back: there may be far more of them than the queue can hold', () => {
    const queue = newQueue();
    for (let n = 0; n < 2 ** 21 + 1; n++) queue.cancel(push(queue, n, n));
    expect(queue.length).toBe(0);
    push(queue, 1, 1);
    expect(drain(queue)).toEqual([1]);
  });

  it('leaves no trace in the order, however many there are', () => {
    const queue = newQueue();
    const kept: number[] = [];
    for (let n = 0; n < 5000; n++) {
      const handle = push(queue, (n * 7919) % 1000, n);
      if (n % 10 === 0) kept.push(n);
      else queue.cancel(handle);
    }
    expect(queue.length).toBe(kept.length);
    const byTime = kept.toSorted((a, b) => ((a * 7919) % 1000) - ((b * 7919) % 1000) || a - b);
    expect(drain(queue)).toEqual(byTime);
  });
});

/** The answers of a queue to a sequence of orders, as one list. */
type Answers = unknown[];

/** An order: push so long after now, pop, or cancel the n-th of all events ever pushed. */
const order = fc.oneof(
  { weight: 5, arbitrary: fc.record({ push: fc.integer({ min: 0, max: 20 }) }) },
  { weight: 3, arbitrary: fc.constant({ pop: true }) },
  { weight: 3, arbitrary: fc.record({ cancel: fc.nat(400) }) },
);
type Order = typeof order extends fc.Arbitrary<infer T> ? T : never;

function obeyedByQueue(orders: readonly Order[]): Answers {
  const queue = newQueue();
  const handles: EventHandle[] = [];
  const answers: Answers = [];
  const pop = (): boolean => {
    const hasPopped = queue.pop();
    answers.push(hasPopped ? `${queue.arg} at ${queue.at}` : 'none');
    if (hasPopped) answers.push(queue.handle === handles[queue.arg]);
    return hasPopped;
  };
  for (const order of orders) {
    if ('push' in order) handles.push(push(queue, queue.at + order.push, handles.length));
    else if ('pop' in order) pop();
    else
      answers.push(queue.cancel(handles[order.cancel % Math.max(1, handles.length)] ?? NO_EVENT));
    answers.push(queue.length);
  }
  while (pop());
  return answers;
}

/** The same, done without care for speed: a list that is sorted each time. */
function obeyedByList(orders: readonly Order[]): Answers {
  let list: { at: number; seq: number }[] = [];
  let now = 0;
  let seq = 0;
  const answers: Answers = [];
  const pop = (): boolean => {
    list.sort((a, b) => a.at - b.at || a.seq - b.seq);
    const first = list.shift();
    answers.push(first === undefined ? 'none' : `${first.seq} at ${first.at}`);
    if (first !== undefined) answers.push(true);
    now = first?.at ?? now;
    return first !== undefined;
  };
  for (const order of orders) {
    if ('push' in order) list.push({ at: now + order.push, seq: seq++ });
    else if ('pop' in order) pop();
    else {
      const kept = list.filter((event) => event.seq !== order.cancel % Math.max(1, seq));
      answers.push(kept.length < list.length);
      list = kept;
    }
    answers.push(list.length);
  }
  while (pop());
  return answers;
}

describe('any sequence of pushes, cancellations and pops', () => {
  it('has the same effect as on a list that is sorted each time', () => {
    const property = fc.property(fc.array(order, { maxLength: 400, size: 'max' }), (orders) => {
      expect(obeyedByQueue(orders)).toEqual(obeyedByList(orders));
    });
    fc.assert(property, { numRuns: 100, seed: 1 });
  });
});
