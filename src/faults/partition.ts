import type { Partition } from './fault.ts';

/** A directed link: from one server to another. */
export type DirectedLink = readonly [from: number, to: number];

/** The links that a partition of `servers` cuts. */
export function cutLinks(partition: Partition, servers: readonly number[]): DirectedLink[] {
  switch (partition.shape) {
    case 'split': {
      const side = new Set(partition.side);
      return linksWhere(servers, (from, to) => side.has(from) !== side.has(to));
    }
    case 'isolate': {
      const { server } = partition;
      return linksWhere(servers, (from, to) => from === server || to === server);
    }
    case 'oneWay': {
      const side = new Set(partition.side);
      return linksWhere(servers, (from, to) => side.has(from) && !side.has(to));
    }
    case 'bridge': {
      const side = new Set(partition.side);
      const { bridge } = partition;
      return linksWhere(
        servers,
        (from, to) => from !== bridge && to !== bridge && side.has(from) !== side.has(to),
      );
    }
    case 'ring': {
      const { order } = partition;
      const reach = Math.ceil((order.length - 1) / 4);
      return linksWhere(order, (from, to) => ringDistance(order, from, to) > reach);
    }
  }
}

function linksWhere(
  servers: readonly number[],
  isCut: (from: number, to: number) => boolean,
): DirectedLink[] {
  const links: DirectedLink[] = [];
  for (const from of servers) {
    for (const to of servers) if (from !== to && isCut(from, to)) links.push([from, to]);
  }
  return links;
}

/** How many steps apart two servers stand in a ring. */
function ringDistance(order: readonly number[], a: number, b: number): number {
  const steps = Math.abs(order.indexOf(a) - order.indexOf(b));
  return Math.min(steps, order.length - steps);
}
