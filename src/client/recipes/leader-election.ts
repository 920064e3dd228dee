import { CODE } from '../../keeper/codes.ts';
import type { Zxid } from '../../zab/zxid.ts';
import { orNull } from '../calls.ts';
import type { Steps } from '../task.ts';
import { type Grant, giveBack, previous, takeTurn } from './lock.ts';
import { inOrder, standInOnce } from './nodes.ts';
import type { Participant } from './participant.ts';
import { textOf, toBytes } from './text.ts';

export interface Leader {
  readonly address: string;
  /** The czxid of its node: the epoch of its leadership. */
  readonly token: Zxid;
}

/**
 * One leader among those who stand for it: the lowest of ephemeral sequential nodes; each of the
 * others watches the one before.
 *
 * It promises that at every zxid one live node is the lowest, that leaders follow one another in
 * the order of their tokens, which are czxids, and that when a leader's session has ended the next
 * in line is told. Two may *believe* to lead as long as the first does not know better: it stops
 * when its connection is lost (`suspended`), and a resource that compares tokens refuses it.
 *
 * In the log `item` is the candidate's address; `seen` as for `Lock`.
 */
export class LeaderElection {
  private readonly participant: Participant;
  private readonly dir: string;
  private readonly address: string;

  /** @param address what others learn of this candidate when it leads */
  constructor(participant: Participant, dir: string, address: string) {
    this.participant = participant;
    this.dir = dir;
    this.address = address;
  }

  /** Stands for leadership until it is there. */
  lead(): Steps<Grant> {
    const { participant, dir, address } = this;
    const data = toBytes(address);
    return takeTurn(participant, 'leader-election', dir, 'n', standInOnce, previous, data);
  }

  resign(grant: Grant): Steps<void> {
    return giveBack(this.participant, grant);
  }

  /** Who leads, as far as the server knows; `null` if nobody does. */
  *leader(): Steps<Leader | null> {
    const { zk } = this.participant;
    for (;;) {
      const { children, stat } = yield* zk.getChildren(this.dir);
      const [first] = inOrder(children);
      if (first === undefined) return null;
      const path = `${this.dir}/${first}`;
      const node = yield* orNull(zk.getData(path), CODE.NONODE);
      if (node === null) continue;
      const leader = { address: textOf(node.data), token: node.stat.czxid };
      this.participant.note({
        recipe: 'leader-election',
        resource: this.dir,
        what: 'viewed',
        path,
        token: leader.token,
        seen: stat.pzxid,
        item: leader.address,
      });
      return leader;
    }
  }
}
