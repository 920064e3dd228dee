import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { OP } from '../../../../src/keeper/codes.ts';
import type { Reply } from '../../../../src/keeper/requests.ts';
import {
  CONNECT_FORM,
  decodeConnectRequest,
  decodeConnectResponse,
  encodeConnectRequest,
  encodeConnectResponse,
} from '../../../../src/keeper/wire/connect.ts';
import { FrameReader } from '../../../../src/keeper/wire/frames.ts';
import { WireError } from '../../../../src/keeper/wire/jute.ts';
import { decodeReply, encodeReply } from '../../../../src/keeper/wire/replies.ts';
import { decodeRequest, encodeRequest } from '../../../../src/keeper/wire/requests.ts';
import { decodeTransaction, encodeTransaction } from '../../../../src/keeper/wire/transactions.ts';
import {
  connectRequest,
  connectResponse,
  logEntry,
  notification,
  reply,
  replyBodies,
  request,
} from '../../../support/records.ts';

const RUNS = { numRuns: 1000 };
const REPLY_TYPES = Object.keys(replyBodies).map(Number) as Reply['type'][];

type Decoder = (bytes: Uint8Array) => unknown;

function replyDecoder(type: Reply['type']): Decoder {
  return (bytes) => decodeReply(bytes, () => type);
}

/** Everything that reads what somebody else has written. */
const DECODERS: readonly Decoder[] = [
  decodeRequest,
  decodeConnectRequest,
  decodeConnectResponse,
  decodeTransaction,
  ...REPLY_TYPES.map(replyDecoder),
];

/** Valid bytes, and what reads them. */
const frames: fc.Arbitrary<readonly [Uint8Array, Decoder]> = fc.oneof(
  request.map((message) => [encodeRequest(message), decodeRequest] as const),
  fc.oneof(reply, notification).map((message) => {
    // The type does not matter for a notification.
    const type = message.type === OP.notification ? OP.ping : message.type;
    return [encodeReply(message), replyDecoder(type)] as const;
  }),
  connectRequest.map((message) => {
    return [encodeConnectRequest(message, CONNECT_FORM), decodeConnectRequest] as const;
  }),
  connectResponse.map((message) => {
    return [encodeConnectResponse(message, CONNECT_FORM), decodeConnectResponse] as const;
  }),
  logEntry.map(({ txn, digest }) => [encodeTransaction(txn, digest), decodeTransaction] as const),
);

/** Whether they could be read; fails on any error but the one that is promised. */
function isDecodable(bytes: Uint8Array, decoder: Decoder): boolean {
  try {
    decoder(bytes);
    return true;
  } catch (error) {
    expect(error).toBeInstanceOf(WireError);
    return false;
  }
}

function withInt(bytes: Uint8Array, offset: number, value: number): Uint8Array {
  const copy = Uint8Array.from(bytes);
  new DataView(copy.buffer).setInt32(offset, value);
  return copy;
}

describe('hostile bytes', () => {
  it('in the place of good ones are read as something else or refused', () => {
    const flips = fc.array(fc.tuple(fc.nat(), fc.integer({ min: 1, max: 255 })), { minLength: 1 });
    const seen = { decoded: 0, refused: 0 };
    fc.assert(
      fc.property(frames, flips, ([bytes, decoder], changes) => {
        const corrupt = Uint8Array.from(bytes);
        for (const [place, mask] of changes) {
          const offset = place % corrupt.length;
          corrupt[offset] = (corrupt[offset] as number) ^ mask;
        }
        seen[isDecodable(corrupt, decoder) ? 'decoded' : 'refused']++;
      }),
      RUNS,
    );
    expect(seen.decoded).toBeGreaterThan(0);
    expect(seen.refused).toBeGreaterThan(0);
  });

  it('at random are read as something or refused by every decoder', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        for (const decoder of DECODERS) isDecodable(bytes, decoder);
      }),
      RUNS,
    );
  });

  it('after the header of any type of request are read as something or refused', () => {
    const types = fc.constantFrom(...Object.values(OP));
    fc.assert(
      fc.property(types, fc.uint8Array({ minLength: 8, maxLength: 200 }), (type, bytes) => {
        isDecodable(withInt(bytes, 4, type), decodeRequest);
      }),
      RUNS,
    );
  });

  it('after the header of any answer that is no error are read as something or refused', () => {
    const types = fc.constantFrom(...REPLY_TYPES);
    fc.assert(
      fc.property(types, fc.uint8Array({ minLength: 16, maxLength: 200 }), (type, bytes) => {
        isDecodable(withInt(withInt(bytes, 12, 0), 4, 0), replyDecoder(type));
      }),
      RUNS,
    );
  });

  it('that announce two billion of anything anywhere are refused before there is room for it', () => {
    const before = process.memoryUsage();
    fc.assert(
      fc.property(frames, ([bytes, decoder]) => {
        for (let offset = 0; offset + 4 <= bytes.length; offset++) {
          isDecodable(withInt(bytes, offset, 2 ** 31 - 1), decoder);
        }
      }),
    );
    const after = process.memoryUsage();
    expect(after.arrayBuffers - before.arrayBuffers).toBeLessThan(2 ** 28);
    expect(after.heapUsed - before.heapUsed).toBeLessThan(2 ** 28);
  });

  it('that announce a long frame take no more room than they are long themselves', () => {
    const before = process.memoryUsage().arrayBuffers;
    const readers = Array.from({ length: 1000 }, () => {
      const reader = new FrameReader();
      reader.push(Uint8Array.of(0, 0x0f, 0xff, 0xff));
      expect(reader.next()).toBeNull();
      return reader;
    });
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(readers.length * 16_384);
  });
});
