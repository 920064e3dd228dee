import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { OPEN_ACL } from '../../../../src/keeper/acl.ts';
import { OP, opName } from '../../../../src/keeper/codes.ts';
import type { MultiOp, Question, Request } from '../../../../src/keeper/requests.ts';
import { frame } from '../../../../src/keeper/wire/frames.ts';
import { WireError } from '../../../../src/keeper/wire/jute.ts';
import {
  decodeRequest,
  decodeRequestHeader,
  encodeRequest,
  requestBytes,
} from '../../../../src/keeper/wire/requests.ts';
import { asZxid } from '../../../../src/zab/zxid.ts';
import { hex, toHex } from '../../../support/hex.ts';
import { questionBodies, request } from '../../../support/records.ts';

const DATA = hex('78');
const ACL_OPEN = '00000001 0000001f 00000005 776f726c64 00000006 616e796f6e65';
const CREATE = { path: '/a', data: DATA, acl: OPEN_ACL, flags: 0 };
const ZXID = asZxid(0x100000003);

/** What a real server was sent: whole frames. */
const CAPTURED: readonly (readonly [Request, string])[] = [
  [
    { xid: 1, type: OP.create, body: CREATE },
    `00000032 00000001 00000001 00000002 2f61 00000001 78 ${ACL_OPEN} 00000000`,
  ],
  [
    { xid: 2, type: OP.getData, body: { path: '/a', watch: true } },
    '0000000f 00000002 00000004 00000002 2f61 01',
  ],
  [
    {
      xid: 3,
      type: OP.multi,
      body: {
        ops: [
          { type: OP.check, body: { path: '/a', version: 1 } },
          { type: OP.delete, body: { path: '/a', version: -1 } },
        ],
      },
    },
    `00000037 00000003 0000000e
      0000000d 00 ffffffff  00000002 2f61 00000001
      00000002 00 ffffffff  00000002 2f61 ffffffff
      ffffffff 01 ffffffff`,
  ],
  [{ xid: -2, type: OP.ping, body: null }, '00000008 fffffffe 0000000b'],
  [
    {
      xid: -4,
      type: OP.auth,
      body: { scheme: 'digest', auth: new TextEncoder().encode('alice:secret') },
    },
    `00000026 fffffffc 00000064 00000000
      00000006 646967657374 0000000c 616c6963653a736563726574`,
  ],
  [{ xid: 6, type: OP.closeSession, body: null }, '00000008 00000006 fffffff5'],
];

/** The bodies of the others, field by field. */
const BODIES: readonly (readonly [Question, string])[] = [
  [{ type: OP.delete, body: { path: '/a', version: 3 } }, '00000002 2f61 00000003'],
  [{ type: OP.exists, body: { path: '/a', watch: false } }, '00000002 2f61 00'],
  [
    { type: OP.setData, body: { path: '/a', data: null, version: -1 } },
    '00000002 2f61 ffffffff ffffffff',
  ],
  [{ type: OP.getACL, body: { path: '/a' } }, '00000002 2f61'],
  [
    { type: OP.setACL, body: { path: '/a', acl: OPEN_ACL, version: 2 } },
    `00000002 2f61 ${ACL_OPEN} 00000002`,
  ],
  [{ type: OP.getChildren, body: { path: '/', watch: true } }, '00000001 2f 01'],
  [{ type: OP.sync, body: { path: '/' } }, '00000001 2f'],
  [{ type: OP.getChildren2, body: { path: '/', watch: true } }, '00000001 2f 01'],
  [{ type: OP.check, body: { path: '/a', version: 0 } }, '00000002 2f61 00000000'],
  [
    { type: OP.create2, body: { ...CREATE, acl: null, flags: 3 } },
    '00000002 2f61 00000001 78 ffffffff 00000003',
  ],
  [
    {
      type: OP.reconfig,
      body: { joining: 'a', leaving: null, newMembers: '', curConfigId: asZxid(-1) },
    },
    '00000001 61 ffffffff 00000000 ffffffffffffffff',
  ],
  [{ type: OP.checkWatches, body: { path: '/a', watcherType: 1 } }, '00000002 2f61 00000001'],
  [{ type: OP.removeWatches, body: { path: '/a', watcherType: 3 } }, '00000002 2f61 00000003'],
  [
    { type: OP.createContainer, body: { ...CREATE, acl: [], flags: 4 } },
    '00000002 2f61 00000001 78 00000000 00000004',
  ],
  [{ type: OP.deleteContainer, body: { path: '/a' } }, '00000002 2f61'],
  [
    {
      type: OP.createTTL,
      body: {
        ...CREATE,
        acl: [{ perms: 1, scheme: 'auth', id: null }],
        flags: 5,
        ttl: 0xffffffffff,
      },
    },
    `00000002 2f61 00000001 78 00000001 00000001 00000004 61757468 ffffffff
      00000005 000000ffffffffff`,
  ],
  [
    {
      type: OP.multiRead,
      body: {
        ops: [
          { type: OP.getData, body: { path: '/a', watch: false } },
          { type: OP.getChildren, body: { path: '/', watch: false } },
        ],
      },
    },
    `00000004 00 ffffffff 00000002 2f61 00
      00000008 00 ffffffff 00000001 2f 00
      ffffffff 01 ffffffff`,
  ],
  [
    { type: OP.setWatches, body: { relativeZxid: ZXID, data: ['/a'], exist: [], child: ['/'] } },
    '0000000100000003 00000001 00000002 2f61 00000000 00000001 00000001 2f',
  ],
  [{ type: OP.getEphemerals, body: { prefixPath: '/' } }, '00000001 2f'],
  [{ type: OP.getAllChildrenNumber, body: { path: '/' } }, '00000001 2f'],
  [
    {
      type: OP.setWatches2,
      body: {
        relativeZxid: ZXID,
        data: [],
        exist: [],
        child: [],
        persistent: ['/a'],
        persistentRecursive: ['/', ''],
      },
    },
    `0000000100000003 00000000 00000000 00000000
      00000001 00000002 2f61 00000002 00000001 2f 00000000`,
  ],
  [{ type: OP.addWatch, body: { path: '/a', mode: 1 } }, '00000002 2f61 00000001'],
  [{ type: OP.whoAmI, body: null }, ''],
  [{ type: OP.createSession, body: { timeoutMs: 10_000 } }, '00002710'],
];

function bytesOf(xid: number, type: number, body: string): Uint8Array {
  const header = new DataView(new ArrayBuffer(8));
  header.setInt32(0, xid);
  header.setInt32(4, type);
  return Uint8Array.from([...new Uint8Array(header.buffer), ...hex(body)]);
}

/** A multi as it is after decoding: nothing can follow a type that is not allowed. */
function decodable(original: Request): Request {
  if (original.type !== OP.multi) return original;
  const { ops } = original.body;
  const stranger = ops.findIndex(({ type }) => type === OP.unknown);
  return stranger < 0 ? original : { ...original, body: { ops: ops.slice(0, stranger + 1) } };
}

describe('a request', () => {
  it.each(CAPTURED.map(([message, digits]) => [opName(message.type), message, digits] as const))(
    '%s is written as a real client writes it',
    (_, message, digits) => {
      expect(toHex(frame(encodeRequest(message)))).toBe(toHex(hex(digits)));
      expect(decodeRequest(hex(digits).subarray(4))).toEqual(message);
    },
  );

  it.each(BODIES.map(([question, digits]) => [opName(question.type), question, digits] as const))(
    '%s has its fields in their order',
    (_, question, digits) => {
      const bytes = bytesOf(9, question.type, digits);
      expect(toHex(encodeRequest({ xid: 9, ...question }))).toBe(toHex(bytes));
      expect(decodeRequest(bytes)).toEqual({ xid: 9, ...question });
    },
  );

  it('of every type has an example here', () => {
    const examples = new Set([
      ...CAPTURED.map(([{ type }]) => String(type)),
      ...BODIES.map(([{ type }]) => String(type)),
      String(OP.unknown),
    ]);
    expect([...examples].sort()).toEqual(Object.keys(questionBodies).sort());
  });

  it.each(Object.entries<fc.Arbitrary<unknown>>(questionBodies))(
    'of type %s is the same after it was written and read, and as long as said',
    (type, bodies) => {
      fc.assert(
        fc.property(fc.integer(), bodies, (xid, body) => {
          const message = { xid, type: Number(type), body } as Request;
          const bytes = encodeRequest(message);
          expect(bytes).toHaveLength(requestBytes(message));
          expect(decodeRequest(bytes)).toEqual(decodable(message));
        }),
      );
    },
  );

  it('that ends too early is refused, wherever it ends', () => {
    fc.assert(
      fc.property(request, (message) => {
        // Nothing is read after the type of a stranger.
        const bytes = encodeRequest(decodable(message));
        const isCut = message.type !== OP.multi || decodable(message) === message;
        for (let length = 0; isCut && length < bytes.length; length++) {
          expect(() => decodeRequest(bytes.subarray(0, length))).toThrow(WireError);
        }
      }),
    );
  });

  it('is the same with more bytes after it', () => {
    const bytes = bytesOf(2, OP.getData, '00000002 2f61 01 ffffffff');
    expect(decodeRequest(bytes).body).toEqual({ path: '/a', watch: true });
  });

  it.each([10, 99, 102, OP.notification, OP.error, OP.unknown, 2 ** 31 - 1])(
    'of type %d is of an unknown one, whatever follows',
    (type) => {
      const message = decodeRequest(bytesOf(5, type, '0102'));
      expect(message).toEqual({ xid: 5, type: OP.unknown, body: { type } });
      expect(encodeRequest(message)).toEqual(bytesOf(5, type, ''));
    },
  );

  it('whose body makes no sense still tells its number and type', () => {
    const bytes = bytesOf(7, OP.getData, '00000009 2f');
    expect(() => decodeRequest(bytes)).toThrow('path: 9 bytes announced, 1 left, at byte 8');
    expect(decodeRequestHeader(bytes)).toEqual({ xid: 7, type: OP.getData });
  });
});

describe('null', () => {
  it.each([
    ['the path of sync', OP.sync, 'ffffffff', { path: '' }],
    ['the prefix of getEphemerals', OP.getEphemerals, 'ffffffff', { prefixPath: '' }],
    [
      'a list of watches',
      OP.setWatches,
      '0000000000000001 ffffffff fffffffe 80000000',
      { relativeZxid: 1, data: [], exist: [], child: [] },
    ],
  ])('as %s is an empty one', (_, type, digits, body) => {
    expect(decodeRequest(bytesOf(1, type, digits)).body).toEqual(body);
  });

  it.each([
    ['a path', OP.exists, 'ffffffff 00', 'path: may not be null, at byte 8'],
    ['a watched path', OP.setWatches, '0000000000000001 00000001 ffffffff', 'data: may not be'],
    ['what proves an identity', OP.auth, '00000000 00000000 ffffffff', 'auth: may not be null'],
  ])('as %s is refused', (_, type, digits, message) => {
    expect(() => decodeRequest(bytesOf(1, type, digits))).toThrow(message);
  });
});

describe('a multi', () => {
  const check: MultiOp = { type: OP.check, body: { path: '/a', version: 1 } };
  const CHECK = '0000000d 00 ffffffff 00000002 2f61 00000001';
  const END = 'ffffffff 01 ffffffff';

  it.each([OP.setACL, OP.deleteContainer, OP.getData, OP.error, 4711])(
    'with an operation of type %d ends there, as nobody knows where that one ends',
    (type) => {
      const number = toHex(bytesOf(type, 0, '').subarray(0, 4));
      const bytes = bytesOf(3, OP.multi, `${CHECK} ${number} 00 ffffffff 00000001 2f ${END}`);
      expect(decodeRequest(bytes).body).toEqual({
        ops: [check, { type: OP.unknown, body: { type } }],
      });
    },
  );

  it('is ended by a header that says so, whatever its type', () => {
    const bytes = bytesOf(3, OP.multi, `${CHECK} 0000000d 01 00000000 ${CHECK}`);
    expect(decodeRequest(bytes).body).toEqual({ ops: [check] });
  });

  it('of reads may not write', () => {
    expect(() => decodeRequest(bytesOf(3, OP.multiRead, `${CHECK} ${END}`))).toThrow(
      'ops: check may not be in it, at byte 8',
    );
  });
});
