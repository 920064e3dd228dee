import { isValidId, matchesId, SUPER } from './auth.ts';
import type { RequestedAcl } from './requests.ts';

/** Permission bits. `ZooDefs.Perms`. */
export const PERM = { READ: 1, WRITE: 2, CREATE: 4, DELETE: 8, ADMIN: 16, ALL: 31 } as const;

/** Who somebody is (`digest`, `ip` …), or whom an entry of an access list is about. */
export interface Id {
  readonly scheme: string;
  readonly id: string;
}

export interface AclEntry extends Id {
  readonly perms: number;
}

export type Acl = readonly AclEntry[];

/** Everybody may do everything. `ZooDefs.Ids.OPEN_ACL_UNSAFE`. */
export const OPEN_ACL: Acl = [{ perms: PERM.ALL, scheme: 'world', id: 'anyone' }];

/** Whether somebody with these ids has one of the permissions. `ZooKeeperServer.checkACL`. */
export function isAllowed(acl: Acl, perms: number, ids: readonly Id[]): boolean {
  if (acl === OPEN_ACL || acl.length === 0) return true;
  if (ids.some(({ scheme }) => scheme === SUPER)) return true;
  return acl.some((entry) => {
    if ((entry.perms & perms) === 0) return false;
    if (entry.scheme === 'world' && entry.id === 'anyone') return true;
    return ids.some(({ scheme, id }) => {
      return scheme === entry.scheme && matchesId(scheme, id, entry.id);
    });
  });
}

/**
 * The access list that will be stored for one that was asked for: without duplicates, and with the
 * ids of whoever asks in the place of `auth`. `PrepRequestProcessor.fixupACL`.
 *
 * @returns `null` if it is not a valid one
 */
export function fixAcl(acl: RequestedAcl, ids: readonly Id[]): Acl | null {
  if (acl === OPEN_ACL) return OPEN_ACL;
  const fixed: AclEntry[] = [];
  for (const { perms, scheme, id } of withoutDuplicates(acl ?? [])) {
    if (scheme === null || (id === null && scheme !== 'auth')) return null;
    if (scheme === 'auth') {
      const own = ids.filter((asker) => asker.scheme === 'digest');
      if (own.length === 0) return null;
      fixed.push(...own.map((asker) => ({ perms, ...asker })));
    } else {
      const isEverybody = scheme === 'world' && id === 'anyone';
      if (id === null || !(isEverybody || isValidId(scheme, id))) return null;
      fixed.push({ perms, scheme, id });
    }
  }
  return fixed.length === 0 ? null : fixed;
}

/** What of an access list may be shown to somebody who may not change it. */
export function withoutSecrets(acl: Acl): Acl {
  return acl.map((entry) => {
    return entry.scheme === 'digest' ? { ...entry, id: entry.id.replace(/:.*$/s, ':x') } : entry;
  });
}

function withoutDuplicates<Entry extends NonNullable<RequestedAcl>[number]>(
  acl: readonly Entry[],
): Entry[] {
  return acl.filter((entry, index) => {
    return index === acl.findIndex((first) => isSameEntry(first, entry));
  });
}

type RequestedEntry = NonNullable<RequestedAcl>[number];

function isSameEntry(a: RequestedEntry, b: RequestedEntry): boolean {
  return a.perms === b.perms && a.scheme === b.scheme && a.id === b.id;
}
