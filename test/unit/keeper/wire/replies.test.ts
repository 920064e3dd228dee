import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { OPEN_ACL } from '../../../../src/keeper/acl.ts';
import { CODE, OP, opName } from '../../../../src/keeper/codes.ts';
import { EVENT_TYPE, type Reply, type ServerMessage } from '../../../../src/keeper/requests.ts';
import type { Stat } from '../../../../src/keeper/stat.ts';
import { frame } from '../../../../src/keeper/wire/frames.ts';
import { WireError } from '../../../../src/keeper/wire/jute.ts';
import { decodeReply, encodeReply, replyBytes } from '../../../../src/keeper/wire/replies.ts';
import { asZxid } from '../../../../src/zab/zxid.ts';
import { hex, toHex } from '../../../support/hex.ts';
import { notification, reply, replyBodies } from '../../../support/records.ts';

const DATA = hex('78');
const TIME = 0x1a1fbc6b344;
const STAT: Stat = {
  czxid: asZxid(3),
  mzxid: asZxid(3),
  ctime: TIME,
  mtime: TIME,
  version: 0,
  cversion: 0,
  aversion: 0,
  ephemeralOwner: 0,
  dataLength: 1,
  numChildren: 0,
  pzxid: asZxid(3),
};
const STAT_BYTES = `
  0000000000000003 0000000000000003 000001a1fbc6b344 000001a1fbc6b344
  00000000 00000000 00000000 0000000000000000 00000001 00000000
  0000000000000003`;

/** What a real server has sent: whole frames. */
const CAPTURED: readonly (readonly [string, ServerMessage, string])[] = [
  [
    'of create',
    { xid: 1, zxid: asZxid(3), err: 0, type: OP.create, body: { path: '/a' } },
    '00000016 00000001 0000000000000003 00000000 00000002 2f61',
  ],
  [
    'of getData',
    { xid: 2, zxid: asZxid(3), err: 0, type: OP.getData, body: { data: DATA, stat: STAT } },
    `00000059 00000002 0000000000000003 00000000 00000001 78 ${STAT_BYTES}`,
  ],
  [
    'that is a watch event',
    {
      xid: -1,
      zxid: asZxid(4),
      err: 0,
      type: OP.notification,
      body: { type: EVENT_TYPE.NodeDataChanged, path: '/a' },
    },
    '0000001e ffffffff 0000000000000004 00000000 00000003 00000003 00000002 2f61',
  ],
  [
    'of a multi',
    {
      xid: 3,
      zxid: asZxid(5),
      err: 0,
      type: OP.multi,
      body: {
        results: [
          { type: OP.check, body: null },
          { type: OP.delete, body: null },
        ],
      },
    },
    `0000002b 00000003 0000000000000005 00000000
      0000000d 00 00000000  00000002 00 00000000  ffffffff 01 ffffffff`,
  ],
  [
    'of a multi that fails at its first operation',
    {
      xid: 4,
      zxid: asZxid(6),
      err: 0,
      type: OP.multi,
      body: {
        results: [
          { type: OP.error, body: { err: CODE.NONODE } },
          { type: OP.error, body: { err: CODE.RUNTIMEINCONSISTENCY } },
        ],
      },
    },
    `00000033 00000004 0000000000000006 00000000
      ffffffff 00 ffffff9b ffffff9b
      ffffffff 00 fffffffe fffffffe
      ffffffff 01 ffffffff`,
  ],
  [
    'of getData of a missing node',
    { xid: 5, zxid: asZxid(6), err: CODE.NONODE, type: OP.getData, body: null },
    '00000010 00000005 0000000000000006 ffffff9b',
  ],
  [
    'of ping',
    { xid: -2, zxid: asZxid(6), err: 0, type: OP.ping, body: null },
    '00000010 fffffffe 0000000000000006 00000000',
  ],
  [
    'of auth',
    { xid: -4, zxid: asZxid(0), err: 0, type: OP.auth, body: null },
    '00000010 fffffffc 0000000000000000 00000000',
  ],
  [
    'of closeSession',
    { xid: 6, zxid: asZxid(7), err: 0, type: OP.closeSession, body: null },
    '00000010 00000006 0000000000000007 00000000',
  ],
];

const HEADER = { xid: 9, zxid: asZxid(-1), err: 0 };
const HEADER_BYTES = '00000009 ffffffffffffffff 00000000';

/** The bodies of the others, field by field. */
const BODIES: readonly (readonly [Reply, string])[] = [
  [{ ...HEADER, type: OP.sync, body: { path: '/' } }, '00000001 2f'],
  ...[OP.create2, OP.createContainer, OP.createTTL].map((type) => {
    const message: Reply = { ...HEADER, type, body: { path: '/a', stat: STAT } };
    return [message, `00000002 2f61 ${STAT_BYTES}`] as const;
  }),
  ...[OP.setData, OP.setACL, OP.exists].map((type) => {
    const message: Reply = { ...HEADER, type, body: { stat: STAT } };
    return [message, STAT_BYTES] as const;
  }),
  [{ ...HEADER, type: OP.reconfig, body: { data: null, stat: STAT } }, `ffffffff ${STAT_BYTES}`],
  [
    { ...HEADER, type: OP.getACL, body: { acl: OPEN_ACL, stat: STAT } },
    `00000001 0000001f 00000005 776f726c64 00000006 616e796f6e65 ${STAT_BYTES}`,
  ],
  [
    { ...HEADER, type: OP.getChildren, body: { children: ['a', 'bc'] } },
    '00000002 00000001 61 00000002 6263',
  ],
  [
    { ...HEADER, type: OP.getChildren2, body: { children: [], stat: STAT } },
    `00000000 ${STAT_BYTES}`,
  ],
  [
    {
      ...HEADER,
      type: OP.multi,
      body: {
        results: [
          { type: OP.create, body: { path: '/a' } },
          { type: OP.create2, body: { path: '/a', stat: STAT } },
          { type: OP.setData, body: { stat: STAT } },
        ],
      },
    },
    `00000001 00 00000000 00000002 2f61
      0000000f 00 00000000 00000002 2f61 ${STAT_BYTES}
      00000005 00 00000000 ${STAT_BYTES}
      ffffffff 01 ffffffff`,
  ],
  [
    {
      ...HEADER,
      type: OP.multiRead,
      body: {
        results: [
          { type: OP.getData, body: { data: DATA, stat: STAT } },
          { type: OP.error, body: { err: CODE.NOAUTH } },
          { type: OP.getChildren, body: { children: ['a'] } },
        ],
      },
    },
    `00000004 00 00000000 00000001 78 ${STAT_BYTES}
      ffffffff 00 ffffff9a ffffff9a
      00000008 00 00000000 00000001 00000001 61
      ffffffff 01 ffffffff`,
  ],
  [{ ...HEADER, type: OP.getEphemerals, body: { ephemerals: ['/a'] } }, '00000001 00000002 2f61'],
  [{ ...HEADER, type: OP.getAllChildrenNumber, body: { totalNumber: 5 } }, '00000005'],
  [
    {
      ...HEADER,
      type: OP.whoAmI,
      body: { clientInfo: [{ authScheme: 'ip', user: '::1' }] },
    },
    '00000001 00000002 6970 00000003 3a3a31',
  ],
  [{ ...HEADER, type: OP.addWatch, body: { errorField: 0 } }, '00000000'],
  ...[
    OP.delete,
    OP.deleteContainer,
    OP.check,
    OP.checkWatches,
    OP.removeWatches,
    OP.setWatches,
    OP.setWatches2,
  ].map((type) => [{ ...HEADER, type, body: null }, ''] as const),
  [{ ...HEADER, err: CODE.UNIMPLEMENTED, type: OP.unknown, body: null }, ''],
];

function decoded(bytes: Uint8Array, type: ServerMessage['type']): ServerMessage {
  return decodeReply(bytes, () => {
    if (type === OP.notification) throw new Error('an event is no answer to a request');
    return type;
  });
}

describe('an answer', () => {
  it.each(CAPTURED)('%s is written as a real server writes it', (_, message, digits) => {
    expect(toHex(frame(encodeReply(message)))).toBe(toHex(hex(digits)));
    expect(decoded(hex(digits).subarray(4), message.type)).toEqual(message);
  });

  it.each(BODIES.map(([message, digits]) => [opName(message.type), message, digits] as const))(
    'of %s has its fields in their order',
    (_, message, digits) => {
      const header = message.err === 0 ? HEADER_BYTES : '00000009 ffffffffffffffff fffffffa';
      const bytes = hex(header + digits);
      expect(toHex(encodeReply(message))).toBe(toHex(bytes));
      expect(decoded(bytes, message.type)).toEqual(message);
    },
  );

  it('of every type has an example here', () => {
    const examples = new Set([
      ...CAPTURED.map(([, { type }]) => String(type)),
      ...BODIES.map(([{ type }]) => String(type)),
    ]);
    const types = [...Object.keys(replyBodies), String(OP.notification)];
    expect([...examples].sort()).toEqual(types.sort());
  });

  it.each(Object.entries<fc.Arbitrary<unknown>>(replyBodies))(
    'of type %s is the same after it was written and read, and as long as said',
    (type, bodies) => {
      fc.assert(
        fc.property(bodies, (body) => {
          const message = { ...HEADER, type: Number(type), body } as Reply;
          const bytes = encodeReply(message);
          expect(bytes).toHaveLength(replyBytes(message));
          expect(decoded(bytes, message.type)).toEqual(message);
        }),
      );
    },
  );

  it('with any number and any error is the same after it was written and read', () => {
    fc.assert(
      fc.property(reply, (message) => {
        const bytes = encodeReply(message);
        expect(bytes).toHaveLength(replyBytes(message));
        expect(decoded(bytes, message.type)).toEqual(message);
      }),
    );
  });

  it('that ends too early is refused, wherever it ends', () => {
    fc.assert(
      fc.property(fc.oneof(reply, notification), (message) => {
        const bytes = encodeReply(message);
        for (let length = 0; length < bytes.length; length++) {
          expect(() => decoded(bytes.subarray(0, length), message.type)).toThrow(WireError);
        }
      }),
    );
  });

  it('that is an error has no body, whatever follows', () => {
    const bytes = hex('00000005 0000000000000006 ffffff9b 0102');
    expect(decoded(bytes, OP.getData)).toEqual({
      xid: 5,
      zxid: 6,
      err: CODE.NONODE,
      type: OP.getData,
      body: null,
    });
  });

  it('of a ping or of authentication needs no request to be understood', () => {
    const unasked = () => {
      throw new Error('these have no place among the requests');
    };
    for (const [, message] of CAPTURED.filter(([, { xid }]) => xid < 0)) {
      expect(decodeReply(encodeReply(message), unasked)).toEqual(message);
    }
  });

  it('of a multi may not hold what a write never gives back', () => {
    const bytes = hex(`${HEADER_BYTES} 00000013 00 00000000 00000002 2f61`);
    expect(() => decoded(bytes, OP.multi)).toThrow(
      'results: createContainer may not be in it, at byte 16',
    );
  });
});

describe('a watch event', () => {
  it('is the same after it was written and read, and as long as said', () => {
    fc.assert(
      fc.property(notification, (message) => {
        const bytes = encodeReply(message);
        expect(bytes).toHaveLength(replyBytes(message));
        expect(decoded(bytes, message.type)).toEqual(message);
      }),
    );
  });

  it.each([
    ['00000005 00000003', 'type: 5 is none, at byte 16'],
    ['ffffffff 00000003', 'type: -1 is none, at byte 16'],
    ['00000001 00000000', 'state: 0 is none, at byte 20'],
  ])('of type and state %s is none that a server sends', (digits, message) => {
    const bytes = hex(`ffffffff 0000000000000004 00000000 ${digits} 00000002 2f61`);
    expect(() => decoded(bytes, OP.notification)).toThrow(message);
  });
});
