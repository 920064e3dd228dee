import { sha1 } from '../kernel/sha1.ts';
import type { Id } from './acl.ts';

/** Whoever has this id passes every check; no access list can name it. */
export const SUPER = 'super';

const UTF8 = new TextEncoder();

/** The id of a `user:password`: the user, and a digest of both. `DigestAuthenticationProvider`. */
export function digestId(userPassword: string): string {
  const colon = userPassword.indexOf(':');
  const user = colon < 0 ? userPassword : userPassword.slice(0, colon);
  return `${user}:${btoa(String.fromCharCode(...sha1(UTF8.encode(userPassword))))}`;
}

/**
 * Who a client is that authenticates itself on its connection.
 *
 * @param superDigest the digest id that makes one the super user, if any
 * @returns `null` if the scheme is none that one can use, or nothing is proven
 */
export function authenticate(
  scheme: string,
  auth: Uint8Array,
  superDigest: string | null,
): readonly Id[] | null {
  if (scheme !== 'digest') return null;
  const id = digestId(new TextDecoder().decode(auth));
  const ids: Id[] = id === superDigest ? [{ scheme: SUPER, id: '' }] : [];
  ids.push({ scheme, id });
  return ids;
}

/**
 * These ids and one more, each once, in the order in which Java's hash set holds them: that is the
 * order in which `whoAmI` shows them, and in which they stand in for `auth` in an access list.
 */
export function withId(ids: readonly Id[], added: Id): readonly Id[] {
  if (ids.some(({ scheme, id }) => scheme === added.scheme && id === added.id)) return ids;
  const all = [...ids, added];
  let tableSize = 16;
  while (all.length >= 0.75 * tableSize) tableSize *= 2;
  const place = (id: Id): number => {
    const hash = javaHash(id);
    return (hash ^ (hash >>> 16)) & (tableSize - 1);
  };
  return all.sort((a, b) => place(a) - place(b));
}

function javaHash({ scheme, id }: Id): number {
  return (Math.imul(37, 37 * 17 + javaHashOf(scheme)) + javaHashOf(id)) | 0;
}

/** `String.hashCode`. */
function javaHashOf(text: string): number {
  let hash = 0;
  for (let index = 0; index < text.length; index++) {
    hash = (Math.imul(31, hash) + text.charCodeAt(index)) | 0;
  }
  return hash;
}

/** Whether an access list may name `id` under this scheme. `AuthenticationProvider.isValid`. */
export function isValidId(scheme: string, id: string): boolean {
  if (scheme === 'digest') return digestParts(id).length === 2;
  if (scheme !== 'ip') return false;
  const network = parseNetwork(id);
  return network !== null && network.bits >= 0 && network.bits <= 8 * network.bytes.length;
}

/** Whether a connection's id is one that an entry of an access list is about. */
export function matchesId(scheme: string, id: string, entryId: string): boolean {
  if (scheme !== 'ip') return id === entryId;
  const network = parseNetwork(entryId);
  const address = parseAddress(id);
  if (network === null || address === null || address.length !== network.bytes.length) return false;
  return address.every((byte, index) => {
    const bits = Math.max(0, Math.min(8, network.bits - 8 * index));
    const mask = 0xff & (0xff00 >> bits);
    return (byte & mask) === ((network.bytes[index] as number) & mask);
  });
}

/** The part of an id that names somebody. `AuthenticationProvider.getUserName`. */
export function userName({ scheme, id }: Id): string {
  return scheme === 'digest' ? (id.split(':')[0] as string) : id;
}

/** Java's `split(":")`, which drops what is empty at the end. */
function digestParts(id: string): string[] {
  return id.replace(/:+$/, '').split(':');
}

function parseNetwork(text: string): { readonly bytes: readonly number[]; bits: number } | null {
  const slash = text.indexOf('/');
  const bytes = parseAddress(slash < 0 ? text : text.slice(0, slash));
  if (bytes === null) return null;
  if (slash < 0) return { bytes, bits: 8 * bytes.length };
  const bits = text.slice(slash + 1);
  return /^[+-]?\d+$/.test(bits) ? { bytes, bits: Number(bits) } : null;
}

function parseAddress(text: string): readonly number[] | null {
  return text.includes(':') ? parseV6(text) : parseV4(text);
}

function parseV4(text: string): readonly number[] | null {
  const parts = text.split('.');
  const isValid = parts.length === 4 && parts.every((part) => /^\d+$/.test(part) && +part <= 255);
  return isValid ? parts.map(Number) : null;
}

function parseV6(text: string): readonly number[] | null {
  const halves = text.split('::');
  if (halves.length > 2) return null;
  const [head = [], tail = []] = halves.map((half) => (half === '' ? [] : half.split(':')));
  const missing = 8 - head.length - tail.length;
  if (halves.length === 2 ? missing < 1 : missing !== 0) return null;
  const groups = [...head, ...Array<string>(missing).fill('0'), ...tail];
  if (!groups.every((group) => /^[0-9a-f]{1,4}$/i.test(group))) return null;
  return groups.flatMap((group) => {
    const value = Number.parseInt(group, 16);
    return [value >> 8, value & 0xff];
  });
}
