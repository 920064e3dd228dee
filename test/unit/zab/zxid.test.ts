import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  COUNTER_MAX,
  counterOf,
  EPOCH_MAX,
  epochOf,
  follows,
  formatZxid,
  makeZxid,
  nextZxid,
  ZXID_ZERO,
} from '../../../src/zab/zxid.ts';
import { zxid } from './fakes.ts';

const epochs = fc.nat({ max: EPOCH_MAX });
const counters = fc.oneof(
  fc.nat({ max: COUNTER_MAX }),
  fc.constantFrom(0, 2 ** 31, COUNTER_MAX - 1, COUNTER_MAX),
);

describe('a zxid', () => {
  it('gives back the epoch and the counter that it was made of', () => {
    const property = fc.property(epochs, counters, (epoch, counter) => {
      const made = makeZxid(epoch, counter);
      expect([epochOf(made), counterOf(made)]).toEqual([epoch, counter]);
      expect(Number.isSafeInteger(made)).toBe(true);
    });
    fc.assert(property, { numRuns: 500, seed: 1 });
  });

  it('orders by its epoch, and within an epoch by its counter', () => {
    const property = fc.property(epochs, counters, epochs, counters, (e, c, f, d) => {
      const isBelow = e === f ? c < d : e < f;
      expect(makeZxid(e, c) < makeZxid(f, d)).toBe(isBelow);
    });
    fc.assert(property, { numRuns: 500, seed: 1 });
  });

  it('is printed as ZooKeeper prints it', () => {
    expect(formatZxid(makeZxid(1, 3))).toBe('0x100000003');
    expect(formatZxid(makeZxid(0x1f, COUNTER_MAX))).toBe('0x1fffffffff');
    expect(formatZxid(ZXID_ZERO)).toBe('0x0');
  });

  it.each([
    [-1, 0],
    [EPOCH_MAX + 1, 0],
    [0, -1],
    [0, COUNTER_MAX + 1],
  ])('is not made of epoch %i and counter %i', (epoch, counter) => {
    expect(() => makeZxid(epoch, counter)).toThrow(/bits/);
  });

  it('of an epoch that begins is below its first transaction', () => {
    expect(nextZxid(makeZxid(4, 0))).toBe(makeZxid(4, 1));
  });
});

describe('in a history', () => {
  it.each([
    ['0:0', '1:1', 'the first of all'],
    ['1:1', '1:2', 'the next'],
    ['1:7', '2:1', 'the first of the next epoch'],
    ['1:7', '5:1', 'the first of a later epoch'],
    ['2:0', '2:1', 'the first of an epoch that has begun'],
  ])('%s may be followed by %s: %s', (previous, next) => {
    expect(follows(zxid(previous), zxid(next), 0)).toBe(true);
  });

  it.each([
    ['1:1', '1:3', 'one is left out'],
    ['1:2', '1:2', 'it is the same'],
    ['1:2', '1:1', 'it is an earlier one'],
    ['2:1', '1:2', 'it is of an earlier epoch'],
    ['1:7', '2:2', 'the first of the epoch is left out'],
    ['2:0', '2:2', 'the first of the epoch is left out'],
    ['1:7', '2:0', 'it names no transaction'],
  ])('%s is not followed by %s: %s', (previous, next) => {
    expect(follows(zxid(previous), zxid(next), 0)).toBe(false);
  });

  it('every epoch begins behind the counter that is set', () => {
    expect(follows(zxid('1:101'), zxid('2:101'), 100)).toBe(true);
    expect(follows(zxid('2:0'), zxid('2:101'), 100)).toBe(true);
    expect(follows(zxid('1:101'), zxid('1:102'), 100)).toBe(true);
    expect(follows(zxid('1:101'), zxid('2:1'), 100)).toBe(false);
    expect(follows(zxid('2:0'), zxid('2:1'), 100)).toBe(false);
  });
});
