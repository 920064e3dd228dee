import type { AuthInfo } from '../../client/history.ts';
import { type Acl, type Id, OPEN_ACL } from '../../keeper/acl.ts';
import type { ClientInfo, RequestedAcl } from '../../keeper/requests.ts';
import type { SessionId } from '../../keeper/session-id.ts';
import { sha1 } from '../../kernel/sha1.ts';

/** Who asks for something: a session, and who its connection has proven to be. */
export interface Asker {
  readonly session: SessionId;
  readonly ids: readonly Id[];
}

const ANYONE: Id = { scheme: 'world', id: 'anyone' };

/** The ids of a connection: where it comes from, and what each proof has added. */
export function idsOf(
  address: string,
  proofs: readonly AuthInfo[],
  superDigest: string | null,
): readonly Id[] {
  const ids: Id[] = [{ scheme: 'ip', id: address }];
  for (const { scheme, auth } of proofs) {
    if (scheme !== 'digest') continue;
    const text = new TextDecoder().decode(auth);
    const hash = btoa(String.fromCharCode(...sha1(new TextEncoder().encode(text))));
    const id = { scheme, id: `${text.replace(/:.*$/s, '')}:${hash}` };
    if (id.id === superDigest) addOnce(ids, { scheme: 'super', id: '' });
    addOnce(ids, id);
  }
  return ids;
}

function addOnce(ids: Id[], id: Id): void {
  if (!ids.some((other) => isSame(other, id))) ids.push(id);
}

/** Whether one of the permissions is granted to somebody with these ids. */
export function mayDo(acl: Acl, perms: number, ids: readonly Id[]): boolean {
  if (acl.length === 0 || ids.some(({ scheme }) => scheme === 'super')) return true;
  return acl.some((entry) => {
    if ((entry.perms & perms) === 0) return false;
    return isSame(entry, ANYONE) || ids.some((id) => isMeant(entry, id));
  });
}

/** The list that is stored for one that was asked for; `null` if that is not valid. */
export function storedAcl(requested: RequestedAcl, ids: readonly Id[]): Acl | null {
  if (requested === OPEN_ACL) return OPEN_ACL;
  const entries = (requested ?? []).filter((entry, index, all) => {
    return !all
      .slice(0, index)
      .some((other) => other.perms === entry.perms && isSame(other, entry));
  });
  const proven = ids.filter(({ scheme }) => scheme === 'digest');
  const stored = entries.map(({ perms, scheme, id }) => {
    if (scheme === 'auth') return proven.map((own) => ({ perms, ...own }));
    const isValid = scheme !== null && id !== null && isNameable({ scheme, id });
    return isValid ? [{ perms, scheme, id }] : [];
  });
  return stored.length === 0 || stored.some(({ length }) => length === 0) ? null : stored.flat();
}

/** A list as somebody sees it who may not change it. */
export function maskedAcl(acl: Acl): Acl {
  return acl.map((entry) => {
    return entry.scheme === 'digest' ? { ...entry, id: `${entry.id.split(':')[0]}:x` } : entry;
  });
}

export function clientInfoOf(ids: readonly Id[]): readonly ClientInfo[] {
  return ids.map(({ scheme, id }) => {
    return { authScheme: scheme, user: scheme === 'digest' ? id.replace(/:.*$/s, '') : id };
  });
}

/** Ids that are asked for may be incomplete. */
interface RequestedId {
  readonly scheme: string | null;
  readonly id: string | null;
}

function isSame(a: RequestedId, b: RequestedId): boolean {
  return a.scheme === b.scheme && a.id === b.id;
}

/** Whether a list may have an entry about this id. */
function isNameable(entry: Id): boolean {
  if (entry.scheme === 'digest') return /^[^:]*:[^:]+:*$/.test(entry.id);
  return isSame(entry, ANYONE) || (entry.scheme === 'ip' && networkOf(entry.id) !== null);
}

/** Whether the entry is about whoever has the id. */
function isMeant(entry: Id, { scheme, id }: Id): boolean {
  if (scheme !== entry.scheme) return false;
  if (scheme !== 'ip') return id === entry.id;
  const network = networkOf(entry.id);
  const bits = bitsOf(id);
  return network !== null && bits?.length === network.length && bits.startsWith(network.prefix);
}

/** The bits that all addresses of a network begin with, and how many bits an address has. */
function networkOf(text: string): { readonly prefix: string; readonly length: number } | null {
  const [address = '', count] = text.split('/');
  const bits = bitsOf(address);
  if (bits === null || (count !== undefined && !/^\d+$/.test(count))) return null;
  const kept = count === undefined ? bits.length : Number(count);
  return kept > bits.length ? null : { prefix: bits.slice(0, kept), length: bits.length };
}

/** The bits of an address, `null` if it is none. */
function bitsOf(address: string): string | null {
  if (address.includes(':')) return bitsOfV6(address);
  const parts = address.split('.');
  const isValid = parts.length === 4 && parts.every((part) => /^\d+$/.test(part) && +part < 256);
  return isValid ? parts.map((part) => (+part).toString(2).padStart(8, '0')).join('') : null;
}

function bitsOfV6(address: string): string | null {
  const [head = [], tail, ...more] = address
    .split('::')
    .map((half) => half.split(':').filter((group) => group !== ''));
  const gap = tail === undefined ? 0 : 8 - head.length - tail.length;
  const groups = [...head, ...Array<string>(Math.max(gap, 0)).fill('0'), ...(tail ?? [])];
  const isValid = groups.every((group) => /^[0-9a-f]{1,4}$/i.test(group));
  if (!isValid || groups.length !== 8 || more.length > 0) return null;
  return groups.map((group) => Number.parseInt(group, 16).toString(2).padStart(16, '0')).join('');
}
