import { crc32Bytes, crc32Text, crc32Word } from '../kernel/crc32.ts';
import type { Zxid } from '../zab/zxid.ts';
import { ZXID_ZERO } from '../zab/zxid.ts';
import { type Acl, OPEN_ACL } from './acl.ts';
import type { Data } from './requests.ts';
import { NO_SESSION, type SessionId, sessionIdHigh, sessionIdLow } from './session-id.ts';
import type { Stat } from './stat.ts';

const UINT32 = 2 ** 32;
/** `EphemeralType.CONTAINER_EPHEMERAL_OWNER` and `EphemeralType.TTL`, upper halves. */
const CONTAINER_OWNER_HIGH = 0x80000000;
const TTL_OWNER_HIGH = 0xff000000;
const NO_CHILDREN: ReadonlySet<string> = new Set();

/** A node of the tree. */
export class Znode {
  readonly path: string;
  /** Every digest begins with the path. */
  private readonly pathCrc: number;
  data: Data = null;
  acl: Acl = OPEN_ACL;
  czxid: Zxid = ZXID_ZERO;
  mzxid: Zxid = ZXID_ZERO;
  pzxid: Zxid = ZXID_ZERO;
  ctime = 0;
  mtime = 0;
  version = 0;
  /** How many children were ever created; what clients see counts deletions too. */
  cversion = 0;
  aversion = 0;
  ephemeralOwner: SessionId = NO_SESSION;
  /** The leader removes it once it has had children and has none any more. */
  isContainer = false;
  /** After how many milliseconds without children or changes of data it goes; 0 is never. */
  ttl = 0;
  /** The names of the children; shared and empty until there is one. */
  children: ReadonlySet<string> = NO_CHILDREN;
  /** This node's share of the tree's digest, as last worked out. */
  digest = 0;
  /** Who may change this node. Anybody else, a snapshot among them, sees it as it is now. */
  readonly owner: object;
  private ownChildren: Set<string> | null = null;

  constructor(
    path: string,
    owner: object,
    pathCrc: number = crc32Text(0, path === '/' ? '' : path),
  ) {
    this.path = path;
    this.owner = owner;
    this.pathCrc = pathCrc;
  }

  get isEphemeral(): boolean {
    return this.ephemeralOwner !== NO_SESSION;
  }

  stat(): Stat {
    return {
      czxid: this.czxid,
      mzxid: this.mzxid,
      ctime: this.ctime,
      mtime: this.mtime,
      version: this.version,
      cversion: (2 * this.cversion - this.children.size) | 0,
      aversion: this.aversion,
      ephemeralOwner: this.ephemeralOwner,
      dataLength: this.data?.length ?? 0,
      numChildren: this.children.size,
      pzxid: this.pzxid,
    };
  }

  addChild(name: string): void {
    this.mutableChildren().add(name);
  }

  removeChild(name: string): void {
    if (this.children.has(name)) this.mutableChildren().delete(name);
  }

  /** An equal node for another owner. The set of children is shared until it changes. */
  copy(owner: object): Znode {
    const node = new Znode(this.path, owner, this.pathCrc);
    node.data = this.data;
    node.acl = this.acl;
    node.czxid = this.czxid;
    node.mzxid = this.mzxid;
    node.pzxid = this.pzxid;
    node.ctime = this.ctime;
    node.mtime = this.mtime;
    node.version = this.version;
    node.cversion = this.cversion;
    node.aversion = this.aversion;
    node.ephemeralOwner = this.ephemeralOwner;
    node.isContainer = this.isContainer;
    node.ttl = this.ttl;
    node.children = this.children;
    node.digest = this.digest;
    return node;
  }

  private mutableChildren(): Set<string> {
    if (this.ownChildren === null) {
      this.ownChildren = new Set(this.children);
      this.children = this.ownChildren;
    }
    return this.ownChildren;
  }

  /** CRC-32 over path, data and the stored fields. `DigestCalculator.calculateDigest`. */
  computeDigest(): number {
    if (this.path.startsWith('/zookeeper/')) return 0;
    let crc = this.pathCrc;
    if (this.data !== null) crc = crc32Bytes(crc, this.data);
    crc = crc32Long(crc, this.czxid);
    crc = crc32Long(crc, this.mzxid);
    crc = crc32Long(crc, this.pzxid);
    crc = crc32Long(crc, this.ctime);
    crc = crc32Long(crc, this.mtime);
    crc = crc32Word(crc, this.version);
    crc = crc32Word(crc, this.cversion);
    crc = crc32Word(crc, this.aversion);
    return crc32Word(crc32Word(crc, this.storedOwnerHigh()), this.storedOwnerLow()) >>> 0;
  }

  /** The halves of `ephemeralOwner` as it is stored: it also says what kind of node this is. */
  private storedOwnerHigh(): number {
    if (this.isContainer) return CONTAINER_OWNER_HIGH;
    if (this.ttl === 0) return sessionIdHigh(this.ephemeralOwner);
    return (TTL_OWNER_HIGH | Math.floor(this.ttl / UINT32)) >>> 0;
  }

  private storedOwnerLow(): number {
    if (this.isContainer) return 0;
    return this.ttl === 0 ? sessionIdLow(this.ephemeralOwner) : this.ttl >>> 0;
  }
}

function crc32Long(crc: number, value: number): number {
  const high = Math.floor(value / UINT32);
  return crc32Word(crc32Word(crc, high | 0), (value - high * UINT32) | 0);
}
