import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HistoryNode } from '../../../src/checkers/history-tree.ts';
import type { Txn } from '../../../src/zab/txn.ts';
import { makeZxid } from '../../../src/zab/zxid.ts';

/** Two transactions for each of four zxids, so that histories part and numbers repeat. */
const POOL: readonly Txn[] = [1, 1, 2, 2, 3, 3, 4, 4].map((counter) => ({
  zxid: makeZxid(1, counter),
  byteCount: 10,
}));

const rising = fc.subarray([...POOL]);
const histories = fc.shuffledSubarray([...POOL]);

function nodeOf(root: HistoryNode, txns: readonly Txn[]): HistoryNode {
  return txns.reduce((node, txn) => node.followedBy(txn), root);
}

function isPrefix(a: readonly Txn[], b: readonly Txn[]): boolean {
  return a.every((txn, index) => txn === b[index]);
}

const FC = { numRuns: 200, seed: 1 };

describe('histories', () => {
  it('are the same node exactly if they are the same transactions in the same order', () => {
    const property = fc.property(fc.array(histories), (lists) => {
      const root = new HistoryNode(null, null);
      const nodes = lists.map((txns) => nodeOf(root, txns));
      lists.forEach((a, i) => {
        lists.forEach((b, j) => {
          const areEqual = a.length === b.length && isPrefix(a, b);
          expect(nodes[i] === nodes[j]).toBe(areEqual);
        });
      });
    });
    fc.assert(property, FC);
  });

  it('are prefixes exactly if the others begin with all of their transactions', () => {
    const property = fc.property(histories, histories, (a, b) => {
      const root = new HistoryNode(null, null);
      expect(nodeOf(root, a).isPrefixOf(nodeOf(root, b))).toBe(isPrefix(a, b));
    });
    fc.assert(property, FC);
  });

  it('cut at a zxid keep what is not above it', () => {
    const property = fc.property(rising, fc.integer({ min: 0, max: 5 }), (txns, counter) => {
      const root = new HistoryNode(null, null);
      const cut = makeZxid(1, counter);
      const kept = txns.filter(({ zxid }) => zxid <= cut);
      expect(nodeOf(root, txns).upTo(cut)).toBe(nodeOf(root, kept));
    });
    fc.assert(property, FC);
  });

  it('know their length and their last zxid', () => {
    const root = new HistoryNode(null, null);
    expect([root.length, root.zxid]).toEqual([0, 0]);
    const node = nodeOf(root, POOL.slice(0, 3));
    expect([node.length, node.zxid]).toEqual([3, makeZxid(1, 2)]);
  });
});
