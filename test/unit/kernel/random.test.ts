import { describe, expect, it } from 'vitest';
import { Defect } from '../../../src/kernel/assert.ts';
import { hashText, KeyedRandom, PPM, RandomStream } from '../../../src/kernel/random.ts';

const UINT32 = 2 ** 32;

function draws(random: KeyedRandom, count: number): number[] {
  return Array.from({ length: count }, (_, n) => random.draw(n));
}

function sequence(random: RandomStream, count: number, bound: number): number[] {
  return Array.from({ length: count }, () => random.below(bound));
}

/** How far the counts are from even, as a chi-square: about as much as there are counts. */
function unevenness(counts: readonly number[]): number {
  const expected = counts.reduce((sum, count) => sum + count, 0) / counts.length;
  return counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
}

function histogram(values: readonly number[], bins: number): number[] {
  const counts = new Array<number>(bins).fill(0);
  for (const value of values) counts[value] = (counts[value] ?? 0) + 1;
  return counts;
}

/** The share of the 32 bits in which two draws differ, on average: a half if they are independent. */
function differingBits(a: readonly number[], b: readonly number[]): number {
  let bits = 0;
  a.forEach((value, n) => {
    for (let rest = (value ^ (b[n] ?? 0)) >>> 0; rest !== 0; rest >>>= 1) bits += rest & 1;
  });
  return bits / (32 * a.length);
}

describe('a keyed draw', () => {
  it('is a function of seed, name and number alone', () => {
    const forwards = draws(new KeyedRandom('seed', 'link/1/2'), 100);
    const random = new KeyedRandom('seed', 'link/1/2');
    const backwards = forwards.map((_, n) => random.draw(99 - n)).reverse();
    expect(backwards).toEqual(forwards);
  });

  it('is an integer of 32 bits', () => {
    const values = draws(new KeyedRandom('seed', 'range'), 1000);
    expect(values.filter((value) => value !== value >>> 0)).toEqual([]);
  });

  it.each([
    { what: 'seed', other: new KeyedRandom('seed ', 'name') },
    { what: 'name', other: new KeyedRandom('seed', 'name2') },
    { what: 'order of seed and name', other: new KeyedRandom('name', 'seed') },
  ])('under another $what has nothing to do with it', ({ other }) => {
    const share = differingBits(draws(new KeyedRandom('seed', 'name'), 2000), draws(other, 2000));
    expect(share).toBeGreaterThan(0.49);
    expect(share).toBeLessThan(0.51);
  });

  it('with the border between seed and name elsewhere is another draw', () => {
    const a = draws(new KeyedRandom('a/b', 'c'), 50);
    expect(draws(new KeyedRandom('a', 'b/c'), 50)).not.toEqual(a);
  });

  it('has nothing to do with that of the next number, nor with one 2^32 on', () => {
    const random = new KeyedRandom('seed', 'neighbours');
    const here = draws(random, 2000);
    for (const distance of [1, 8, UINT32]) {
      const there = here.map((_, n) => random.draw(n + distance));
      const share = differingBits(here, there);
      expect(share).toBeGreaterThan(0.49);
      expect(share).toBeLessThan(0.51);
    }
  });

  it('is spread evenly, with every stride that the users of a key have', () => {
    for (const stride of [1, 8]) {
      const random = new KeyedRandom('seed', 'even');
      const values = Array.from({ length: 100_000 }, (_, n) => random.below(n * stride, 100));
      // With 99 degrees of freedom one chi-square in a million is above 180.
      expect(unevenness(histogram(values, 100))).toBeLessThan(180);
    }
  });

  it('between two bounds takes both of them, and nothing beyond', () => {
    const random = new KeyedRandom('seed', 'between');
    const values = new Set(Array.from({ length: 500 }, (_, n) => random.between(n, -2, 2)));
    expect([...values].toSorted((a, b) => a - b)).toEqual([-2, -1, 0, 1, 2]);
    expect(random.between(0, 9, 9)).toBe(9);
  });

  it.each([0, 1000, 250_000, 500_000, 999_000, PPM])(
    'of a chance of %i ppm comes true so often',
    (ppm) => {
      const random = new KeyedRandom('seed', `chance/${ppm}`);
      const count = 100_000;
      let hits = 0;
      for (let n = 0; n < count; n++) if (random.chance(n, ppm)) hits++;
      const share = ppm / PPM;
      const deviation = Math.sqrt(count * share * (1 - share));
      expect(Math.abs(hits - count * share)).toBeLessThanOrEqual(5 * deviation);
    },
  );
});

describe('a random stream', () => {
  it('is the same for the same seed and name', () => {
    const first = sequence(new RandomStream('seed', 'client/1'), 100, 1000);
    expect(sequence(new RandomStream('seed', 'client/1'), 100, 1000)).toEqual(first);
  });

  it('is another one for another name', () => {
    const first = sequence(new RandomStream('seed', 'client/1'), 100, 1000);
    expect(sequence(new RandomStream('seed', 'client/2'), 100, 1000)).not.toEqual(first);
  });

  it('stays below its bound, evenly', () => {
    const values = sequence(new RandomStream('seed', 'even'), 100_000, 100);
    expect(Math.min(...new Set(values))).toBe(0);
    expect(Math.max(...new Set(values))).toBe(99);
    expect(unevenness(histogram(values, 100))).toBeLessThan(180);
  });

  it('shuffles without losing anything, and leaves the original alone', () => {
    const original = Object.freeze([1, 2, 3, 4, 5, 6, 7, 8]);
    const random = new RandomStream('seed', 'shuffle');
    const orders = new Set<string>();
    for (let n = 0; n < 100; n++) {
      const shuffled = random.shuffle(original);
      expect(shuffled.toSorted((a, b) => a - b)).toEqual(original);
      orders.add(shuffled.join());
    }
    expect(orders.size).toBeGreaterThan(90);
  });

  it('puts every item in every place when it shuffles', () => {
    const random = new RandomStream('seed', 'places');
    const firsts = Array.from({ length: 9000 }, () => random.shuffle([0, 1, 2])[0] ?? -1);
    // Two degrees of freedom: one chi-square in a million is above 28.
    expect(unevenness(histogram(firsts, 3))).toBeLessThan(28);
  });

  it('picks every item sooner or later', () => {
    const random = new RandomStream('seed', 'pick');
    const picked = new Set(Array.from({ length: 200 }, () => random.pick(['a', 'b', 'c'])));
    expect(picked).toEqual(new Set(['a', 'b', 'c']));
  });

  it('calls a choice among nothing a defect', () => {
    const random = new RandomStream('seed', 'nothing');
    expect(() => random.below(0)).toThrow(Defect);
    expect(() => random.pick([])).toThrow(Defect);
  });

  it('grants what is certain and refuses what is impossible', () => {
    const random = new RandomStream('seed', 'certain');
    for (let n = 0; n < 100; n++) {
      expect(random.chance(PPM)).toBe(true);
      expect(random.chance(0)).toBe(false);
    }
  });
});

describe('the hash of a text', () => {
  it('differs for all of many similar texts', () => {
    const texts = Array.from(
      { length: 10_000 },
      (_, n) => `link/${n % 100}/${Math.floor(n / 100)}`,
    );
    expect(new Set(texts.map(hashText)).size).toBe(texts.length);
  });
});
