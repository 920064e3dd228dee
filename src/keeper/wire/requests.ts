import { OP, opName } from '../codes.ts';
import type {
  CreateBody,
  CreateTtlBody,
  MultiOp,
  MultiReadOp,
  PathOnly,
  PathVersion,
  PathWatch,
  Question,
  Request,
  SetDataBody,
} from '../requests.ts';
import {
  BOOLEAN,
  type BodyCodecs,
  BUFFER,
  BUFFER_OR_NULL,
  byType,
  type Codec,
  type CodecsByType,
  decode,
  encode,
  INT,
  LONG,
  mapped,
  NOTHING,
  nullAs,
  record,
  TEXT,
  TEXT_OR_NULL,
  vector,
  vectorOrNull,
  ZXID,
} from './codec.ts';
import { multiParts, wireType } from './multi.ts';
import { REQUESTED_ACL_ENTRY } from './records.ts';

type Unknown = { readonly type: typeof OP.unknown };
type AuthBody = Extract<Question, { readonly type: typeof OP.auth }>['body'];

const ACL = vectorOrNull(REQUESTED_ACL_ENTRY);
const PATHS = vector(TEXT);
/** A client may write null for what is empty. */
const TEXT_OR_EMPTY = nullAs(TEXT_OR_NULL, '');

const CREATE: Codec<CreateBody> = record({
  path: TEXT,
  data: BUFFER_OR_NULL,
  acl: ACL,
  flags: INT,
});
const CREATE_TTL: Codec<CreateTtlBody> = record({
  path: TEXT,
  data: BUFFER_OR_NULL,
  acl: ACL,
  flags: INT,
  ttl: LONG,
});
const PATH: Codec<PathOnly> = record({ path: TEXT });
const PATH_VERSION: Codec<PathVersion> = record({ path: TEXT, version: INT });
const PATH_WATCH: Codec<PathWatch> = record({ path: TEXT, watch: BOOLEAN });
const SET_DATA: Codec<SetDataBody> = record({ path: TEXT, data: BUFFER_OR_NULL, version: INT });
const PATH_WATCHER_TYPE = record<{ readonly path: string; readonly watcherType: number }>({
  path: TEXT,
  watcherType: INT,
});
const SET_WATCHES = { relativeZxid: ZXID, data: PATHS, exist: PATHS, child: PATHS };

/** The type of a packet means nothing; the scheme says it all. */
const AUTH: Codec<AuthBody> = mapped(
  record<AuthBody & { readonly type: number }>({ type: INT, scheme: TEXT, auth: BUFFER }),
  ({ scheme, auth }) => ({ type: 0, scheme, auth }),
  ({ scheme, auth }) => ({ scheme, auth }),
);

const MULTI_OPS: BodyCodecs<Exclude<MultiOp, Unknown>> = {
  [OP.create]: CREATE,
  [OP.create2]: CREATE,
  [OP.createContainer]: CREATE,
  [OP.createTTL]: CREATE_TTL,
  [OP.delete]: PATH_VERSION,
  [OP.setData]: SET_DATA,
  [OP.check]: PATH_VERSION,
};

const MULTI_READ_OPS: BodyCodecs<MultiReadOp> = {
  [OP.getData]: PATH_WATCH,
  [OP.getChildren]: PATH_WATCH,
};

/** What the header of an operation has where that of a result has its error. */
const NO_ERR = -1;

const BODIES: BodyCodecs<Exclude<Question, Unknown>> = {
  ...MULTI_OPS,
  [OP.deleteContainer]: PATH,
  [OP.setACL]: record({ path: TEXT, acl: ACL, version: INT }),
  [OP.multi]: record({
    ops: multiParts<MultiOp>(
      byType(MULTI_OPS),
      () => NO_ERR,
      (type) => ({ type: OP.unknown, body: { type } }),
    ),
  }),
  [OP.multiRead]: record({
    ops: multiParts<MultiReadOp>(byType(MULTI_READ_OPS), () => NO_ERR, null),
  }),
  [OP.exists]: PATH_WATCH,
  [OP.getData]: PATH_WATCH,
  [OP.getChildren]: PATH_WATCH,
  [OP.getChildren2]: PATH_WATCH,
  [OP.getACL]: PATH,
  [OP.getAllChildrenNumber]: PATH,
  [OP.sync]: record({ path: TEXT_OR_EMPTY }),
  [OP.getEphemerals]: record({ prefixPath: TEXT_OR_EMPTY }),
  [OP.addWatch]: record({ path: TEXT, mode: INT }),
  [OP.checkWatches]: PATH_WATCHER_TYPE,
  [OP.removeWatches]: PATH_WATCHER_TYPE,
  [OP.setWatches]: record(SET_WATCHES),
  [OP.setWatches2]: record({ ...SET_WATCHES, persistent: PATHS, persistentRecursive: PATHS }),
  [OP.auth]: AUTH,
  [OP.reconfig]: record({
    joining: TEXT_OR_NULL,
    leaving: TEXT_OR_NULL,
    newMembers: TEXT_OR_NULL,
    curConfigId: ZXID,
  }),
  [OP.ping]: NOTHING,
  [OP.whoAmI]: NOTHING,
  [OP.closeSession]: NOTHING,
  [OP.createSession]: record({ timeoutMs: INT }),
};

const BODIES_BY_TYPE: CodecsByType = byType(BODIES);

interface RequestHeader {
  readonly xid: number;
  /** An {@link OP}, or a number that is none. */
  readonly type: number;
}

const HEADER: Codec<RequestHeader> = record({ xid: INT, type: INT });

const REQUEST: Codec<Request> = {
  minBytes: HEADER.minBytes,
  isFixed: false,
  bytes: (request) => HEADER.minBytes + bodyCodec(request).bytes(request.body),
  write: (output, request) => {
    HEADER.write(output, { xid: request.xid, type: wireType(request) });
    bodyCodec(request).write(output, request.body);
  },
  read: (input, what) => {
    const { xid, type } = HEADER.read(input, what);
    const codec = BODIES_BY_TYPE.get(type);
    if (codec === undefined) return { xid, type: OP.unknown, body: { type } };
    // The table gives every type the codec of its body.
    return { xid, type, body: codec.read(input, opName(type)) } as Request;
  },
};

/** One of an unknown type has none; a test may send it all the same. */
function bodyCodec({ type }: Request): Codec<unknown> {
  return BODIES_BY_TYPE.get(type) ?? NOTHING;
}

/** The body of a frame. */
export function encodeRequest(request: Request): Uint8Array {
  return encode(REQUEST, request);
}

/**
 * A request whose type nobody knows becomes `OP.unknown`.
 *
 * @throws WireError after which {@link decodeRequestHeader} may still tell whom to answer
 */
export function decodeRequest(body: Uint8Array): Request {
  return decode(REQUEST, body, 'RequestHeader');
}

/**
 * What can be known of a request whose body makes no sense.
 *
 * @throws WireError
 */
export function decodeRequestHeader(body: Uint8Array): RequestHeader {
  return decode(HEADER, body, 'RequestHeader');
}

/** The size of what {@link encodeRequest} makes. */
export function requestBytes(request: Request): number {
  return REQUEST.bytes(request);
}
