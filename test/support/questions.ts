import { OPEN_ACL } from '../../src/keeper/acl.ts';
import { OP } from '../../src/keeper/codes.ts';
import {
  CREATE_MODE,
  type Data,
  type Question,
  type RequestedAcl,
} from '../../src/keeper/requests.ts';

type Ask<Type extends Question['type']> = Extract<Question, { readonly type: Type }>;

export const CLOSE: Ask<typeof OP.closeSession> = { type: OP.closeSession, body: null };
export const PING: Ask<typeof OP.ping> = { type: OP.ping, body: null };

export function bytes(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

export function text(data: Data | undefined): string | null {
  return data === null || data === undefined ? null : new TextDecoder().decode(data);
}

export function create(
  path: string,
  flags: number = CREATE_MODE.PERSISTENT,
  data = '',
  acl: RequestedAcl = OPEN_ACL,
): Ask<typeof OP.create> {
  return { type: OP.create, body: { path, data: bytes(data), acl, flags } };
}

export function createContainer(path: string): Ask<typeof OP.createContainer> {
  const body = { path, data: null, acl: OPEN_ACL, flags: CREATE_MODE.CONTAINER };
  return { type: OP.createContainer, body };
}

export function createTtl(path: string, ttl: number): Ask<typeof OP.createTTL> {
  const body = { path, data: null, acl: OPEN_ACL, flags: CREATE_MODE.PERSISTENT_WITH_TTL, ttl };
  return { type: OP.createTTL, body };
}

export function setData(path: string, data: string): Ask<typeof OP.setData> {
  return { type: OP.setData, body: { path, data: bytes(data), version: -1 } };
}

export function remove(path: string): Ask<typeof OP.delete> {
  return { type: OP.delete, body: { path, version: -1 } };
}

export function getData(path: string, watch = false): Ask<typeof OP.getData> {
  return { type: OP.getData, body: { path, watch } };
}

export function getChildren(path: string, watch = false): Ask<typeof OP.getChildren> {
  return { type: OP.getChildren, body: { path, watch } };
}

export function exists(path: string, watch = false): Ask<typeof OP.exists> {
  return { type: OP.exists, body: { path, watch } };
}

export function sync(path: string): Ask<typeof OP.sync> {
  return { type: OP.sync, body: { path } };
}
