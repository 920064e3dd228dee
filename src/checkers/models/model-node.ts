import type { Acl } from '../../keeper/acl.ts';
import type { Data } from '../../keeper/requests.ts';
import type { SessionId } from '../../keeper/session-id.ts';
import type { Stat } from '../../keeper/stat.ts';
import type { Zxid } from '../../zab/zxid.ts';

/** What ends a node by itself: its session, having no children any more, or time. */
export type NodeKind = 'plain' | 'ephemeral' | 'container' | 'ttl';

export interface ModelNode {
  readonly path: string;
  readonly kind: NodeKind;
  readonly czxid: Zxid;
  readonly ctime: number;
  /** Of an ephemeral, otherwise 0. */
  readonly owner: SessionId;
  /** In milliseconds, of a TTL node. */
  readonly ttl: number;
  acl: Acl;
  data: Data;
  mzxid: Zxid;
  mtime: number;
  pzxid: Zxid;
  version: number;
  aversion: number;
  readonly children: Set<string>;
  /** Children that came, and children that went. */
  births: number;
  deaths: number;
}

export type NewNode = Pick<
  ModelNode,
  'path' | 'kind' | 'czxid' | 'ctime' | 'owner' | 'ttl' | 'acl' | 'data'
>;

export function newNode({ path, kind, czxid, ctime, owner, ttl, acl, data }: NewNode): ModelNode {
  return {
    path,
    kind,
    czxid,
    ctime,
    owner,
    ttl,
    acl,
    data,
    mzxid: czxid,
    mtime: ctime,
    pzxid: czxid,
    version: 0,
    aversion: 0,
    children: new Set(),
    births: 0,
    deaths: 0,
  };
}

export function statOf(node: ModelNode): Stat {
  return {
    czxid: node.czxid,
    mzxid: node.mzxid,
    ctime: node.ctime,
    mtime: node.mtime,
    version: node.version,
    cversion: node.births + node.deaths - premadeChildren(node.path),
    aversion: node.aversion,
    ephemeralOwner: node.owner,
    dataLength: sizeOf(node.data),
    numChildren: node.children.size,
    pzxid: node.pzxid,
  };
}

export function sizeOf(data: Data): number {
  return data?.length ?? 0;
}

export function parentPath(path: string): string {
  return path.slice(0, path.lastIndexOf('/')) || '/';
}

export function lastName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

export const PREMADE: readonly string[] = [
  '/',
  '/zookeeper',
  '/zookeeper/quota',
  '/zookeeper/config',
];

/** Nodes that were there from the start count against their parent's child version. */
function premadeChildren(path: string): number {
  return path === '/' ? 1 : path === '/zookeeper' ? 2 : 0;
}

/** Whether a node may have this path. */
export function isPath(path: string): boolean {
  if (path === '/') return true;
  if (!path.startsWith('/')) return false;
  for (let index = 0; index < path.length; index++) {
    if (isForbidden(path.charCodeAt(index))) return false;
  }
  return !path.endsWith('/') && !/\/(\.{0,2})\//.test(`${path}/`);
}

/** UTF-16 units that no path may have; halves of surrogate pairs are among them. */
function isForbidden(unit: number): boolean {
  const isControl = unit <= 0x1f || (unit >= 0x7f && unit <= 0x9f);
  return isControl || (unit >= 0xd800 && unit <= 0xf8ff) || unit >= 0xfff0;
}

/** All that is asked of a path before the parent is looked at. */
export function isPathLike(path: string): boolean {
  return path.includes('/') && !path.includes('\0');
}
