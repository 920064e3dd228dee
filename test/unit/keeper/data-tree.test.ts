import { describe, expect, it } from 'vitest';
import { OPEN_ACL } from '../../../src/keeper/acl.ts';
import { OP } from '../../../src/keeper/codes.ts';
import { DataTree } from '../../../src/keeper/data-tree.ts';
import type { SubChange, Transaction } from '../../../src/keeper/transaction.ts';
import { makeZxid } from '../../../src/zab/zxid.ts';

function multi(counter: number, changes: readonly SubChange[]): Transaction {
  const header = { byteCount: 0, session: 7, cxid: counter, time: 1000, entry: 1, requestId: 1 };
  return { ...header, zxid: makeZxid(1, counter), type: OP.multi, body: { changes } };
}

function create(path: string, parentCversion: number): SubChange {
  const body = { path, data: null, acl: OPEN_ACL, parentCversion, isEphemeral: false };
  return { type: OP.create, body };
}

function remove(path: string): SubChange {
  return { type: OP.delete, body: { path } };
}

describe('a transaction that is applied a second time', () => {
  it('leaves a child below a node that it deletes and makes again', () => {
    const tree = new DataTree();
    tree.apply(multi(1, [create('/p', 1)]));
    const again = multi(2, [remove('/p'), create('/p', 2), create('/p/c', 1)]);
    tree.apply(again);
    const { digest } = tree;
    tree.apply(again);
    expect([...(tree.find('/p')?.children ?? [])]).toEqual(['c']);
    expect(tree.find('/p/c')).toBeDefined();
    expect(tree.digest).toBe(digest);
  });
});
