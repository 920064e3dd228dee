import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { passwordOf, sessionIdFromLong } from '../../../../src/keeper/session-id.ts';
import {
  answerForm,
  CONNECT_FORM,
  connectRequestBytes,
  connectResponseBytes,
  decodeConnectRequest,
  decodeConnectResponse,
  encodeConnectRequest,
  encodeConnectResponse,
} from '../../../../src/keeper/wire/connect.ts';
import { frame } from '../../../../src/keeper/wire/frames.ts';
import { WireError } from '../../../../src/keeper/wire/jute.ts';
import { ZXID_ZERO } from '../../../../src/zab/zxid.ts';
import { hex, toHex } from '../../../support/hex.ts';
import { connectForm, connectRequest, connectResponse } from '../../../support/records.ts';

const NEW_SESSION = {
  lastZxidSeen: ZXID_ZERO,
  timeoutMs: 10_000,
  session: 0,
  password: new Uint8Array(16),
};
const REQUEST = hex(`
  00000000 0000000000000000 00002710 0000000000000000
  00000010 00000000000000000000000000000000 00`);
const SESSION = sessionIdFromLong(0x1000012653b0000n);
const ACCEPTED = { timeoutMs: 10_000, session: SESSION, password: passwordOf(SESSION) };

describe('a connect request', () => {
  it('is written as a real client writes it', () => {
    const body = encodeConnectRequest(NEW_SESSION, CONNECT_FORM);
    expect(toHex(frame(body))).toBe(`0000002d${toHex(REQUEST)}`);
    expect(decodeConnectRequest(REQUEST)).toEqual({ ...NEW_SESSION, ...CONNECT_FORM });
  });

  it('of an old client lacks its last byte, and so does the answer', () => {
    const request = decodeConnectRequest(REQUEST.subarray(0, 44));
    expect(request).toEqual({ ...NEW_SESSION, protocolVersion: 0, readOnly: null });
    expect(encodeConnectResponse(ACCEPTED, answerForm(request))).toHaveLength(36);
    const today = { protocolVersion: 7, readOnly: true };
    expect(encodeConnectResponse(ACCEPTED, answerForm(today))).toHaveLength(37);
    expect(answerForm(today)).toEqual(CONNECT_FORM);
  });

  it('without a password has an empty one', () => {
    const body = hex('00000000 0000000000000000 00002710 0000000000000000 ffffffff 00');
    expect(decodeConnectRequest(body).password).toEqual(new Uint8Array(0));
  });

  it('is the same after it was written and read', () => {
    fc.assert(
      fc.property(connectRequest, connectForm, (request, form) => {
        const body = encodeConnectRequest(request, form);
        expect(decodeConnectRequest(body)).toEqual({ ...request, ...form });
        expect(encodeConnectRequest(request, CONNECT_FORM)).toHaveLength(
          connectRequestBytes(request),
        );
      }),
    );
  });

  it('that ends too early is refused, wherever it ends but before its last byte', () => {
    for (let length = 0; length < REQUEST.length - 1; length++) {
      expect(() => decodeConnectRequest(REQUEST.subarray(0, length))).toThrow(WireError);
    }
  });
});

describe('a connect response', () => {
  it('is written as a real server writes it', () => {
    const body = encodeConnectResponse(ACCEPTED, CONNECT_FORM);
    const expected = hex(`
      00000025 00000000 00002710 01000012653b0000
      00000010 27764500288a4310dd8ec24fb1aa8fb1 00`);
    expect(toHex(frame(body))).toBe(toHex(expected));
    expect(decodeConnectResponse(body)).toEqual({ ...ACCEPTED, ...CONNECT_FORM });
  });

  it('that says no is all zeros', () => {
    const refused = { timeoutMs: 0, session: 0, password: new Uint8Array(16) };
    const body = encodeConnectResponse(refused, CONNECT_FORM);
    const expected = hex(`
      00000025 00000000 00000000 0000000000000000
      00000010 00000000000000000000000000000000 00`);
    expect(toHex(frame(body))).toBe(toHex(expected));
    expect(decodeConnectResponse(body)).toEqual({ ...refused, ...CONNECT_FORM });
  });

  it('is the same after it was written and read', () => {
    fc.assert(
      fc.property(connectResponse, connectForm, (response, form) => {
        const body = encodeConnectResponse(response, form);
        expect(decodeConnectResponse(body)).toEqual({ ...response, ...form });
        expect(encodeConnectResponse(response, CONNECT_FORM)).toHaveLength(
          connectResponseBytes(response),
        );
      }),
    );
  });

  it('that ends too early is refused, wherever it ends but before its last byte', () => {
    const body = encodeConnectResponse(ACCEPTED, CONNECT_FORM);
    for (let length = 0; length < body.length - 1; length++) {
      expect(() => decodeConnectResponse(body.subarray(0, length))).toThrow(WireError);
    }
  });
});
