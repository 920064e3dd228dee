import type { RecordedEvent } from '../../client/recipes/log.ts';
import type { SessionId } from '../../keeper/session-id.ts';
import { lastName } from '../models/model-node.ts';
import { type CommittedTree, firstFrom, firstText, type Life } from './committed-tree.ts';
import { broken, checkOwn, firstFinding, ownLife, type RecipeFinding } from './finding.ts';

/** Groups: who joins has a node, and each view is the exact set of members at its zxid. */
export function checkGroup(
  tree: CommittedTree,
  events: readonly RecordedEvent[],
): RecipeFinding | null {
  const members = new Members(tree.childrenOf(events[0]?.resource ?? ''));
  return (
    checkOwns(tree, events) ??
    firstFinding(viewsOf(events), (event) => {
      const present = members.at(event.seen ?? 0);
      const { items = [] } = event;
      const isExact = items.length === present.size && items.every((name) => present.has(name));
      return isExact ? null : broken(event, `and there were [${[...present.keys()].join(' ')}]`);
    })
  );
}

/**
 * Services: each endpoint that is seen was registered, and only those are left out that went before
 * they could be read. A session that looks again has read all before by then, so nothing of it is
 * younger than what the next view rests on.
 */
export function checkService(
  tree: CommittedTree,
  events: readonly RecordedEvent[],
): RecipeFinding | null {
  const members = new Members(tree.childrenOf(events[0]?.resource ?? ''));
  const views = viewsOf(events);
  const bounds = boundsOf(events);
  return (
    checkOwns(tree, events) ??
    checkEndpoints(tree, events) ??
    firstFinding(views, (event) => {
      const present = members.at(event.seen ?? 0);
      return checkView(tree, event, present, bounds.get(event) ?? Number.POSITIVE_INFINITY);
    })
  );
}

function checkOwns(tree: CommittedTree, events: readonly RecordedEvent[]): RecipeFinding | null {
  const acquired = events.filter(({ what }) => what === 'acquired');
  return firstFinding(acquired, (event) => checkOwn(tree, event));
}

/** That what an instance has registered is what it says. */
function checkEndpoints(
  tree: CommittedTree,
  events: readonly RecordedEvent[],
): RecipeFinding | null {
  const acquired = events.filter(({ what }) => what === 'acquired');
  return firstFinding(acquired, (event) => {
    const life = ownLife(tree, event);
    if (life === null || event.item === `${lastName(life.path)}=${firstText(life)}`) return null;
    return broken(event, `and ${life.path} says ${firstText(life)}`);
  });
}

/** @param bound what was read is of this zxid at the latest */
function checkView(
  tree: CommittedTree,
  event: RecordedEvent,
  present: ReadonlyMap<string, Life>,
  bound: number,
): RecipeFinding | null {
  const names = new Set<string>();
  for (const item of event.items ?? []) {
    const name = item.slice(0, item.indexOf('='));
    names.add(name);
    const life = present.get(name);
    if (life === undefined) return broken(event, `and there was no ${name}`);
    const isRegistered = livesFrom(tree, life, bound).some(
      (each) => `${name}=${firstText(each)}` === item,
    );
    if (!isRegistered) return broken(event, `and ${item} was not registered`);
  }
  for (const [name, { end }] of present) {
    const hasGone = Number.isFinite(end) && end <= bound;
    if (!names.has(name) && !hasGone) return broken(event, `and ${name} is left out`);
  }
  return null;
}

/** A life and those after it at the same path, as far as they began by the bound. */
function livesFrom(tree: CommittedTree, life: Life, bound: number): readonly Life[] {
  const lives = tree.livesOf(life.path);
  const from = firstFrom(lives, ({ czxid }) => czxid >= life.czxid);
  return lives.slice(
    from,
    firstFrom(lives, ({ czxid }) => czxid > bound),
  );
}

/** In the order of the states that they rest on. */
function viewsOf(events: readonly RecordedEvent[]): RecordedEvent[] {
  const views = events.filter(({ what }) => what === 'viewed');
  return views.sort((a, b) => (a.seen ?? 0) - (b.seen ?? 0));
}

/** What the next view of the same session rests on. */
function boundsOf(events: readonly RecordedEvent[]): ReadonlyMap<RecordedEvent, number> {
  const bounds = new Map<RecordedEvent, number>();
  const last = new Map<SessionId, RecordedEvent>();
  for (const event of events) {
    if (event.what !== 'viewed') continue;
    const before = last.get(event.session);
    if (before !== undefined) bounds.set(before, event.seen ?? 0);
    last.set(event.session, event);
  }
  return bounds;
}

/** Who is there, for zxids that rise. */
class Members {
  private readonly births: readonly Life[];
  private readonly deaths: readonly Life[];
  private readonly present = new Map<string, Life>();
  private nextBirth = 0;
  private nextDeath = 0;

  /** @param lives in the order in which they came */
  constructor(lives: readonly Life[]) {
    this.births = lives;
    this.deaths = [...lives].sort((a, b) => a.end - b.end);
  }

  at(zxid: number): ReadonlyMap<string, Life> {
    const { births, deaths, present } = this;
    for (;;) {
      const born = births[this.nextBirth];
      const dead = deaths[this.nextDeath];
      // Whoever comes back in the same transaction has gone before.
      if (dead !== undefined && dead.end <= Math.min(zxid, born?.czxid ?? zxid)) {
        present.delete(lastName(dead.path));
        this.nextDeath++;
      } else if (born !== undefined && born.czxid <= zxid) {
        present.set(lastName(born.path), born);
        this.nextBirth++;
      } else return present;
    }
  }
}
