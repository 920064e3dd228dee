import type { RecordedEvent } from '../../client/recipes/log.ts';
import type { CommittedTree } from './committed-tree.ts';
import { broken, describe, type RecipeFinding } from './finding.ts';

/**
 * A resource outside the ensemble: the tokens that it accepts never fall, and it refuses nobody but
 * those who were overtaken.
 */
export function checkResource(
  _tree: CommittedTree,
  events: readonly RecordedEvent[],
): RecipeFinding | null {
  let highest: RecordedEvent | null = null;
  for (const event of events) {
    const isLower = highest !== null && (event.token ?? 0) < (highest.token ?? 0);
    if (event.what === 'wrote') {
      if (isLower && highest !== null) return broken(event, `and before that ${describe(highest)}`);
      highest = event;
    } else if (event.what === 'refused' && !isLower) {
      return broken(event, 'and nothing higher had come');
    }
  }
  return null;
}
