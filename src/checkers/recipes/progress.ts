import type { Belief, Recipe, RecordedEvent } from '../../client/recipes/log.ts';
import { NO_SESSION, type SessionId } from '../../keeper/session-id.ts';
import { asZxid, formatZxid } from '../../zab/zxid.ts';
import { participantsOf } from './barriers.ts';
import { type CommittedTree, isOwnedBy, type Life, listIn } from './committed-tree.ts';
import { describe, describeLife, type RecipeFinding } from './finding.ts';
import { type Place, placesBelow } from './line.ts';
import { itemsOf } from './queues.ts';

type Check = (tree: CommittedTree, events: readonly RecordedEvent[]) => RecipeFinding | null;

/** Who waits in vain, at each recipe; names and ids nobody waits for. */
export const PROGRESS_CHECKS: Partial<Record<Recipe, Check>> = {
  lock: findStuckLine,
  'read-write-lock': findStuckLine,
  'leader-election': findStuckLine,
  'double-barrier': findStuckBarrier,
  'fifo-queue': findStuckQueue,
  'priority-queue': findStuckQueue,
  'group-membership': findStaleMembers,
  'service-discovery': findStaleMembers,
  configuration: findStaleConfiguration,
};

function stuck(event: RecordedEvent, why: string): RecipeFinding {
  const message = `${event.recipe}: ${describe(event)} and waits, ${why}`;
  return { property: 'recipe-progress', message, at: event.at };
}

/**
 * Somebody has asked for a right, and one of those who stand at the front does not believe to have
 * it: it has not noticed that it is its turn, or there is a node that its session does not know of.
 */
function findStuckLine(
  tree: CommittedTree,
  events: readonly RecordedEvent[],
): RecipeFinding | null {
  const asks = openBeliefs(tree, events, 'asked', 'acquired');
  const [ask] = asks;
  if (ask === undefined) return null;
  const held = heldRights(events);
  const line = placesBelow(tree, ask.resource).filter(({ life }) => life.ending === 'none');
  if (line.length === 0) return stuck(ask, 'and nobody has it');
  const idle = frontOf(line).find(({ life }) => !held.has(life.path));
  if (idle === undefined) return null;
  const why = whyIdle(idle.life, line, held, asks, events);
  return stuck(ask, `and at the front is ${describeLife(idle.life)}, ${why}`);
}

function whyIdle(
  { maker, path }: Life,
  line: readonly Place[],
  held: ReadonlyMap<string, RecordedEvent>,
  asks: readonly RecordedEvent[],
  events: readonly RecordedEvent[],
): string {
  if (events.some((event) => event.what === 'lost' && event.path === path)) {
    return 'which its client has lost';
  }
  const nodes = line.filter(({ life }) => isOwnedBy(life, maker)).length;
  const rights = [...held.values()].filter(({ session }) => session === maker).length;
  const isKnown = nodes <= rights + asks.filter(({ session }) => session === maker).length;
  return isKnown ? 'whose turn it is' : 'and its session has more nodes than it knows of';
}

/** Those whose turn it is: the first, and if it shares the right, those behind that do so, too. */
function frontOf(line: readonly Place[]): readonly Place[] {
  const readers = line.findIndex(({ isShared }) => !isShared);
  return line.slice(0, readers < 0 ? line.length : Math.max(1, readers));
}

/** Rights that are believed in, by their nodes. */
function heldRights(events: readonly RecordedEvent[]): Map<string, RecordedEvent> {
  const held = new Map<string, RecordedEvent>();
  for (const event of events) {
    const { what, path = '' } = event;
    if (what === 'acquired') held.set(path, event);
    else if (what === 'releasing' || what === 'lost') held.delete(path);
  }
  return held;
}

/** Something lies in the queue, and somebody waits for it. */
function findStuckQueue(
  tree: CommittedTree,
  events: readonly RecordedEvent[],
): RecipeFinding | null {
  const [taker] = openBeliefs(tree, events, 'taking', 'taken');
  const item = tree.childrenOf(itemsOf(events)).find(({ ending }) => ending === 'none');
  if (taker === undefined || item === undefined) return null;
  return stuck(taker, `and there is ${describeLife(item)}`);
}

/** Enough are there, or all have come to their end, and somebody stays all the same. */
function findStuckBarrier(
  tree: CommittedTree,
  events: readonly RecordedEvent[],
): RecipeFinding | null {
  const dir = events[0]?.resource ?? '';
  const standing = participantsOf(tree, dir).filter(({ ending }) => ending === 'none');
  const isOpen = tree.livesOf(`${dir}/ready`).some(({ ending }) => ending === 'none');
  const entering = openBeliefs(tree, events, 'entering', 'entered');
  const [outside] = entering;
  if (outside !== undefined && (isOpen || standing.length >= (outside.size ?? 0))) {
    return stuck(outside, `and ${standing.length} of ${outside.size} are there`);
  }
  const [leaver] = openBeliefs(tree, events, 'leaving', 'left');
  if (leaver === undefined) return null;
  const inside = openBeliefs(tree, events, 'entered', 'leaving');
  const staying = new Set([...entering, ...inside].map(({ session }) => session));
  if (standing.some(({ maker }) => staying.has(maker))) return null;
  return stuck(leaver, `and nobody is there who has not come to its end`);
}

/** Somebody looks at a group, and has not seen its last change. */
function findStaleMembers(
  tree: CommittedTree,
  events: readonly RecordedEvent[],
): RecipeFinding | null {
  const dir = events[0]?.resource ?? '';
  const children = tree.childrenOf(dir);
  return findStaleView(tree, events, children.flatMap(changesOf));
}

function changesOf({ czxid, end }: Life): number[] {
  return Number.isFinite(end) ? [czxid, end] : [czxid];
}

/** Somebody looks at a configuration, and has not seen the last publication. */
function findStaleConfiguration(
  tree: CommittedTree,
  events: readonly RecordedEvent[],
): RecipeFinding | null {
  const lives = tree.livesOf(events[0]?.resource ?? '');
  const changes = lives.flatMap(({ values }) => values.map(({ zxid }) => zxid));
  return findStaleView(tree, events, changes);
}

function findStaleView(
  tree: CommittedTree,
  events: readonly RecordedEvent[],
  changes: readonly number[],
): RecipeFinding | null {
  const last = changes.reduce((one, other) => Math.max(one, other), 0);
  const views = new Map<SessionId, RecordedEvent>();
  for (const event of events) if (event.what === 'viewed') views.set(event.session, event);
  for (const view of views.values()) {
    if (tree.hasEnded(view.session) || (view.seen ?? 0) >= last) continue;
    return stuck(view, `and the last change was at ${formatZxid(asZxid(last))}`);
  }
  return null;
}

/** What living sessions have begun, of those the last, as often as they have not ended it. */
function openBeliefs(
  tree: CommittedTree,
  events: readonly RecordedEvent[],
  begun: Belief,
  ended: Belief,
): RecordedEvent[] {
  const open = new Map<SessionId, RecordedEvent[]>();
  for (const event of events) {
    if (event.what === begun) listIn(open, event.session).push(event);
    else if (event.what === ended) open.get(event.session)?.shift();
  }
  return [...open].flatMap(([session, beliefs]) => {
    return session === NO_SESSION || tree.hasEnded(session) ? [] : beliefs;
  });
}
