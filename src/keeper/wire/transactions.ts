import type { Zxid } from '../../zab/zxid.ts';
import { OP, opName } from '../codes.ts';
import type { PathOnly } from '../requests.ts';
import type { SessionId } from '../session-id.ts';
import type { Change, CreateTxn, SubChange } from '../transaction.ts';
import {
  BOOLEAN,
  type BodyCodecs,
  BUFFER_OR_NULL,
  byType,
  type Codec,
  type CodecsByType,
  encode,
  type Format,
  INT,
  LONG,
  record,
  SESSION,
  TEXT,
  vector,
  ZXID,
} from './codec.ts';
import { JuteReader } from './jute.ts';
import { ACL_ENTRY } from './records.ts';

const ACL = vector(ACL_ENTRY);
const CREATED = { path: TEXT, data: BUFFER_OR_NULL, acl: ACL };

const CREATE: Codec<CreateTxn> = record({ ...CREATED, isEphemeral: BOOLEAN, parentCversion: INT });
const PATH: Codec<PathOnly> = record({ path: TEXT });

const SUB_BODIES: BodyCodecs<SubChange> = {
  [OP.create]: CREATE,
  [OP.create2]: CREATE,
  [OP.createContainer]: record({ ...CREATED, parentCversion: INT }),
  [OP.createTTL]: record({ ...CREATED, parentCversion: INT, ttl: LONG }),
  [OP.delete]: PATH,
  [OP.setData]: record({ path: TEXT, data: BUFFER_OR_NULL, version: INT }),
  [OP.check]: record({ path: TEXT, version: INT }),
  [OP.error]: record({ err: INT }),
};

const SUB_BODIES_BY_TYPE: CodecsByType = byType(SUB_BODIES);

/** A part of a multi: its type, and its body as a buffer. `Txn`. */
const SUB_CHANGE: Codec<SubChange> = {
  minBytes: 8,
  isFixed: false,
  bytes: ({ type, body }) => {
    const codec: Codec<unknown> = SUB_BODIES[type];
    return 8 + codec.bytes(body);
  },
  write: (output, { type, body }) => {
    const codec: Codec<unknown> = SUB_BODIES[type];
    output.int(type);
    output.int(codec.bytes(body));
    codec.write(output, body);
  },
  read: (input) => {
    const type = input.int('type');
    const codec = SUB_BODIES_BY_TYPE.get(type);
    if (codec === undefined) throw input.error(`a multi with a transaction of type ${type}`, 4);
    // The table gives every type the codec of its body.
    return { type, body: codec.read(input.nested('data'), opName(type)) } as SubChange;
  },
};

const BODIES: BodyCodecs<Change> = {
  ...SUB_BODIES,
  [OP.deleteContainer]: PATH,
  [OP.setACL]: record({ path: TEXT, acl: ACL, version: INT }),
  [OP.multi]: record({ changes: vector(SUB_CHANGE) }),
  [OP.createSession]: record({ timeoutMs: INT }),
  [OP.closeSession]: record({ paths: vector(TEXT) }),
};

const BODIES_BY_TYPE: CodecsByType = byType(BODIES);

interface RecordHeader {
  readonly session: SessionId;
  readonly cxid: number;
  readonly zxid: Zxid;
  /** The leader's wall clock, in milliseconds. */
  readonly time: number;
}

/** What of a transaction is logged, and proposed to other servers. */
export type LogRecord = { readonly [C in Change as C['type']]: C & RecordHeader }[Change['type']];

const HEADER: Codec<RecordHeader & { readonly type: number }> = record({
  session: SESSION,
  cxid: INT,
  zxid: ZXID,
  time: LONG,
  type: INT,
});

interface TxnDigest {
  readonly version: number;
  readonly treeDigest: number;
}

const DIGEST_VERSION = 2;
const DIGEST: Codec<TxnDigest> = record({ version: INT, treeDigest: LONG });

/** Checksum and length before a record in the log, and the byte that ends it. */
const LOG_FRAMING_BYTES = 8 + 4 + 1;

/** A record, and what the tree's digest must be after it; `null` if nobody says. */
export interface LogEntry {
  readonly txn: LogRecord;
  readonly digest: number | null;
}

const ENTRY: Format<LogEntry> = {
  bytes: ({ txn, digest }) => transactionBytes(txn, digest !== null),
  write: (output, { txn, digest }) => {
    const codec: Codec<unknown> = BODIES[txn.type];
    HEADER.write(output, txn);
    codec.write(output, txn.body);
    if (digest !== null) {
      DIGEST.write(output, { version: DIGEST_VERSION, treeDigest: digest });
    }
  },
};

/** `TxnHeader`, the record of the type, `TxnDigest`. `SerializeUtils.serializeRequest`. */
export function encodeTransaction(txn: LogRecord, digest: number | null): Uint8Array {
  return encode(ENTRY, { txn, digest });
}

/**
 * The reverse of {@link encodeTransaction}. A digest of another version is left out.
 *
 * @throws WireError
 */
export function decodeTransaction(bytes: Uint8Array): LogEntry {
  const input = new JuteReader(bytes);
  const { session, cxid, zxid, time, type } = HEADER.read(input, 'TxnHeader');
  const codec = BODIES_BY_TYPE.get(type);
  if (codec === undefined) throw input.error(`a transaction of type ${type}`, 4);
  const body = codec.read(input, opName(type));
  // The table gives every type the codec of its body.
  const txn = { session, cxid, zxid, time, type, body } as LogRecord;
  if (input.left === 0) return { txn, digest: null };
  const { version, treeDigest } = DIGEST.read(input, 'TxnDigest');
  return { txn, digest: version === DIGEST_VERSION ? treeDigest : null };
}

/** The size of what {@link encodeTransaction} makes: what a proposal carries. */
export function transactionBytes({ type, body }: Change, hasDigest: boolean): number {
  const codec: Codec<unknown> = BODIES[type];
  return HEADER.minBytes + codec.bytes(body) + (hasDigest ? DIGEST.minBytes : 0);
}

/** The size of the same in the log, with its checksum. `FileTxnLog.append`. */
export function recordBytes(change: Change, hasDigest: boolean): number {
  return LOG_FRAMING_BYTES + transactionBytes(change, hasDigest);
}
