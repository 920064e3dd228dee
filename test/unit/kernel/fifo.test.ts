import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Fifo } from '../../../src/kernel/fifo.ts';

function fifoOf<T>(...items: readonly T[]): Fifo<T> {
  const fifo = new Fifo<T>();
  for (const item of items) fifo.push(item);
  return fifo;
}

describe('a fifo', () => {
  it('gives the items in the order in which they came', () => {
    const fifo = fifoOf('a', 'b', 'c');
    expect([fifo.shift(), fifo.shift(), fifo.shift(), fifo.shift()]).toEqual([
      'a',
      'b',
      'c',
      undefined,
    ]);
  });

  it('shows any of its items, and nothing outside', () => {
    const fifo = fifoOf('a', 'b', 'c');
    fifo.shift();
    expect([fifo.at(0), fifo.at(1), fifo.at(2), fifo.at(-1)]).toEqual([
      'b',
      'c',
      undefined,
      undefined,
    ]);
  });

  it('forgets the youngest when it is truncated, and all when it is cleared', () => {
    const fifo = fifoOf(1, 2, 3, 4);
    fifo.truncate(9);
    expect([...fifo]).toEqual([1, 2, 3, 4]);
    fifo.truncate(2);
    expect([...fifo]).toEqual([1, 2]);
    fifo.push(5);
    expect([...fifo]).toEqual([1, 2, 5]);
    fifo.clear();
    expect(fifo.length).toBe(0);
    expect(fifo.shift()).toBeUndefined();
  });
});

const order = fc.oneof(
  { weight: 6, arbitrary: fc.constant('push' as const) },
  { weight: 4, arbitrary: fc.constant('shift' as const) },
  { weight: 1, arbitrary: fc.record({ truncate: fc.nat(40) }) },
);

describe('any use of a fifo', () => {
  it('has the same effect as on an array', () => {
    const property = fc.property(fc.array(order, { maxLength: 300, size: 'max' }), (orders) => {
      const fifo = new Fifo<number>();
      let array: number[] = [];
      const answers: unknown[] = [];
      const expected: unknown[] = [];
      orders.forEach((order, n) => {
        if (order === 'push') {
          fifo.push(n);
          array.push(n);
        } else if (order === 'shift') {
          answers.push(fifo.shift());
          expected.push(array.shift());
        } else {
          fifo.truncate(order.truncate);
          array = array.slice(0, order.truncate);
        }
        answers.push(fifo.length, fifo.at(n % 50));
        expected.push(array.length, array[n % 50]);
      });
      expect([...fifo]).toEqual(array);
      expect(answers).toEqual(expected);
    });
    fc.assert(property, { numRuns: 100, seed: 2 });
  });
});
