import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { OPEN_ACL } from '../../../../src/keeper/acl.ts';
import { CODE, OP, opName } from '../../../../src/keeper/codes.ts';
import { sessionIdFromLong } from '../../../../src/keeper/session-id.ts';
import type { Change, Transaction } from '../../../../src/keeper/transaction.ts';
import { WireError } from '../../../../src/keeper/wire/jute.ts';
import {
  decodeTransaction,
  encodeTransaction,
  type LogRecord,
  recordBytes,
  transactionBytes,
} from '../../../../src/keeper/wire/transactions.ts';
import { asZxid } from '../../../../src/zab/zxid.ts';
import { hex, toHex } from '../../../support/hex.ts';
import { changeBodies, logEntry } from '../../../support/records.ts';

const DATA = hex('78');
const HEADER = {
  session: sessionIdFromLong(0x1000012653b0000n),
  cxid: 1,
  zxid: asZxid(0x100000003),
  time: 0x1a1fbc6b344,
};
const HEADER_BYTES = '01000012653b0000 00000001 0000000100000003 000001a1fbc6b344';
const ACL_OPEN = '00000001 0000001f 00000005 776f726c64 00000006 616e796f6e65';
const CREATED = { path: '/a', data: DATA, acl: OPEN_ACL, parentCversion: 1 };

/** The records, field by field, each after its type. */
const RECORDS: readonly (readonly [Change, string])[] = [
  [
    { type: OP.create, body: { ...CREATED, isEphemeral: true } },
    `00000001 00000002 2f61 00000001 78 ${ACL_OPEN} 01 00000001`,
  ],
  [
    { type: OP.create2, body: { ...CREATED, data: null, isEphemeral: false } },
    `0000000f 00000002 2f61 ffffffff ${ACL_OPEN} 00 00000001`,
  ],
  [
    { type: OP.createContainer, body: CREATED },
    `00000013 00000002 2f61 00000001 78 ${ACL_OPEN} 00000001`,
  ],
  [
    { type: OP.createTTL, body: { ...CREATED, ttl: 5000 } },
    `00000015 00000002 2f61 00000001 78 ${ACL_OPEN} 00000001 0000000000001388`,
  ],
  [{ type: OP.delete, body: { path: '/a' } }, '00000002 00000002 2f61'],
  [{ type: OP.deleteContainer, body: { path: '/a' } }, '00000014 00000002 2f61'],
  [
    { type: OP.setData, body: { path: '/a', data: DATA, version: 2 } },
    '00000005 00000002 2f61 00000001 78 00000002',
  ],
  [
    { type: OP.setACL, body: { path: '/a', acl: OPEN_ACL, version: 2 } },
    `00000007 00000002 2f61 ${ACL_OPEN} 00000002`,
  ],
  [{ type: OP.check, body: { path: '/a', version: 2 } }, '0000000d 00000002 2f61 00000002'],
  [
    {
      type: OP.multi,
      body: {
        changes: [
          { type: OP.delete, body: { path: '/a' } },
          { type: OP.error, body: { err: CODE.RUNTIMEINCONSISTENCY } },
        ],
      },
    },
    `0000000e 00000002
      00000002 00000006 00000002 2f61
      ffffffff 00000004 fffffffe`,
  ],
  [{ type: OP.createSession, body: { timeoutMs: 10_000 } }, 'fffffff6 00002710'],
  [
    { type: OP.closeSession, body: { paths: ['/a', '/b'] } },
    'fffffff5 00000002 00000002 2f61 00000002 2f62',
  ],
  [{ type: OP.error, body: { err: CODE.NONODE } }, 'ffffffff ffffff9b'],
];

describe('a transaction', () => {
  it.each(RECORDS.map(([change, digits]) => [opName(change.type), change, digits] as const))(
    'of %s has its fields in their order, after the header',
    (_, change, digits) => {
      const txn = { ...HEADER, ...change };
      const bytes = hex(HEADER_BYTES + digits);
      expect(toHex(encodeTransaction(txn, null))).toBe(toHex(bytes));
      expect(decodeTransaction(bytes)).toEqual({ txn, digest: null });
    },
  );

  it('of every type has an example here', () => {
    const examples = RECORDS.map(([{ type }]) => String(type));
    expect(examples.sort()).toEqual(Object.keys(changeBodies).sort());
  });

  it('may end with the digest of the tree', () => {
    const txn: LogRecord = { ...HEADER, type: OP.error, body: { err: 0 } };
    const bytes = hex(`${HEADER_BYTES} ffffffff 00000000 00000002 000000047453e123`);
    expect(toHex(encodeTransaction(txn, 19131523363))).toBe(toHex(bytes));
    expect(decodeTransaction(bytes)).toEqual({ txn, digest: 19131523363 });
  });

  it('with a digest that was made in another way has none', () => {
    const bytes = hex(`${HEADER_BYTES} ffffffff 00000000 00000001 000000047453e123`);
    expect(decodeTransaction(bytes).digest).toBeNull();
  });

  it.each(Object.entries<fc.Arbitrary<unknown>>(changeBodies))(
    'of type %s is the same after it was written and read, and as long as said',
    (type, bodies) => {
      fc.assert(
        fc.property(bodies, (body) => {
          const txn = { ...HEADER, type: Number(type), body } as LogRecord;
          const bytes = encodeTransaction(txn, null);
          expect(bytes).toHaveLength(transactionBytes(txn, false));
          expect(decodeTransaction(bytes)).toEqual({ txn, digest: null });
        }),
      );
    },
  );

  it('with any header and digest is the same after it was written and read', () => {
    fc.assert(
      fc.property(logEntry, (entry) => {
        const bytes = encodeTransaction(entry.txn, entry.digest);
        expect(bytes).toHaveLength(transactionBytes(entry.txn, entry.digest !== null));
        expect(decodeTransaction(bytes)).toEqual(entry);
      }),
    );
  });

  it('that is proposed leaves behind what only this program knows of it', () => {
    const change: Change = { type: OP.delete, body: { path: '/a' } };
    const proposed: Transaction = { ...HEADER, ...change, byteCount: 99, entry: 2, requestId: 7 };
    const bytes = encodeTransaction(proposed, null);
    expect(decodeTransaction(bytes).txn).toEqual({ ...HEADER, ...change });
  });

  it('takes thirteen bytes more in the log: checksum, length and end', () => {
    const txn: LogRecord = { ...HEADER, type: OP.delete, body: { path: '/a' } };
    expect(recordBytes(txn, false)).toBe(13 + encodeTransaction(txn, null).length);
    expect(recordBytes(txn, true)).toBe(13 + encodeTransaction(txn, 1).length);
  });

  it('that ends too early is refused, wherever it ends but before the digest', () => {
    fc.assert(
      fc.property(logEntry, ({ txn, digest }) => {
        const bytes = encodeTransaction(txn, digest);
        const withoutDigest = transactionBytes(txn, false);
        for (let length = 0; length < bytes.length; length++) {
          if (length === withoutDigest) continue;
          expect(() => decodeTransaction(bytes.subarray(0, length))).toThrow(WireError);
        }
      }),
    );
  });

  it.each([
    ['of a read', '00000004', 'a transaction of type 4, at byte 28'],
    ['of no type', '000003e7', 'a transaction of type 999, at byte 28'],
    [
      'of a multi in a multi',
      '0000000e 00000001 0000000e 00000000',
      'a multi with a transaction of type 14, at byte 36',
    ],
    [
      'whose part has no body',
      '0000000e 00000001 00000002 ffffffff',
      'data: may not be null, at byte 40',
    ],
    [
      'whose part reaches into the next',
      '0000000e 00000001 00000002 00000004 00000002 2f61',
      'path: 2 bytes announced, 0 left, at byte 44',
    ],
    [
      'that lets in nobody knows whom',
      '00000007 00000000 00000001 0000001f ffffffff ffffffff 00000000',
      'scheme: may not be null, at byte 44',
    ],
  ])('%s is refused', (_, digits, message) => {
    expect(() => decodeTransaction(hex(HEADER_BYTES + digits))).toThrow(message);
  });
});
