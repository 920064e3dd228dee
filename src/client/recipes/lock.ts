import type { Zxid } from '../../zab/zxid.ts';
import type { Steps } from '../task.ts';
import type { Recipe } from './log.ts';
import {
  deleteSurely,
  ensurePath,
  type OwnNode,
  type StandIn,
  standInOnce,
  waitInLine,
} from './nodes.ts';
import type { Holding, Participant } from './participant.ts';

/** A right that was granted. */
export interface Grant extends Holding {
  /** Rises from grant to grant: what a resource compares to refuse one who was overtaken. */
  readonly token: Zxid;
}

/**
 * An exclusive lock without a herd: ephemeral sequential nodes stand in line, the lowest holds the
 * lock, and everybody watches the one before.
 *
 * It promises that at every zxid at most one live node is the lowest, and grants come in the order
 * of their tokens, which are czxids. Two may *believe* to hold it, as long as one is paused or cut
 * off; a resource that compares tokens refuses the earlier one. And if all who hold it release it
 * or lose their sessions, everybody's turn comes, in the order of the line.
 *
 * In the log `seen` is the pzxid of the listing that showed the own node as the lowest.
 */
export class Lock {
  private readonly participant: Participant;
  private readonly dir: string;
  private readonly standIn: StandIn;

  constructor(participant: Participant, dir: string, standIn: StandIn = standInOnce) {
    this.participant = participant;
    this.dir = dir;
    this.standIn = standIn;
  }

  acquire(): Steps<Grant> {
    return takeTurn(this.participant, 'lock', this.dir, 'lock', this.standIn, previous);
  }

  release(grant: Grant): Steps<void> {
    return giveBack(this.participant, grant);
  }
}

/** The one directly before. */
export function previous(line: readonly string[], place: number): string | null {
  return line[place - 1] ?? null;
}

/** Stands in line until the right is one's own. */
export function* takeTurn(
  participant: Participant,
  recipe: Recipe,
  dir: string,
  label: string,
  standIn: StandIn,
  blockerOf: (line: readonly string[], place: number) => string | null,
  data: Uint8Array | null = null,
): Steps<Grant> {
  const { zk } = participant;
  yield* ensurePath(zk, dir);
  participant.note({ recipe, resource: dir, what: 'asked', item: label });
  for (;;) {
    const own: OwnNode = yield* standIn(participant, dir, label, data);
    const seen = yield* waitInLine(zk, own, dir, blockerOf);
    if (seen === null) continue;
    const { path, czxid: token } = own;
    const grant = { recipe, resource: dir, path, token, seen, item: label };
    participant.acquire(grant);
    return grant;
  }
}

/** Puts a right down, and makes sure that the next in line learns of it. */
export function* giveBack(participant: Participant, grant: Holding): Steps<void> {
  if (!participant.putDown(grant)) return;
  yield* deleteSurely(participant.zk, grant.path);
  participant.note({ ...grant, what: 'released' });
}
