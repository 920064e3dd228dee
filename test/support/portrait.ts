import type { DataTree } from '../../src/keeper/data-tree.ts';

/**
 * What a server's state is, to the last bit, but for the order of names.
 *
 * @param withTotals with the data of the nodes that count for quotas
 */
export function portrait(tree: DataTree, withTotals = true): unknown {
  const nodes = [...tree.nodes.values()].map((node) => {
    const { path, acl, data, isContainer, ttl, digest } = node;
    const kind = { isContainer, ttl, digest, children: [...node.children].sort() };
    if (!withTotals && path.endsWith('/zookeeper_stats')) return { path, acl, ...kind };
    return { path, acl, ...kind, data, stat: node.stat() };
  });
  nodes.sort((a, b) => (a.path < b.path ? -1 : 1));
  const sessions = [...tree.sessions].sort(([a], [b]) => a - b);
  const ephemerals = sessions.map(([session]) => [...tree.ephemeralsOf(session)].sort());
  return { nodes, sessions, ephemerals, digest: tree.digest, count: tree.ephemeralCount };
}
