import { CODE } from '../../keeper/codes.ts';
import { CREATE_MODE } from '../../keeper/requests.ts';
import type { Zxid } from '../../zab/zxid.ts';
import { orNull } from '../calls.ts';
import type { StandIn } from './nodes.ts';
import type { Participant } from './participant.ts';
import type { Resource } from './resource.ts';

/**
 * What a lock's holders change without showing a token: two who believe to hold the lock, because
 * one was paused, both write. For tests of the checkers.
 */
export class UnfencedResource implements Resource {
  private readonly name: string;

  constructor(name: string) {
    this.name = name;
  }

  write(participant: Participant, token: Zxid): boolean {
    participant.note({ recipe: 'resource', resource: this.name, what: 'wrote', token });
    return true;
  }
}

/**
 * Makes a node in a line, and makes another one when the answer was lost: the first may be there,
 * owned by a session that lives and does not know of it, and everybody behind waits for good. For
 * tests of the checkers.
 */
export const standInBlindly: StandIn = function* ({ zk }, dir, label, data) {
  for (;;) {
    const creation = zk.create(`${dir}/${label}-`, data, CREATE_MODE.EPHEMERAL_SEQUENTIAL);
    const made = yield* orNull(creation, CODE.CONNECTIONLOSS);
    if (made !== null) return { path: made.path, czxid: made.stat.czxid };
  }
};
