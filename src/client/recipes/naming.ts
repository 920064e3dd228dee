import { CODE } from '../../keeper/codes.ts';
import { CREATE_MODE } from '../../keeper/requests.ts';
import type { Zxid } from '../../zab/zxid.ts';
import { orNull } from '../calls.ts';
import type { Steps } from '../task.ts';
import { claimName, deleteSurely, ensurePath, sequenceOf } from './nodes.ts';
import type { Holding, Participant } from './participant.ts';
import { toBytes } from './text.ts';

/** An id that nobody else gets. */
export interface UniqueId {
  readonly number: number;
  /** Rises with the number. */
  readonly token: Zxid;
}

/**
 * Ids that are given once, and names that one session has at a time.
 *
 * It promises that no two ids are the same and that they rise with the zxids of their creation; an
 * answer that was lost burns one. And that at every zxid a name belongs to one session at most;
 * two may believe to have it while the first has not heard of the end of its session.
 *
 * In the log `issued` has the number as `item` and the czxid as `token`; a name is `acquired` with
 * its node's czxid as `token`, or `refused`, with the name as `item`.
 */
export class Naming {
  private readonly participant: Participant;
  private readonly dir: string;

  constructor(participant: Participant, dir: string) {
    this.participant = participant;
    this.dir = dir;
  }

  *uniqueId(): Steps<UniqueId> {
    const { participant } = this;
    const { zk } = participant;
    const resource = `${this.dir}/ids`;
    yield* ensurePath(zk, resource);
    for (;;) {
      // Ephemeral: what an answer that was lost leaves behind goes with the session.
      const creation = zk.create(`${resource}/id-`, null, CREATE_MODE.EPHEMERAL_SEQUENTIAL);
      const made = yield* orNull(creation, CODE.CONNECTIONLOSS);
      if (made === null) continue;
      const { path, stat } = made;
      const id = { number: sequenceOf(path), token: stat.czxid };
      const item = String(id.number);
      participant.note({ recipe: 'naming', resource, what: 'issued', path, token: id.token, item });
      yield* deleteSurely(zk, path);
      return id;
    }
  }

  /** @returns `null` if somebody else has the name */
  *register(name: string): Steps<Holding | null> {
    const { participant } = this;
    const { zk } = participant;
    const resource = `${this.dir}/names`;
    yield* ensurePath(zk, resource);
    const path = `${resource}/${name}`;
    const subject = { recipe: 'naming', resource, path, item: name } as const;
    participant.note({ ...subject, what: 'asked' });
    const own = yield* claimName(zk, path, toBytes(String(participant.client)));
    if (own === null) {
      participant.note({ ...subject, what: 'refused' });
      return null;
    }
    const holding: Holding = { ...subject, token: own.czxid };
    participant.acquire(holding);
    return holding;
  }

  *unregister(holding: Holding): Steps<void> {
    const { participant } = this;
    if (!participant.putDown(holding)) return;
    yield* deleteSurely(participant.zk, holding.path);
    participant.note({ ...holding, what: 'released' });
  }
}
