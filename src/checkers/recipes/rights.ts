import type { RecordedEvent } from '../../client/recipes/log.ts';
import type { SessionId } from '../../keeper/session-id.ts';
import { asZxid, formatZxid, ZXID_ZERO } from '../../zab/zxid.ts';
import { type CommittedTree, firstText, type Life, listIn, standsAt } from './committed-tree.ts';
import {
  broken,
  checkOwn,
  describe,
  describeLife,
  firstFinding,
  ownLife,
  type RecipeFinding,
} from './finding.ts';
import { Line, numberOf, type Place, placesBelow } from './line.ts';

/**
 * Locks of both kinds, and elections: whoever has a right had a node of its own at the zxid that it
 * rests on, with nobody before it who excludes it; no two rights that exclude one another are
 * backed by the tree at one zxid; and whoever asks stands in line once. O(n log n).
 */
export function checkRights(
  tree: CommittedTree,
  events: readonly RecordedEvent[],
): RecipeFinding | null {
  const places = placesBelow(tree, events[0]?.resource ?? '');
  const line = new Line(places);
  const writers = new Line(places.filter(({ isShared }) => !isShared));
  const rights = new Rights();
  const resting = events.filter(({ what }) => what === 'acquired' || what === 'viewed');
  resting.sort((a, b) => (a.seen ?? 0) - (b.seen ?? 0));
  const finding = firstFinding(resting, (event) => {
    const before = isShared(event) ? writers : line;
    if (event.what === 'viewed') return checkLeader(tree, before, event);
    return checkGrant(tree, before, event) ?? rights.add(tree, event);
  });
  return finding ?? checkNodes(places, events);
}

function isShared({ recipe, item }: RecordedEvent): boolean {
  return recipe === 'read-write-lock' && item === 'read';
}

/** A right that was granted: nobody stood in its way. */
function checkGrant(tree: CommittedTree, line: Line, event: RecordedEvent): RecipeFinding | null {
  const { path = '', seen = ZXID_ZERO } = event;
  const own = ownLife(tree, event);
  if (own === null) return checkOwn(tree, event);
  if (!standsAt(own, seen)) return broken(event, `and its own node was ${describeLife(own)}`);
  const before = line.firstBefore(numberOf(path), seen);
  if (before === null) return null;
  return broken(event, `and before ${path} came ${describeLife(before)}`);
}

/** Who was seen to lead was the first of all, and is who it says. */
function checkLeader(tree: CommittedTree, line: Line, event: RecordedEvent): RecipeFinding | null {
  const { path = '', token = ZXID_ZERO, seen = ZXID_ZERO, item } = event;
  const life = tree.bornAt(path, token);
  if (life === null || !standsAt(life, seen)) return broken(event, `and ${path} was not there`);
  if (firstText(life) !== item) return broken(event, `and ${path} says ${firstText(life)}`);
  const before = line.firstBefore(numberOf(path), seen);
  return before === null ? null : broken(event, `and before it came ${describeLife(before)}`);
}

/**
 * A second node is one that its session does not know of: it keeps everybody behind from having
 * their turn as long as that session lives.
 */
function checkNodes(
  places: readonly Place[],
  events: readonly RecordedEvent[],
): RecipeFinding | null {
  const asked = new Map<SessionId, RecordedEvent[]>();
  for (const event of events) if (event.what === 'asked') listIn(asked, event.session).push(event);
  const made = new Map<SessionId, Life[]>();
  for (const { life } of places) listIn(made, life.maker).push(life);
  return firstFinding([...asked], ([session, asks]) => {
    const lives = made.get(session) ?? [];
    const [ask, life] = [asks.at(-1), lives.at(-1)];
    if (ask === undefined || life === undefined || lives.length <= asks.length) return null;
    const often = `${lives.length} nodes for ${asks.length} times`;
    return broken(ask, `and the session has made ${often}, the last ${describeLife(life)}`);
  });
}

interface Backed {
  readonly event: RecordedEvent;
  /** Of its node. */
  readonly end: number;
}

/** Rights by the zxids that they rest on: those that reach furthest, and the latest tokens. */
class Rights {
  private longest: Backed | null = null;
  private longestExclusive: Backed | null = null;
  private latest: RecordedEvent | null = null;
  private latestExclusive: RecordedEvent | null = null;

  add(tree: CommittedTree, event: RecordedEvent): RecipeFinding | null {
    const { seen = 0, token = 0 } = event;
    const isReader = isShared(event);
    const other = isReader ? this.longestExclusive : this.longest;
    if (other !== null && other.end > seen) {
      const until = Number.isFinite(other.end) ? formatZxid(asZxid(other.end)) : 'the end';
      return broken(
        event,
        `and the node of another stood until ${until}: ${describe(other.event)}`,
      );
    }
    const before = isReader ? this.latestExclusive : this.latest;
    if (before !== null && (before.token ?? 0) >= token) {
      return broken(event, `and before that ${describe(before)}`);
    }
    this.keep({ event, end: ownLife(tree, event)?.end ?? 0 }, isReader);
    return null;
  }

  private keep(right: Backed, isReader: boolean): void {
    this.longest = further(this.longest, right);
    this.latest = later(this.latest, right.event);
    if (isReader) return;
    this.longestExclusive = further(this.longestExclusive, right);
    this.latestExclusive = later(this.latestExclusive, right.event);
  }
}

function further(one: Backed | null, other: Backed): Backed {
  return one !== null && one.end > other.end ? one : other;
}

function later(one: RecordedEvent | null, other: RecordedEvent): RecordedEvent {
  return one !== null && (one.token ?? 0) > (other.token ?? 0) ? one : other;
}
