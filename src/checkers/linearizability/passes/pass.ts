import type { Part } from '../columns.ts';
import type { RecordedOperation } from '../operation.ts';
import type { Scratch } from './scratch.ts';

/** Why a part cannot be right. Calls are numbered by their places among the part's members. */
export type Conflict =
  /** `reader` shows what nobody wrote. */
  | { readonly kind: 'phantom'; readonly reader: number }
  /** The answers of the calls cannot all be right, whatever came between them. */
  | { readonly kind: 'clash'; readonly calls: readonly number[] }
  /** What refused the call, was there all the time or never. */
  | { readonly kind: 'refused'; readonly call: number }
  /** What `reader` shows has `writer` a second time, or has something before what it put. */
  | { readonly kind: 'misplaced'; readonly reader: number; readonly writer: number }
  /** What the two show has parts in common, but neither goes on where the other ends. */
  | { readonly kind: 'split'; readonly readers: readonly [number, number] }
  /** Each found what the one before it wrote, and the first what the last wrote. */
  | { readonly kind: 'cycle'; readonly calls: readonly number[] }
  /** Both found the one writing of a value, and replaced it. */
  | {
      readonly kind: 'fork';
      readonly winners: readonly [number, number];
      /** Who wrote it, unless it was there at first. */
      readonly links: readonly number[];
    }
  /** By what they show `earlier` comes before `later`, which returned before `earlier` was invoked. */
  | {
      readonly kind: 'turned';
      readonly earlier: number;
      readonly later: number;
      /** The calls by which the one follows from the other. */
      readonly links: readonly number[];
    }
  /**
   * What belongs together, and stands together in every order, overlaps: of each of the two the
   * first to return came before the last of the other was invoked.
   */
  | {
      readonly kind: 'crossed';
      readonly firsts: readonly [number, number];
      readonly lasts: readonly [number, number];
      readonly links: readonly number[];
    }
  /** More calls that show the value than there are calls that wrote it. */
  | { readonly kind: 'repeated'; readonly calls: readonly number[] }
  /** Put in by `first`, then another by `second`, and the second left first. By `calls` alone. */
  | {
      readonly kind: 'overtaken';
      readonly first: number;
      readonly second: number;
      readonly calls: readonly number[];
    }
  /** During the whole of `dequeue`, something was in that had to leave before. By `calls` alone. */
  | { readonly kind: 'covered'; readonly dequeue: number; readonly calls: readonly number[] }
  /** `reader` shows more or less than can have been added, by `calls` alone. */
  | { readonly kind: 'miscounted'; readonly reader: number; readonly calls: readonly number[] }
  /** Both acquires gave the lock at the same time, by `calls` alone: theirs, and their releases. */
  | {
      readonly kind: 'shared';
      readonly holders: readonly [number, number];
      readonly calls: readonly number[];
    }
  /** The process of `release` had no lock: `calls` are the last that it had, and this one. */
  | { readonly kind: 'unheld'; readonly release: number; readonly calls: readonly number[] };

/** `unclear`: to be searched. */
export type PassResult =
  | { readonly verdict: 'pass'; readonly order: Int32Array | null }
  | { readonly verdict: 'violation'; readonly conflict: Conflict }
  | { readonly verdict: 'unclear' };

export const UNCLEAR: PassResult = { verdict: 'unclear' };

/**
 * Decides a part in about the time that sorting takes, if it can.
 *
 * @param scratch for whatever is not part of the result
 */
export type Pass = (
  part: Part,
  operations: readonly RecordedOperation[],
  wantsOrder: boolean,
  scratch: Scratch,
) => PassResult;
