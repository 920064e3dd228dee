import { assert } from '../kernel/assert.ts';

declare const brand: unique symbol;

/**
 * The number of a transaction: its epoch in the high half, its counter in the low 32 bits.
 *
 * One safe integer, so that it orders with `<`, keys a `Map` and prints as ZooKeeper's hexadecimal;
 * epochs are limited to 21 bits by that. `e:0` names no transaction: it is "epoch e begins".
 */
export type Zxid = number & { readonly [brand]: 'zxid' };

export type Epoch = number;

export const EPOCH_MAX: Epoch = 2 ** 21 - 1;
export const COUNTER_MAX: number = 2 ** 32 - 1;

const EPOCH_UNIT = 2 ** 32;

/** Before the first transaction of all. */
export const ZXID_ZERO: Zxid = 0 as Zxid;

/** A zxid field that means nothing. ZooKeeper's -1. */
export const NO_ZXID: Zxid = -1 as Zxid;

export function makeZxid(epoch: Epoch, counter: number): Zxid {
  assert(epoch >= 0 && epoch <= EPOCH_MAX, 'an epoch has 21 bits here');
  assert(counter >= 0 && counter <= COUNTER_MAX, 'a counter has 32 bits');
  return (epoch * EPOCH_UNIT + counter) as Zxid;
}

export function epochOf(zxid: Zxid): Epoch {
  return Math.floor(zxid / EPOCH_UNIT);
}

export function counterOf(zxid: Zxid): number {
  return zxid - Math.floor(zxid / EPOCH_UNIT) * EPOCH_UNIT;
}

export function nextZxid(zxid: Zxid): Zxid {
  return (zxid + 1) as Zxid;
}

/** As ZooKeeper prints it: `0x100000003`, and -1 as the 64 bits that it is. */
export function formatZxid(zxid: Zxid): string {
  if (zxid < 0) return `0x${BigInt.asUintN(64, BigInt(zxid)).toString(16)}`;
  return `0x${zxid.toString(16)}`;
}

/**
 * Whether `next` may come right after `previous` in a history: the next counter, or the first of a
 * later epoch. Epochs may be skipped, counters not.
 *
 * @param counterStart the counter that the first transaction of every epoch comes after
 */
export function follows(previous: Zxid, next: Zxid, counterStart: number): boolean {
  const counter = counterOf(previous);
  if (epochOf(next) === epochOf(previous)) {
    return counterOf(next) === (counter === 0 ? counterStart : counter) + 1;
  }
  return epochOf(next) > epochOf(previous) && counterOf(next) === counterStart + 1;
}

/** The zxid that an event carries as a plain number. */
export function asZxid(value: number): Zxid {
  return value as Zxid;
}
