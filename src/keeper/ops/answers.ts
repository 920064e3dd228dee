import { assert, Defect } from '../../kernel/assert.ts';
import { CODE, OP } from '../codes.ts';
import type { DataTree } from '../data-tree.ts';
import type { Reply, Request } from '../requests.ts';
import type { Transaction } from '../transaction.ts';

/** The answer to a request that needed no agreement, from the state as it is here and now. */
export function answerRead(tree: DataTree, { xid, type, body }: Request): Reply {
  const zxid = tree.lastTxnZxid;
  const err = CODE.OK;
  if (type === OP.ping) return { xid, zxid, err, type, body: null };
  if (type === OP.sync) return { xid, zxid, err, type, body: { path: body.path } };
  assert(body !== null && 'watch' in body, 'everything else that needs no agreement reads a node');
  const node = tree.nodes.get(body.path);
  switch (type) {
    case OP.exists:
      if (node === undefined) break;
      return { xid, zxid, err, type, body: { stat: node.stat() } };
    case OP.getData:
      if (node === undefined) break;
      return { xid, zxid, err, type, body: { data: node.data, stat: node.stat() } };
    case OP.getChildren:
      if (node === undefined) break;
      return { xid, zxid, err, type, body: { children: [...node.children] } };
    case OP.getChildren2:
      if (node === undefined) break;
      return { xid, zxid, err, type, body: { children: [...node.children], stat: node.stat() } };
    default:
      throw new Defect('a write is answered from its transaction');
  }
  return { xid, zxid, err: CODE.NONODE, type, body: null };
}

/**
 * The answer to a write that has just been applied. A replica that has gone astray may lack the
 * node that was written: it says so, and leaves the judgement to those who compare replicas.
 */
export function answerWrite(tree: DataTree, { xid, type }: Request, txn: Transaction): Reply {
  const { zxid } = txn;
  const err = txn.type === OP.error ? txn.body.err : CODE.OK;
  switch (type) {
    case OP.create: {
      const body = txn.type === type ? { path: txn.body.path } : null;
      return { xid, zxid, err, type, body };
    }
    case OP.create2: {
      if (txn.type !== type) return { xid, zxid, err, type, body: null };
      const { path } = txn.body;
      const stat = tree.nodes.get(path)?.stat();
      if (stat === undefined) return { xid, zxid, err: INCONSISTENT, type, body: null };
      return { xid, zxid, err, type, body: { path, stat } };
    }
    case OP.setData: {
      if (txn.type !== type) return { xid, zxid, err, type, body: null };
      const stat = tree.nodes.get(txn.body.path)?.stat();
      if (stat === undefined) return { xid, zxid, err: INCONSISTENT, type, body: null };
      return { xid, zxid, err, type, body: { stat } };
    }
    case OP.delete:
    case OP.closeSession:
      return { xid, zxid, err, type, body: null };
    default:
      throw new Defect('a read is not answered from a transaction');
  }
}

const INCONSISTENT = CODE.RUNTIMEINCONSISTENCY;
