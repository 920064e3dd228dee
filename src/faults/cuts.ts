import type { Cut, Whom } from './fault.ts';

/** A directed link: from one host to another. */
export type DirectedLink = readonly [from: number, to: number];

/** Who is there to be cut off. */
export interface Parties {
  /** Host ids. */
  readonly servers: readonly number[];
  /** The host of a client. */
  clientHost(client: number): number;
  /** `null`: nobody at this time. */
  whom(whom: Whom): number | null;
}

/** The links that a cut concerns; none if one of those it names is nobody at this time. */
export function cutLinks(cut: Cut, parties: Parties): readonly DirectedLink[] {
  const { servers } = parties;
  switch (cut.kind) {
    case 'split':
      return withAll(parties, cut.side, (side) =>
        linksWhere(servers, (from, to) => side.includes(from) !== side.includes(to)),
      );
    case 'isolate':
      return withAll(parties, [cut.server], ([server]) =>
        linksWhere(servers, (from, to) => from === server || to === server),
      );
    case 'oneWay':
      return withAll(parties, cut.side, (side) =>
        linksWhere(servers, (from, to) => side.includes(from) && !side.includes(to)),
      );
    case 'bridge':
      return withAll(parties, [cut.bridge, ...cut.side], ([bridge, ...side]) => {
        const others = servers.filter((server) => server !== bridge);
        return linksWhere(others, (from, to) => side.includes(from) !== side.includes(to));
      });
    case 'ring': {
      const { order } = cut;
      const reach = Math.ceil((order.length - 1) / 4);
      return linksWhere(order, (from, to) => ringDistance(order, from, to) > reach);
    }
    case 'cutLink':
      return withAll(parties, [cut.from, cut.to], ([from, to]) => bothWays([from], [to]));
    case 'halfDeadLink':
      return withAll(parties, [cut.from, cut.to], ([from, to]) =>
        from === to ? [] : [[from, to]],
      );
    case 'clientCut':
      return withAll(parties, cut.servers, (hosts) =>
        bothWays(
          cut.clients.map((client) => parties.clientHost(client)),
          hosts,
        ),
      );
  }
}

/** All links between two groups of hosts, in both directions, none twice. */
export function bothWays(a: readonly number[], b: readonly number[]): DirectedLink[] {
  const links = new Map<string, DirectedLink>();
  for (const from of a) {
    for (const to of b) {
      if (from === to) continue;
      links.set(`${from}-${to}`, [from, to]);
      links.set(`${to}-${from}`, [to, from]);
    }
  }
  return [...links.values()];
}

type Hosts<List extends readonly Whom[]> = { [Index in keyof List]: number };

/** None if one of those that are named is nobody. */
function withAll<const List extends readonly Whom[]>(
  parties: Parties,
  list: List,
  linksOf: (hosts: Hosts<List>) => readonly DirectedLink[],
): readonly DirectedLink[] {
  const hosts = list.map((whom) => parties.whom(whom));
  return hosts.includes(null) ? [] : linksOf(hosts as Hosts<List>);
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
