import { describe, expect, it } from 'vitest';
import {
  firstSessionId,
  formatSessionId,
  passwordOf,
  sessionIdFromLong,
  sessionIdHigh,
  sessionIdLow,
  sessionIdToLong,
} from '../../../src/keeper/session-id.ts';

describe('a session id', () => {
  it.each([1n << 56n, 0x1000012653b0000n, (5n << 56n) + 1n, (3n << 56n) + 0x1fffffffffffn])(
    'of 64 bits, %i, is the same after a way through 53 bits',
    (long) => {
      expect(sessionIdToLong(sessionIdFromLong(long))).toBe(long);
    },
  );

  it('of a server with a high number is negative as a long', () => {
    const long = sessionIdToLong(firstSessionId(200, 1));
    expect(long).toBeLessThan(0n);
    expect(sessionIdFromLong(long)).toBe(firstSessionId(200, 1));
  });

  it('falls into two halves of 32 bits', () => {
    const id = sessionIdFromLong(0x1000012653b0001n);
    expect([sessionIdHigh(id), sessionIdLow(id)]).toEqual([0x1000012, 0x653b0001]);
  });

  it('of a server with a high number falls into the halves of its long', () => {
    const id = firstSessionId(200, 2 ** 40 - 1);
    const long = BigInt.asUintN(64, sessionIdToLong(id));
    expect([sessionIdHigh(id), sessionIdLow(id)]).toEqual([
      Number(long >> 32n),
      Number(long & 0xffffffffn),
    ]);
  });

  it('is written in hexadecimal', () => {
    expect(formatSessionId(sessionIdFromLong(0x1000012653b0000n))).toBe('0x1000012653b0000');
  });

  it('has the password that a real server gives it', () => {
    const password = passwordOf(sessionIdFromLong(0x1000012653b0000n));
    expect(Buffer.from(password).toString('hex')).toBe('27764500288a4310dd8ec24fb1aa8fb1');
  });
});
