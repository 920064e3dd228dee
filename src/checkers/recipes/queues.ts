import type { RecordedEvent } from '../../client/recipes/log.ts';
import { lastName } from '../models/model-node.ts';
import { type CommittedTree, firstText, type Life, listIn } from './committed-tree.ts';
import { broken, brokenBy, describe, describeLife, type RecipeFinding } from './finding.ts';
import { numberOf } from './line.ts';

/**
 * Queues of both kinds: no item is there that nobody has offered, or more often than that; each is
 * taken once at most; one that is gone was taken, or claimed by who died before hearing of it; and
 * what comes first leaves first, as far as the taker could know. O(n log n).
 */
export function checkQueue(
  tree: CommittedTree,
  events: readonly RecordedEvent[],
): RecipeFinding | null {
  const items = tree.childrenOf(itemsOf(events));
  const takings = new Map<Life, RecordedEvent>();
  return (
    checkOffers(items, events) ??
    checkTakings(tree, events, takings) ??
    checkLosses(tree, items, events, takings) ??
    checkOrder(items, events, takings)
  );
}

/** Where a queue has its items. */
export function itemsOf(events: readonly RecordedEvent[]): string {
  return `${events[0]?.resource}/items`;
}

function checkOffers(
  items: readonly Life[],
  events: readonly RecordedEvent[],
): RecipeFinding | null {
  const offerings = new Map<string, number>();
  const byZxid = new Map<number, Life>(items.map((life) => [life.czxid, life]));
  for (const event of events) {
    const { what, item = '', token = 0, session } = event;
    if (what === 'offering') offerings.set(item, (offerings.get(item) ?? 0) + 1);
    if (what !== 'offered') continue;
    const life = byZxid.get(token);
    if (life === undefined || life.maker !== session || firstText(life) !== item) {
      return broken(event, 'and the session has put in no such item then');
    }
  }
  for (const life of items) {
    const item = firstText(life);
    const left = offerings.get(item) ?? 0;
    if (left === 0)
      return brokenBy(events, `${item} was offered less often: ${describeLife(life)}`);
    offerings.set(item, left - 1);
  }
  return null;
}

/** @param takings gets who has taken each */
function checkTakings(
  tree: CommittedTree,
  events: readonly RecordedEvent[],
  takings: Map<Life, RecordedEvent>,
): RecipeFinding | null {
  for (const event of events) {
    const { what, item, path = '', token = 0, session } = event;
    if (what !== 'taken') continue;
    const life = tree.endedAt(path, token);
    if (life === null || life.ender !== session || firstText(life) !== item) {
      return broken(event, `and the session has removed no such ${path} then`);
    }
    const other = takings.get(life);
    if (other !== undefined) return broken(event, `and before that ${describe(other)}`);
    takings.set(life, event);
  }
  return null;
}

/** What has gone and was not taken: who has removed it must be dead, or still have its claim. */
function checkLosses(
  tree: CommittedTree,
  items: readonly Life[],
  events: readonly RecordedEvent[],
  takings: ReadonlyMap<Life, RecordedEvent>,
): RecipeFinding | null {
  const claims = `${events[0]?.resource}/claims`;
  for (const life of items) {
    if (life.ending === 'none' || takings.has(life)) continue;
    const claim = tree.bornAt(`${claims}/${lastName(life.path)}`, life.end);
    if (claim !== null && claim.ending !== 'deleted') continue;
    const why = claim === null ? 'nobody has claimed it' : `its claim is ${describeLife(claim)}`;
    const message = `${firstText(life)} is lost: it was ${describeLife(life)}, and ${why}`;
    return brokenBy(events, message);
  }
  return null;
}

/**
 * Nothing was left standing that came before what was taken and was in the listing that this was
 * chosen from. Where nobody has told of the listing, it was not older than the item.
 */
function checkOrder(
  items: readonly Life[],
  events: readonly RecordedEvent[],
  takings: ReadonlyMap<Life, RecordedEvent>,
): RecipeFinding | null {
  const classes = classesOf(items);
  const removed = items.filter(({ ending }) => ending !== 'none').sort((a, b) => a.end - b.end);
  for (const life of removed) {
    const event = takings.get(life);
    const seen = event?.seen ?? life.czxid;
    for (const { priority, line } of classes) {
      if (priority > priorityOf(life)) break;
      const first = line.firstAt(life.end);
      if (first === null || first.czxid > seen) continue;
      if (priority === priorityOf(life) && numberOf(first.path) > numberOf(life.path)) continue;
      const why = `before it came ${describeLife(first)}`;
      if (event !== undefined) return broken(event, `and ${why}`);
      return brokenBy(events, `${firstText(life)} was ${describeLife(life)}, and ${why}`);
    }
  }
  return null;
}

/** In a queue without priorities all items are of one class. */
function priorityOf({ path }: Life): number {
  return Number(/^queue-(\d\d)-/.exec(lastName(path))?.[1] ?? 0);
}

interface Class {
  readonly priority: number;
  readonly line: Standing;
}

/** The most urgent first. */
function classesOf(items: readonly Life[]): Class[] {
  const classes = new Map<number, Life[]>();
  for (const life of items) listIn(classes, priorityOf(life)).push(life);
  return [...classes]
    .map(([priority, lives]) => ({ priority, line: new Standing(lives) }))
    .sort((a, b) => a.priority - b.priority);
}

/** Which of those that came one after the other still stand, for zxids that rise. */
class Standing {
  private readonly lives: readonly Life[];
  private start = 0;

  constructor(lives: readonly Life[]) {
    this.lives = lives;
  }

  /** The one that had come first and stood when the transaction was over. */
  firstAt(zxid: number): Life | null {
    for (;;) {
      const life = this.lives[this.start];
      if (life === undefined) return null;
      if (life.end > zxid) return life;
      this.start++;
    }
  }
}
