import type { RecordedEvent } from '../../client/recipes/log.ts';
import { OP } from '../../keeper/codes.ts';
import { asZxid, formatZxid } from '../../zab/zxid.ts';
import { parentPath } from '../models/model-node.ts';
import { type CommittedTree, textOf } from './committed-tree.ts';
import { broken, brokenBy, firstFinding, type RecipeFinding } from './finding.ts';

/** All parts as one transaction has set them. */
interface Publication {
  readonly zxid: number;
  /** Who says so, by the name of the publication; nobody at the beginning. */
  readonly guid: string;
  readonly session: number;
  readonly items: readonly string[];
}

/**
 * Configurations: each publication was asked for and is made once, and each view is one of them,
 * whole. Before the first the parts are empty. O(n).
 */
export function checkConfiguration(
  tree: CommittedTree,
  events: readonly RecordedEvent[],
): RecipeFinding | null {
  const dir = events[0]?.resource ?? '';
  const publications = publicationsOf(tree, dir);
  const byZxid = new Map(publications.map((each) => [each.zxid, each]));
  const beginnings = new Set<number>(tree.livesOf(dir).map(({ czxid }) => czxid));
  return (
    checkPublications(publications, events) ??
    firstFinding(events, (event) => {
      const publication = byZxid.get(event.token ?? event.seen ?? 0);
      if (event.what === 'published') return checkPublished(event, publication);
      if (event.what !== 'viewed') return null;
      const isEmpty = (event.items ?? []).every((item) => item === '');
      if (isEmpty && beginnings.has(event.seen ?? 0)) return null;
      return checkViewed(event, publication);
    })
  );
}

function publicationsOf(tree: CommittedTree, dir: string): Publication[] {
  const settings = tree.livesOf(dir).flatMap(({ values }) => values.slice(1));
  return settings.map(({ zxid, data }) => {
    const txn = tree.transaction(zxid);
    const changes = txn?.type === OP.multi ? txn.body.changes : [];
    const items = changes.flatMap(({ type, body }) => {
      return type === OP.setData && parentPath(body.path) === dir ? [textOf(body.data)] : [];
    });
    return { zxid, guid: textOf(data), session: txn?.session ?? 0, items };
  });
}

function checkPublications(
  publications: readonly Publication[],
  events: readonly RecordedEvent[],
): RecipeFinding | null {
  const asked = new Map<string, RecordedEvent>();
  for (const event of events) {
    if (event.what === 'publishing') asked.set(event.item ?? '', event);
  }
  for (const { zxid, guid, items } of publications) {
    const event = asked.get(guid);
    const when = `${guid} was published at ${formatZxid(asZxid(zxid))}`;
    if (event === undefined) return brokenBy(events, `${when}, for the second time or by nobody`);
    if (!isSame(items, event.items)) return broken(event, `and [${items.join(' ')}] as ${when}`);
    asked.delete(guid);
  }
  return null;
}

function checkPublished(
  event: RecordedEvent,
  publication: Publication | undefined,
): RecipeFinding | null {
  const isOwn = publication?.session === event.session && publication.guid === event.item;
  if (isOwn && isSame(publication.items, event.items)) return null;
  return broken(event, 'and the session has published nothing of that then');
}

function checkViewed(
  event: RecordedEvent,
  publication: Publication | undefined,
): RecipeFinding | null {
  if (publication === undefined) return broken(event, 'and nothing was published then');
  const { items, guid } = publication;
  if (isSame(items, event.items) && guid === event.item) return null;
  return broken(event, `and [${items.join(' ')}] was published then`);
}

function isSame(items: readonly string[], others: readonly string[] = []): boolean {
  return items.length === others.length && items.every((item, index) => item === others[index]);
}
