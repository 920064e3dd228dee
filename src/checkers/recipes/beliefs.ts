import type { Belief, RecordedEvent } from '../../client/recipes/log.ts';
import type { SessionId } from '../../keeper/session-id.ts';
import type { CommittedTree } from './committed-tree.ts';
import { broken, describe, ownLife, type RecipeFinding } from './finding.ts';

/** How somebody stands to a right that was granted. */
type Standing = 'held' | 'suspended' | 'releasing' | 'over';

interface Step {
  readonly from: readonly (Standing | undefined)[];
  readonly to: Standing;
}

const STEPS: Partial<Record<Belief, Step>> = {
  acquired: { from: [undefined], to: 'held' },
  suspended: { from: ['held', 'suspended'], to: 'suspended' },
  resumed: { from: ['suspended'], to: 'held' },
  releasing: { from: ['held', 'suspended'], to: 'releasing' },
  released: { from: ['releasing'], to: 'over' },
  lost: { from: ['held', 'suspended'], to: 'over' },
};

/**
 * That everybody goes by what it believes: a right is granted once, used only while it is held and
 * there is a connection, and gone when it was released; nothing comes after the end of a session.
 *
 * @param events of all recipes, in the order of the log
 */
export function checkBeliefs(
  tree: CommittedTree,
  events: readonly RecordedEvent[],
): RecipeFinding | null {
  const rights = new Map<string, Standing>();
  const ends = new Map<SessionId, RecordedEvent>();
  for (const event of events) {
    const { what, session, token } = event;
    const end = ends.get(session);
    if (what === 'lost') ends.set(session, event);
    else if (end !== undefined) return broken(event, `and before that ${describe(end)}`);
    const key = `${session} ${token}`;
    const finding = isUse(event)
      ? checkUse(event, rights.get(key))
      : takeStep(tree, event, rights, key);
    if (finding !== null) return finding;
  }
  return null;
}

/** Showing a token to a resource is using it, whatever the resource says. */
function isUse({ recipe }: RecordedEvent): boolean {
  return recipe === 'resource';
}

function checkUse(event: RecordedEvent, standing: Standing | undefined): RecipeFinding | null {
  if (standing === 'held') return null;
  return broken(event, `and the right is ${standing ?? 'not its own'}`);
}

function takeStep(
  tree: CommittedTree,
  event: RecordedEvent,
  rights: Map<string, Standing>,
  key: string,
): RecipeFinding | null {
  const step = STEPS[event.what];
  if (step === undefined || event.path === undefined) return null;
  const before = rights.get(key);
  if (!step.from.includes(before)) {
    return broken(event, `and the right is ${before ?? 'not its own'} by then`);
  }
  rights.set(key, step.to);
  if (event.what !== 'released' || ownLife(tree, event)?.ending !== 'none') return null;
  return broken(event, 'and its node still stands');
}

/** That what a session sees at a place never goes back. */
export function checkForward(events: readonly RecordedEvent[]): RecipeFinding | null {
  const last = new Map<SessionId, RecordedEvent>();
  for (const event of events) {
    if (event.what !== 'viewed') continue;
    const before = last.get(event.session);
    if (before !== undefined && (before.seen ?? 0) > (event.seen ?? 0)) {
      return broken(event, `and before that ${describe(before)}`);
    }
    last.set(event.session, event);
  }
  return null;
}
