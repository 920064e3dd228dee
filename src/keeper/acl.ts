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
