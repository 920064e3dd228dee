import type { Belief, RecordedEvent } from '../../client/recipes/log.ts';
import { formatSessionId } from '../../keeper/session-id.ts';
import { asZxid, formatZxid } from '../../zab/zxid.ts';
import type { Property } from '../violation.ts';
import { type CommittedTree, isOwnedBy, type Life } from './committed-tree.ts';

/** A promise of a recipe that a run breaks. */
export interface RecipeFinding {
  readonly property: Property;
  readonly message: string;
  /** Microseconds of simulated time. */
  readonly at: number;
}

/**
 * Judges all that was noted of one resource of one recipe.
 *
 * @param events in the order of the log; there is one at least
 * @returns the first finding
 */
export type RecipeCheck = (
  tree: CommittedTree,
  events: readonly RecordedEvent[],
) => RecipeFinding | null;

/** @param why goes on from what the client does */
export function broken(event: RecordedEvent, why: string): RecipeFinding {
  const message = `${event.recipe}: ${describe(event)}, ${why}`;
  return { property: 'recipes', message, at: event.at };
}

/** What no entry tells, but the tree. @param events of the resource */
export function brokenBy(events: readonly RecordedEvent[], what: string): RecipeFinding {
  const { recipe, resource, at } = events.at(-1) as RecordedEvent;
  return { property: 'recipes', message: `${recipe}: at ${resource} ${what}`, at };
}

const DOES: Readonly<Record<Belief, string>> = {
  asked: 'asks for',
  acquired: 'acquires',
  refused: 'is refused',
  suspended: 'suspends',
  resumed: 'resumes',
  releasing: 'puts down',
  released: 'has released',
  lost: 'loses',
  offering: 'offers',
  offered: 'has offered',
  taking: 'wants to take',
  taken: 'takes',
  entering: 'wants to enter',
  entered: 'enters',
  leaving: 'wants to leave',
  left: 'leaves',
  publishing: 'publishes',
  published: 'has published',
  viewed: 'sees',
  issued: 'draws',
  wrote: 'writes',
};

/** `client 1 acquires lock at /locks/a as 0x100000003 in the state of 0x100000004`. */
export function describe(event: RecordedEvent): string {
  const { client, what, resource, item, items, token, seen } = event;
  const parts = [`client ${client} ${DOES[what]}`];
  if (item !== undefined) parts.push(item);
  if (items !== undefined) parts.push(`[${items.join(' ')}]`);
  parts.push(`at ${resource}`);
  if (token !== undefined) parts.push(`as ${formatZxid(token)}`);
  if (seen !== undefined) parts.push(`in the state of ${formatZxid(seen)}`);
  return parts.join(' ');
}

/** `/locks/a/lock-0000000001 of session 0x1, which stood until 0x100000005`. */
export function describeLife({ path, isEphemeral, maker, end }: Life): string {
  const owner = isEphemeral ? ` of session ${formatSessionId(maker)}` : '';
  const until = Number.isFinite(end) ? `stood until ${formatZxid(asZxid(end))}` : 'still stands';
  return `${path}${owner}, which ${until}`;
}

/** The node that an entry of the log is about, if the session made it there and then. */
export function ownLife(tree: CommittedTree, event: RecordedEvent): Life | null {
  const { path, token, session } = event;
  const life = tree.bornAt(path ?? '', token ?? 0);
  return life !== null && isOwnedBy(life, session) ? life : null;
}

/** What is wrong with an `acquired` of any recipe: that there is no such node of one's own. */
export function checkOwn(tree: CommittedTree, event: RecordedEvent): RecipeFinding | null {
  if (ownLife(tree, event) !== null) return null;
  return broken(event, `and the session has made no ${event.path} then`);
}

export function firstFinding<Item>(
  items: readonly Item[],
  check: (item: Item) => RecipeFinding | null,
): RecipeFinding | null {
  for (const item of items) {
    const finding = check(item);
    if (finding !== null) return finding;
  }
  return null;
}
