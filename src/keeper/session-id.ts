import type { Sid } from '../zab/ports.ts';

/**
 * A session's 64-bit id in 53 bits: the server's id above 45 bits of time and count, where
 * ZooKeeper has 56. See {@link sessionIdToLong}.
 */
export type SessionId = number;

export const NO_SESSION: SessionId = 0;

const UINT32 = 2 ** 32;
const LOW_BITS = 2 ** 45;
const COUNT_BITS = 2 ** 16;

/** The first id that a server gives out which has been up since `nowMs`. */
export function firstSessionId(sid: Sid, nowMs: number): SessionId {
  return sid * LOW_BITS + ((nowMs * COUNT_BITS) % LOW_BITS);
}

/** As on the wire: the server's id in the highest byte. */
export function sessionIdToLong(id: SessionId): bigint {
  const high = Math.floor(id / LOW_BITS);
  return BigInt.asIntN(64, (BigInt(high) << 56n) | BigInt(id % LOW_BITS));
}

export function sessionIdFromLong(long: bigint): SessionId {
  const bits = BigInt.asUintN(64, long);
  return Number(bits >> 56n) * LOW_BITS + Number(bits & BigInt(LOW_BITS - 1));
}

/** The upper 32 bits of the long, without the cost of a bigint. */
export function sessionIdHigh(id: SessionId): number {
  const time = Math.floor(id / UINT32) & (LOW_BITS / UINT32 - 1);
  return ((Math.floor(id / LOW_BITS) << 24) | time) >>> 0;
}

/** The lower ones. */
export function sessionIdLow(id: SessionId): number {
  return id >>> 0;
}

export function formatSessionId(id: SessionId): string {
  return `0x${BigInt.asUintN(64, sessionIdToLong(id)).toString(16)}`;
}

const SECRET = 0xb3415c00n;
const MULTIPLIER = 0x5deece66dn;
const MASK_48 = (1n << 48n) - 1n;

/** The password of a session, which every server can work out: 16 bytes of a `java.util.Random`. */
export function passwordOf(id: SessionId): Uint8Array {
  let state = (BigInt.asUintN(64, sessionIdToLong(id) ^ SECRET) ^ MULTIPLIER) & MASK_48;
  const bytes = new Uint8Array(16);
  for (let offset = 0; offset < 16; offset += 4) {
    state = (state * MULTIPLIER + 0xbn) & MASK_48;
    const word = Number(state >> 16n);
    for (let byte = 0; byte < 4; byte++) bytes[offset + byte] = (word >>> (8 * byte)) & 0xff;
  }
  return bytes;
}
