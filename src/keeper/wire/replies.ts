import { CODE, OP, opName } from '../codes.ts';
import {
  EVENT_TYPE,
  type MultiReadResult,
  type MultiResult,
  type PathOnly,
  type Reply,
  type ServerMessage,
  type WatcherEvent,
  XID,
} from '../requests.ts';
import type { Stat } from '../stat.ts';
import {
  type BodyCodecs,
  BUFFER_OR_NULL,
  byType,
  type Codec,
  type CodecsByType,
  encode,
  type Format,
  INT,
  mapped,
  NOTHING,
  oneOf,
  record,
  TEXT,
  vector,
  ZXID,
} from './codec.ts';
import { JuteReader } from './jute.ts';
import { multiParts } from './multi.ts';
import { ACL_ENTRY, STAT } from './records.ts';

const PATH: Codec<PathOnly> = record({ path: TEXT });
const ONLY_STAT: Codec<{ readonly stat: Stat }> = record({ stat: STAT });
const PATH_STAT: Codec<PathOnly & { readonly stat: Stat }> = record({ path: TEXT, stat: STAT });
const DATA_STAT = record({ data: BUFFER_OR_NULL, stat: STAT });
const NAMES = vector(TEXT);
const CHILDREN = record({ children: NAMES });
const ERROR = record({ err: INT });

const MULTI_RESULTS: BodyCodecs<MultiResult> = {
  [OP.create]: PATH,
  [OP.create2]: PATH_STAT,
  [OP.setData]: ONLY_STAT,
  [OP.delete]: NOTHING,
  [OP.check]: NOTHING,
  [OP.error]: ERROR,
};

const MULTI_READ_RESULTS: BodyCodecs<MultiReadResult> = {
  [OP.getData]: DATA_STAT,
  [OP.getChildren]: CHILDREN,
  [OP.error]: ERROR,
};

function resultErr(result: MultiResult | MultiReadResult): number {
  return result.type === OP.error ? result.body.err : CODE.OK;
}

const SYNC_CONNECTED = 3;

/** The state of the session is in it too; a server that can send anything is connected. */
const EVENT: Codec<WatcherEvent> = mapped(
  record<WatcherEvent & { readonly state: typeof SYNC_CONNECTED }>({
    type: oneOf(Object.values(EVENT_TYPE)),
    state: oneOf([SYNC_CONNECTED]),
    path: TEXT,
  }),
  ({ type, path }) => ({ type, state: SYNC_CONNECTED, path }),
  ({ type, path }) => ({ type, path }),
);

const BODIES: BodyCodecs<ServerMessage> = {
  [OP.notification]: EVENT,
  [OP.create]: PATH,
  [OP.sync]: PATH,
  [OP.create2]: PATH_STAT,
  [OP.createContainer]: PATH_STAT,
  [OP.createTTL]: PATH_STAT,
  [OP.setData]: ONLY_STAT,
  [OP.setACL]: ONLY_STAT,
  [OP.exists]: ONLY_STAT,
  [OP.getData]: DATA_STAT,
  [OP.reconfig]: DATA_STAT,
  [OP.getACL]: record({ acl: vector(ACL_ENTRY), stat: STAT }),
  [OP.getChildren]: CHILDREN,
  [OP.getChildren2]: record({ children: NAMES, stat: STAT }),
  [OP.multi]: record({
    results: multiParts<MultiResult>(byType(MULTI_RESULTS), resultErr, null),
  }),
  [OP.multiRead]: record({
    results: multiParts<MultiReadResult>(byType(MULTI_READ_RESULTS), resultErr, null),
  }),
  [OP.getEphemerals]: record({ ephemerals: NAMES }),
  [OP.getAllChildrenNumber]: record({ totalNumber: INT }),
  [OP.whoAmI]: record({ clientInfo: vector(record({ authScheme: TEXT, user: TEXT })) }),
  [OP.addWatch]: record({ errorField: INT }),
  [OP.delete]: NOTHING,
  [OP.deleteContainer]: NOTHING,
  [OP.check]: NOTHING,
  [OP.checkWatches]: NOTHING,
  [OP.removeWatches]: NOTHING,
  [OP.setWatches]: NOTHING,
  [OP.setWatches2]: NOTHING,
  [OP.auth]: NOTHING,
  [OP.ping]: NOTHING,
  [OP.closeSession]: NOTHING,
  [OP.unknown]: NOTHING,
};

const BODIES_BY_TYPE: CodecsByType = byType(BODIES);

type ReplyHeader = Pick<ServerMessage, 'xid' | 'zxid' | 'err'>;

const HEADER: Codec<ReplyHeader> = record({ xid: INT, zxid: ZXID, err: INT });

const MESSAGE: Format<ServerMessage> = {
  bytes: (message) => HEADER.minBytes + bodyCodec(message).bytes(message.body),
  write: (output, message) => {
    HEADER.write(output, message);
    bodyCodec(message).write(output, message.body);
  },
};

/** An error has no body. */
function bodyCodec({ type, body }: ServerMessage): Codec<unknown> {
  return body === null ? NOTHING : (BODIES_BY_TYPE.get(type) ?? NOTHING);
}

/** An answer or a watch event: the body of a frame. */
export function encodeReply(message: ServerMessage): Uint8Array {
  return encode(MESSAGE, message);
}

/**
 * An answer or a watch event.
 *
 * @param typeOf the type of the request that has the number; only that tells what an answer holds
 * @throws WireError
 */
export function decodeReply(
  body: Uint8Array,
  typeOf: (xid: number) => Reply['type'],
): ServerMessage {
  const input = new JuteReader(body);
  const { xid, zxid, err } = HEADER.read(input, 'ReplyHeader');
  if (xid === XID.notification) {
    return { xid, zxid, err, type: OP.notification, body: EVENT.read(input, 'WatcherEvent') };
  }
  const type = replyType(xid, typeOf);
  const codec = err === CODE.OK ? BODIES_BY_TYPE.get(type) : undefined;
  // The table gives every type the codec of its body.
  return { xid, zxid, err, type, body: codec?.read(input, opName(type)) ?? null } as Reply;
}

/** Pings and authentication are not numbered among the requests. */
function replyType(xid: number, typeOf: (xid: number) => Reply['type']): Reply['type'] {
  if (xid === XID.ping) return OP.ping;
  return xid === XID.auth ? OP.auth : typeOf(xid);
}

/** The size of what {@link encodeReply} makes. */
export function replyBytes(message: ServerMessage): number {
  return MESSAGE.bytes(message);
}
