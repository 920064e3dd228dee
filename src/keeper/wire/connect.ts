import type { ConnectRequest, ConnectResponse } from '../requests.ts';
import {
  BUFFER_OR_NULL,
  type Codec,
  decode,
  encode,
  INT,
  nullAs,
  record,
  SESSION,
  ZXID,
} from './codec.ts';

/** What a connect record has on the wire besides its meaning. */
export interface ConnectForm {
  /** 0; nobody looks at it. */
  readonly protocolVersion: number;
  /** Whether a read-only server will do, or is one; `null` from clients that do not know of any. */
  readonly readOnly: boolean | null;
}

/** As today's clients write it. */
export const CONNECT_FORM: ConnectForm = { protocolVersion: 0, readOnly: false };

/**
 * How to answer a request of this form: a client that does not know of read-only servers would take
 * the byte for the begin of the next frame.
 */
export function answerForm({ readOnly }: ConnectForm): ConnectForm {
  return readOnly === null ? { protocolVersion: 0, readOnly } : CONNECT_FORM;
}

const PASSWORD = nullAs(BUFFER_OR_NULL, new Uint8Array(0));

/** Only at the end of a frame can a field be missing. */
const READ_ONLY: Codec<boolean | null> = {
  minBytes: 0,
  isFixed: false,
  bytes: (value) => (value === null ? 0 : 1),
  write: (output, value) => {
    if (value !== null) output.boolean(value);
  },
  read: (input, what) => (input.left === 0 ? null : input.boolean(what)),
};

const REQUEST: Codec<ConnectRequest & ConnectForm> = record({
  protocolVersion: INT,
  lastZxidSeen: ZXID,
  timeoutMs: INT,
  session: SESSION,
  password: PASSWORD,
  readOnly: READ_ONLY,
});

const RESPONSE: Codec<ConnectResponse & ConnectForm> = record({
  protocolVersion: INT,
  timeoutMs: INT,
  session: SESSION,
  password: PASSWORD,
  readOnly: READ_ONLY,
});

/** The body of a connection's first frame, which has no header. */
export function encodeConnectRequest(request: ConnectRequest, form: ConnectForm): Uint8Array {
  return encode(REQUEST, { ...request, ...form });
}

/** @throws WireError */
export function decodeConnectRequest(body: Uint8Array): ConnectRequest & ConnectForm {
  return decode(REQUEST, body, 'ConnectRequest');
}

/** @param form see {@link answerForm} */
export function encodeConnectResponse(response: ConnectResponse, form: ConnectForm): Uint8Array {
  return encode(RESPONSE, { ...response, ...form });
}

/** @throws WireError */
export function decodeConnectResponse(body: Uint8Array): ConnectResponse & ConnectForm {
  return decode(RESPONSE, body, 'ConnectResponse');
}

/** The size of a request in today's form. */
export function connectRequestBytes(request: ConnectRequest): number {
  return REQUEST.bytes({ ...request, ...CONNECT_FORM });
}

/** The size of the answer to it. */
export function connectResponseBytes(response: ConnectResponse): number {
  return RESPONSE.bytes({ ...response, ...CONNECT_FORM });
}
