import type { AclEntry } from '../acl.ts';
import type { RequestedAcl } from '../requests.ts';
import type { Stat } from '../stat.ts';
import { type Codec, INT, LONG, record, SESSION, TEXT, TEXT_OR_NULL, ZXID } from './codec.ts';

/** 68 bytes. */
export const STAT: Codec<Stat> = record({
  czxid: ZXID,
  mzxid: ZXID,
  ctime: LONG,
  mtime: LONG,
  version: INT,
  cversion: INT,
  aversion: INT,
  ephemeralOwner: SESSION,
  dataLength: INT,
  numChildren: INT,
  pzxid: ZXID,
});

export const ACL_ENTRY: Codec<AclEntry> = record({ perms: INT, scheme: TEXT, id: TEXT });

/** As a client may write it. */
export const REQUESTED_ACL_ENTRY: Codec<NonNullable<RequestedAcl>[number]> = record({
  perms: INT,
  scheme: TEXT_OR_NULL,
  id: TEXT_OR_NULL,
});
