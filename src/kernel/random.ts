import seedrandom from 'seedrandom';
import { assert } from './assert.ts';

/** A probability in parts per million, an integer from 0 (never) to 1,000,000 (always). */
export type Ppm = number;

export const PPM = 1_000_000;

const UINT32 = 2 ** 32;

/** A 32-bit hash of a text's UTF-16 units (FNV-1a with a final avalanche). */
export function hashText(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  return avalanche(hash);
}

/** Every input bit changes about half of the output bits (the finaliser of MurmurHash3). */
function avalanche(value: number): number {
  let hash = value;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/**
 * Chance asked for under a name and a number: the n-th draw is a function of (seed, name, n) alone.
 *
 * Taking one consumer away, or asking it more often, leaves every other draw as it was; shrinking
 * and 'what if' comparisons rest on that. A draw costs a few nanoseconds and keeps no state.
 */
export class KeyedRandom {
  private readonly low: number;
  private readonly high: number;

  constructor(seed: string, name: string) {
    this.low = hashText(`${seed}/${name}`);
    this.high = hashText(`${name}\\${seed}`);
  }

  /** An integer from 0 to 2^32 - 1. */
  draw(n: number): number {
    const hash = avalanche(Math.imul(n, 0x9e3779b1) ^ this.low);
    return avalanche((hash + this.high + Math.floor(n / UINT32)) | 0);
  }

  /** An integer from 0 (included) to `bound` (excluded, at most 2^21 for an even spread). */
  below(n: number, bound: number): number {
    return Math.floor((this.draw(n) * bound) / UINT32);
  }

  /** An integer from `min` to `max`, both included. */
  between(n: number, min: number, max: number): number {
    return min + this.below(n, max - min + 1);
  }

  chance(n: number, ppm: Ppm): boolean {
    return this.below(n, PPM) < ppm;
  }
}

/** A sequence of draws, from one of seedrandom's alea generators. */
export class RandomStream {
  private readonly generator: seedrandom.PRNG;

  constructor(seed: string, name: string) {
    this.generator = seedrandom.alea(`${seed}/${name}`);
  }

  /** An integer from 0 (included) to `bound` (excluded, at most 2^53). */
  below(bound: number): number {
    assert(bound >= 1, 'a draw needs at least one outcome');
    return Math.floor(this.generator.double() * bound);
  }

  /** An integer from `min` to `max`, both included. */
  between(min: number, max: number): number {
    return min + this.below(max - min + 1);
  }

  chance(ppm: Ppm): boolean {
    return this.below(PPM) < ppm;
  }

  pick<T>(list: readonly T[]): T {
    assert(list.length > 0, 'nothing to pick from');
    return list[this.below(list.length)] as T;
  }

  /** The list in a random order; the argument is left as it is. */
  shuffle<T>(list: readonly T[]): T[] {
    return shuffled(list, (bound) => this.below(bound));
  }
}

/**
 * A copy of the list in a random order. Fisher and Yates.
 *
 * @param below draws an integer from 0 to `bound` - 1
 */
export function shuffled<T>(list: readonly T[], below: (bound: number) => number): T[] {
  const copy = [...list];
  for (let index = copy.length - 1; index > 0; index--) {
    const other = below(index + 1);
    const item = copy[index] as T;
    copy[index] = copy[other] as T;
    copy[other] = item;
  }
  return copy;
}
