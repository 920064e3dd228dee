import { expect } from 'vitest';
import type { Observed } from '../../../support/plans.ts';
import { type Effect, FIVE, LASTS, lasting, OVER, STRUCK } from './effect.ts';

/** `from>to` of links, sorted. */
function linksOf({ events }: Observed, name: string, when: number): string[] {
  return events
    .filter((event) => event.name === name && event.at === when)
    .map(({ host, peer }) => `${host}>${peer}`)
    .sort();
}

/** Links in both directions between two groups of hosts. */
function between(a: readonly number[], b: readonly number[]): string[] {
  return a.flatMap((one) => b.flatMap((other) => [`${one}>${other}`, `${other}>${one}`]));
}

/** These links and no others let nothing through for as long as the fault lasts. */
function expectCut(seen: Observed, links: readonly string[]): void {
  const sorted = [...links].sort();
  expect(linksOf(seen, 'linkCut', STRUCK)).toEqual(sorted);
  expect(linksOf(seen, 'linkHealed', OVER)).toEqual(sorted);
  const cuts = seen.events.filter(({ name }) => name === 'linkCut' || name === 'linkHealed');
  expect(cuts).toHaveLength(2 * links.length);
  const used = new Set(seen.received.filter(lasting).map(({ from, to }) => `${from}>${to}`));
  expect([...used].filter((link) => links.includes(link))).toEqual([]);
  expect(used.size).toBeGreaterThan(0);
}

function leadersOf({ result }: Observed): number[] {
  return result.stats.leaders.map(({ server }) => server);
}

type Kind =
  | 'split'
  | 'isolate'
  | 'oneWay'
  | 'bridge'
  | 'ring'
  | 'cutLink'
  | 'halfDeadLink'
  | 'clientCut';

export const CUTS: Readonly<Record<Kind, Effect>> = {
  split: {
    claim: 'parts the servers in two sides that hear only themselves; the larger one goes on',
    plan: FIVE,
    fault: { kind: 'split', side: [4, 5], ...LASTS },
    shows: (seen) => {
      expectCut(seen, between([4, 5], [1, 2, 3]));
      expect(leadersOf(seen)).toEqual([5, 3]);
    },
  },
  isolate: {
    claim: 'parts one server from all others',
    plan: FIVE,
    fault: { kind: 'isolate', server: 5, ...LASTS },
    shows: (seen) => {
      expectCut(seen, between([5], [1, 2, 3, 4]));
      expect(leadersOf(seen)).toEqual([5, 4]);
    },
  },
  oneWay: {
    claim: 'loses what one side sends, while what the other sends arrives',
    plan: FIVE,
    fault: { kind: 'oneWay', side: [1, 2], ...LASTS },
    shows: (seen) => {
      const links = [1, 2].flatMap((from) => [3, 4, 5].map((to) => `${from}>${to}`));
      expectCut(seen, links);
      const isHeard = seen.received.some((one) => lasting(one) && one.from === 5 && one.to === 1);
      expect(isHeard).toBe(true);
    },
  },
  bridge: {
    claim: 'leaves two sides that only one server hears both of',
    plan: FIVE,
    fault: { kind: 'bridge', side: [1, 2], bridge: 3, ...LASTS },
    shows: (seen) => {
      expectCut(seen, between([1, 2], [4, 5]));
    },
  },
  ring: {
    claim: 'lets every server hear its neighbours alone, so that each hears a majority',
    plan: FIVE,
    fault: { kind: 'ring', order: [1, 2, 3, 4, 5], ...LASTS },
    shows: (seen) => {
      const pairs = [
        [1, 3],
        [1, 4],
        [2, 4],
        [2, 5],
        [3, 5],
      ] as const;
      expectCut(
        seen,
        pairs.flatMap(([one, other]) => between([one], [other])),
      );
    },
  },
  cutLink: {
    claim: 'parts two servers, and nobody else',
    plan: FIVE,
    fault: { kind: 'cutLink', from: 5, to: 2, ...LASTS },
    shows: (seen) => {
      expectCut(seen, ['2>5', '5>2']);
      expect(leadersOf(seen)).toEqual([5]);
    },
  },
  halfDeadLink: {
    claim: 'lets nothing from one server to another, and everything back',
    plan: FIVE,
    fault: { kind: 'halfDeadLink', from: 5, to: 2, ...LASTS },
    shows: (seen) => {
      expectCut(seen, ['5>2']);
      const back = seen.received.filter((one) => lasting(one) && one.from === 2 && one.to === 5);
      expect(back.length).toBeGreaterThan(0);
    },
  },
  clientCut: {
    claim: 'parts clients from servers, who hear one another as before',
    plan: FIVE,
    fault: { kind: 'clientCut', clients: [1, 2], servers: [3, 'leader'], ...LASTS },
    shows: (seen) => {
      expectCut(seen, between([6, 7], [3, 5]));
      expect(leadersOf(seen)).toEqual([5]);
    },
  },
};
