import type { RecordedEvent } from '../../client/recipes/log.ts';
import { type CommittedTree, isOwnedBy } from './committed-tree.ts';
import {
  broken,
  checkOwn,
  describe,
  firstFinding,
  ownLife,
  type RecipeFinding,
} from './finding.ts';
import { numberOf } from './line.ts';

/** Ids are given once and rise with their zxids; a name is had by who made its node. O(n log n). */
export function checkNames(
  tree: CommittedTree,
  events: readonly RecordedEvent[],
): RecipeFinding | null {
  return (
    firstFinding(events, (event) => checkName(tree, event)) ??
    checkIds(events.filter(({ what }) => what === 'issued'))
  );
}

function checkName(tree: CommittedTree, event: RecordedEvent): RecipeFinding | null {
  const { what, path = '', item, session } = event;
  if (what === 'acquired') return checkOwn(tree, event);
  if (what === 'refused') {
    const isTaken = tree.livesOf(path).some((life) => !isOwnedBy(life, session));
    return isTaken ? null : broken(event, 'and nobody else has ever had it');
  }
  if (what !== 'issued') return null;
  const life = ownLife(tree, event);
  if (life !== null && String(numberOf(life.path)) === item) return null;
  return broken(event, 'and the session has drawn no such number then');
}

function checkIds(issued: readonly RecordedEvent[]): RecipeFinding | null {
  const byToken = [...issued].sort((a, b) => (a.token ?? 0) - (b.token ?? 0));
  let before: RecordedEvent | null = null;
  for (const event of byToken) {
    if (before !== null && Number(before.item) >= Number(event.item)) {
      return broken(event, `and ${describe(before)}`);
    }
    before = event;
  }
  return null;
}
