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
 * Makes a node in a line, and looks for it when the answer was lost, but with no sync before: a
 * create that is still on its way is not seen, and comes to be later. Kazoo's lock and Curator's
 * protected create do so. For tests of the checkers.
 */
export const standInUnsynced: StandIn = function* (participant, dir, label, data) {
  const { zk } = participant;
  const guid = participant.guid();
  for (;;) {
    const creation = zk.create(`${dir}/${guid}-${label}-`, data, CREATE_MODE.EPHEMERAL_SEQUENTIAL);
    const made = yield* orNull(creation, CODE.CONNECTIONLOSS);
    if (made !== null) return { path: made.path, czxid: made.stat.czxid };
    const { children } = yield* zk.getChildren(dir);
    const name = children.find((child) => child.startsWith(guid));
    const stat = name === undefined ? null : yield* zk.exists(`${dir}/${name}`);
    if (stat !== null) return { path: `${dir}/${name}`, czxid: stat.czxid };
  }
};

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
