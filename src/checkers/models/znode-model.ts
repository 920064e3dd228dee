import { CODE, OP } from '../../keeper/codes.ts';
import { ANY_VERSION, type Data, type Question, type RequestedAcl } from '../../keeper/requests.ts';
import type { SessionId } from '../../keeper/session-id.ts';
import type { Stat } from '../../keeper/stat.ts';
import { ZXID_ZERO, type Zxid } from '../../zab/zxid.ts';

interface ModelNode {
  readonly path: string;
  readonly czxid: Zxid;
  readonly ctime: number;
  readonly owner: SessionId;
  readonly acl: RequestedAcl;
  data: Data;
  mzxid: Zxid;
  mtime: number;
  pzxid: Zxid;
  version: number;
  readonly children: Set<string>;
  /** Children that came, and children that went. */
  births: number;
  deaths: number;
}

/** What an operation gives back; `err` is 0 or a `CODE`, the rest is there if the answer has it. */
export interface ModelResult {
  readonly err: number;
  readonly path?: string;
  readonly stat?: Stat;
  readonly data?: Data;
  /** In no particular order. */
  readonly children?: readonly string[];
}

/**
 * What ZooKeeper's tree is by its documentation, in as few words as possible: one state, one
 * operation after the other. It judges the servers, and shares nothing with them.
 */
export class ZnodeModel {
  private readonly nodes = new Map<string, ModelNode>();

  constructor() {
    for (const path of ['/', '/zookeeper', '/zookeeper/quota', '/zookeeper/config']) {
      this.nodes.set(path, newNode(path, ZXID_ZERO, 0, 0, new Uint8Array(0), []));
      if (path !== '/') this.nodes.get(parentPath(path))?.children.add(lastName(path));
    }
  }

  /** Carries out a write. One that fails changes nothing. */
  write(session: SessionId, question: Question, zxid: Zxid, time: number): ModelResult {
    switch (question.type) {
      case OP.create:
      case OP.create2: {
        const { path, data, acl, flags } = question.body;
        return this.create(session, path, data, acl, flags, zxid, time);
      }
      case OP.delete:
        return this.delete(question.body.path, question.body.version, zxid);
      case OP.setData: {
        const { path, data, version } = question.body;
        return this.setData(path, data, version, zxid, time);
      }
      case OP.closeSession:
        this.endSession(session, zxid);
        return { err: CODE.OK };
      default:
        return { err: CODE.UNIMPLEMENTED };
    }
  }

  read(question: Question): ModelResult {
    switch (question.type) {
      case OP.exists:
      case OP.getData:
      case OP.getChildren:
      case OP.getChildren2: {
        const node = this.nodes.get(question.body.path);
        if (node === undefined) return { err: CODE.NONODE };
        const { data } = node;
        return { err: CODE.OK, stat: this.statOf(node), data, children: [...node.children] };
      }
      default:
        return { err: CODE.OK };
    }
  }

  /** All that a session owns goes with it. */
  endSession(session: SessionId, zxid: Zxid): void {
    for (const node of [...this.nodes.values()]) {
      if (node.owner === session && session !== 0) this.remove(node, zxid);
    }
  }

  private create(
    session: SessionId,
    name: string,
    data: Data,
    acl: RequestedAcl,
    flags: number,
    zxid: Zxid,
    time: number,
  ): ModelResult {
    const isEphemeral = (flags & 1) !== 0;
    const isSequential = (flags & 2) !== 0;
    const parent = this.nodes.get(parentPath(name));
    if (parent === undefined) return { err: CODE.NONODE };
    const path = isSequential ? name + String(parent.births).padStart(10, '0') : name;
    if (this.nodes.has(path)) return { err: CODE.NODEEXISTS };
    if (parent.owner !== 0) return { err: CODE.NOCHILDRENFOREPHEMERALS };
    const node = newNode(path, zxid, time, isEphemeral ? session : 0, data, acl);
    this.nodes.set(path, node);
    parent.children.add(lastName(path));
    parent.births++;
    parent.pzxid = zxid;
    return { err: CODE.OK, path, stat: this.statOf(node) };
  }

  private delete(path: string, version: number, zxid: Zxid): ModelResult {
    const node = this.nodes.get(path);
    if (node === undefined) return { err: CODE.NONODE };
    if (version !== ANY_VERSION && version !== node.version) return { err: CODE.BADVERSION };
    if (node.children.size > 0) return { err: CODE.NOTEMPTY };
    this.remove(node, zxid);
    return { err: CODE.OK };
  }

  private setData(
    path: string,
    data: Data,
    version: number,
    zxid: Zxid,
    time: number,
  ): ModelResult {
    const node = this.nodes.get(path);
    if (node === undefined) return { err: CODE.NONODE };
    if (version !== ANY_VERSION && version !== node.version) return { err: CODE.BADVERSION };
    node.data = data;
    node.version++;
    node.mzxid = zxid;
    node.mtime = time;
    return { err: CODE.OK, stat: this.statOf(node) };
  }

  private remove(node: ModelNode, zxid: Zxid): void {
    this.nodes.delete(node.path);
    const parent = this.nodes.get(parentPath(node.path));
    if (parent === undefined) return;
    parent.children.delete(lastName(node.path));
    parent.deaths++;
    parent.pzxid = zxid;
  }

  private statOf(node: ModelNode): Stat {
    return {
      czxid: node.czxid,
      mzxid: node.mzxid,
      ctime: node.ctime,
      mtime: node.mtime,
      version: node.version,
      cversion: node.births + node.deaths - premadeChildren(node.path),
      aversion: 0,
      ephemeralOwner: node.owner,
      dataLength: node.data?.length ?? 0,
      numChildren: node.children.size,
      pzxid: node.pzxid,
    };
  }
}

function newNode(
  path: string,
  zxid: Zxid,
  time: number,
  owner: SessionId,
  data: Data,
  acl: RequestedAcl,
): ModelNode {
  return {
    path,
    czxid: zxid,
    ctime: time,
    owner,
    acl,
    data,
    mzxid: zxid,
    mtime: time,
    pzxid: zxid,
    version: 0,
    children: new Set(),
    births: 0,
    deaths: 0,
  };
}

function parentPath(path: string): string {
  return path.slice(0, path.lastIndexOf('/')) || '/';
}

function lastName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** Nodes that were there from the start count against their parent's child version. */
function premadeChildren(path: string): number {
  return path === '/' ? 1 : path === '/zookeeper' ? 2 : 0;
}
