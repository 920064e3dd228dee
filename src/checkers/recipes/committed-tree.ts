import { OP } from '../../keeper/codes.ts';
import type { Data } from '../../keeper/requests.ts';
import type { SessionId } from '../../keeper/session-id.ts';
import type { Change, CreatedNode, Transaction } from '../../keeper/transaction.ts';
import type { Zxid } from '../../zab/zxid.ts';
import { parentPath } from '../models/model-node.ts';

/** What a node was set to, and by which transaction. */
export interface Value {
  readonly zxid: Zxid;
  readonly data: Data;
}

/** One life of a node: it stands from `czxid` on, and at `end` no more. */
export interface Life {
  readonly path: string;
  readonly czxid: Zxid;
  /** Who asked for it. */
  readonly maker: SessionId;
  readonly isEphemeral: boolean;
  /** In the order of their zxids; the first is what it was made with. */
  readonly values: Value[];
  /** Infinite as long as it stands. */
  end: number;
  ending: 'none' | 'deleted' | 'session';
  /** Who asked for its end, or whose end it was. */
  ender: SessionId;
}

const NOBODY: readonly Life[] = [];
const DECODER = new TextDecoder();

/** Which nodes stood at which zxid, and whose they were: what was committed, once more. */
export class CommittedTree {
  private readonly lives = new Map<string, Life[]>();
  private readonly children = new Map<string, Life[]>();
  private readonly standing = new Map<SessionId, Set<Life>>();
  private readonly ended = new Set<SessionId>();
  private readonly committed: readonly Transaction[];

  /** @param committed every committed transaction, in order */
  constructor(committed: readonly Transaction[]) {
    this.committed = committed;
    for (const txn of committed) this.apply(txn);
  }

  /** Every life of a node, in order. */
  livesOf(path: string): readonly Life[] {
    return this.lives.get(path) ?? NOBODY;
  }

  /** All that have ever been a node's children, in the order in which they came. */
  childrenOf(path: string): readonly Life[] {
    return this.children.get(path) ?? NOBODY;
  }

  /** The life that the transaction began. */
  bornAt(path: string, czxid: number): Life | null {
    const lives = this.livesOf(path);
    const life = lives[firstFrom(lives, (each) => each.czxid >= czxid)];
    return life?.czxid === czxid ? life : null;
  }

  /** The life that the transaction ended. */
  endedAt(path: string, zxid: number): Life | null {
    const lives = this.livesOf(path);
    const life = lives[firstFrom(lives, (each) => each.end >= zxid)];
    return life?.end === zxid ? life : null;
  }

  transaction(zxid: number): Transaction | null {
    const txn = this.committed[firstFrom(this.committed, (each) => each.zxid >= zxid)];
    return txn?.zxid === zxid ? txn : null;
  }

  hasEnded(session: SessionId): boolean {
    return this.ended.has(session);
  }

  private apply(txn: Transaction): void {
    if (txn.type === OP.multi) {
      for (const change of txn.body.changes) this.change(txn, change);
    } else if (txn.type === OP.closeSession) {
      this.ended.add(txn.session);
      for (const life of this.standing.get(txn.session) ?? []) this.finish(life, txn, 'session');
      this.standing.delete(txn.session);
    } else this.change(txn, txn);
  }

  private change(txn: Transaction, { type, body }: Change): void {
    switch (type) {
      case OP.create:
      case OP.create2:
        this.begin(txn, body, body.isEphemeral);
        break;
      case OP.createContainer:
      case OP.createTTL:
        this.begin(txn, body, false);
        break;
      case OP.delete:
      case OP.deleteContainer: {
        const life = this.lives.get(body.path)?.at(-1);
        if (life?.ending === 'none') this.finish(life, txn, 'deleted');
        break;
      }
      case OP.setData: {
        const { zxid } = txn;
        this.lives.get(body.path)?.at(-1)?.values.push({ zxid, data: body.data });
      }
    }
  }

  private begin(txn: Transaction, { path, data }: CreatedNode, isEphemeral: boolean): void {
    const { zxid, session } = txn;
    const life: Life = {
      path,
      czxid: zxid,
      maker: session,
      isEphemeral,
      values: [{ zxid, data }],
      end: Number.POSITIVE_INFINITY,
      ending: 'none',
      ender: 0,
    };
    listIn(this.lives, path).push(life);
    listIn(this.children, parentPath(path)).push(life);
    if (!isEphemeral) return;
    const standing = this.standing.get(session);
    if (standing === undefined) this.standing.set(session, new Set([life]));
    else standing.add(life);
  }

  private finish(life: Life, { zxid, session }: Transaction, ending: Life['ending']): void {
    life.end = zxid;
    life.ending = ending;
    life.ender = session;
    if (ending === 'deleted') this.standing.get(life.maker)?.delete(life);
  }
}

export function standsAt({ czxid, end }: Life, zxid: number): boolean {
  return czxid <= zxid && zxid < end;
}

/** Whether an ephemeral is the session's. */
export function isOwnedBy({ isEphemeral, maker }: Life, session: SessionId): boolean {
  return isEphemeral && maker === session;
}

/** What a node was made with. */
export function firstText({ values }: Life): string {
  return textOf(values[0]?.data ?? null);
}

/** A node without data has the empty text. */
export function textOf(data: Data): string {
  return data === null ? '' : DECODER.decode(data);
}

/** The list under a key, a new one if there is none. */
export function listIn<Key, Item>(lists: Map<Key, Item[]>, key: Key): Item[] {
  let list = lists.get(key);
  if (list === undefined) {
    list = [];
    lists.set(key, list);
  }
  return list;
}

/** The place of the first item of which it is true; it is of all behind that, too. */
export function firstFrom<Item>(items: readonly Item[], isBehind: (item: Item) => boolean): number {
  let low = 0;
  let high = items.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (isBehind(items[middle] as Item)) high = middle;
    else low = middle + 1;
  }
  return low;
}
