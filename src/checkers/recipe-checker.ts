import type { Recipe, RecordedEvent } from '../client/recipes/log.ts';
import type { Transaction } from '../keeper/transaction.ts';
import { checkBarrier } from './recipes/barriers.ts';
import { checkBeliefs, checkForward } from './recipes/beliefs.ts';
import { CommittedTree, listIn } from './recipes/committed-tree.ts';
import { checkConfiguration } from './recipes/configurations.ts';
import { firstFinding, type RecipeCheck, type RecipeFinding } from './recipes/finding.ts';
import { checkGroup, checkService } from './recipes/members.ts';
import { checkNames } from './recipes/names.ts';
import { PROGRESS_CHECKS } from './recipes/progress.ts';
import { checkQueue } from './recipes/queues.ts';
import { checkResource } from './recipes/resources.ts';
import { checkRights } from './recipes/rights.ts';
import { Tally } from './tally.ts';

export type { RecipeFinding };

const CHECKS: Readonly<Record<Recipe, RecipeCheck>> = {
  lock: checkRights,
  'read-write-lock': checkRights,
  'leader-election': checkRights,
  'double-barrier': checkBarrier,
  'fifo-queue': checkQueue,
  'priority-queue': checkQueue,
  'group-membership': checkGroup,
  naming: checkNames,
  configuration: checkConfiguration,
  'service-discovery': checkService,
  resource: checkResource,
};

/**
 * Holds what those who follow recipes believe against what was committed. Beliefs lag behind the
 * tree, so what is judged is the state that each says it rests on.
 *
 * O(n log n) in the number of entries, of what they list, and of transactions.
 *
 * @param events in the order of the log; of participants without a chroot
 * @param committed every committed transaction, in order
 * @param tally says what is judged, and counts it
 * @returns the first finding of each resource, and the first of what people do with their rights
 */
export function checkRecipes(
  events: readonly RecordedEvent[],
  committed: readonly Transaction[],
  tally: Tally = new Tally(),
): RecipeFinding[] {
  tally.count('recipes', events.length);
  if (events.length === 0) return [];
  const tree = new CommittedTree(committed);
  const findings: RecipeFinding[] = [];
  const add = (finding: RecipeFinding | null): void => {
    const kept = tally.keep(finding);
    if (kept !== null) findings.push(kept);
  };
  add(checkBeliefs(tree, events));
  for (const [recipe, entries] of byResource(events)) {
    add(CHECKS[recipe](tree, entries) ?? checkForward(entries));
  }
  return findings;
}

/**
 * Who waits in vain, in an ensemble that nothing disturbs any more. What is only under way looks
 * like that, too: ask again until nothing is left, or the time for it is over.
 *
 * @param events as for {@link checkRecipes}; who has begun to look at something goes on looking, as
 *   long as its session lives
 * @returns the first finding
 */
export function stuckRecipes(
  events: readonly RecordedEvent[],
  committed: readonly Transaction[],
): RecipeFinding | null {
  if (events.length === 0) return null;
  const tree = new CommittedTree(committed);
  return firstFinding([...byResource(events)], ([recipe, entries]) => {
    return PROGRESS_CHECKS[recipe]?.(tree, entries) ?? null;
  });
}

/** What belongs together, with the recipe that it is about. */
function byResource(events: readonly RecordedEvent[]): [Recipe, RecordedEvent[]][] {
  const groups = new Map<string, RecordedEvent[]>();
  for (const event of events) listIn(groups, `${event.recipe} ${event.resource}`).push(event);
  return [...groups.values()].flatMap((entries) => {
    const [first] = entries;
    return first === undefined ? [] : [[first.recipe, entries]];
  });
}
