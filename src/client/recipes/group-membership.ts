import { Signal, type Steps } from '../task.ts';
import { createOwn, deleteSurely, ensurePath, firing } from './nodes.ts';
import type { Holding, Participant } from './participant.ts';

/**
 * A group whose members are ephemeral nodes, and those who look at it.
 *
 * It promises that each view is the exact set of members at one zxid, that the views of one session
 * never go back, and that the last change is seen in the end. Sets in between may be skipped; who
 * leaves and comes back between two looks has been there all the time, for all that can be seen.
 *
 * In the log a member's `acquired` has the czxid of its node as `token`; `viewed` has the members
 * as `items`, sorted, and the group's pzxid as `seen`.
 */
export class GroupMembership {
  private readonly participant: Participant;
  private readonly dir: string;

  constructor(participant: Participant, dir: string) {
    this.participant = participant;
    this.dir = dir;
  }

  /** @param name which no other participant uses, sessions before of the same one excepted */
  *join(name: string): Steps<Holding> {
    const { participant, dir: resource } = this;
    const { zk } = participant;
    yield* ensurePath(zk, resource);
    participant.note({ recipe: 'group-membership', resource, what: 'asked', item: name });
    const { path, czxid } = yield* createOwn(zk, `${resource}/${name}`, null);
    const member: Holding = {
      recipe: 'group-membership',
      resource,
      path,
      token: czxid,
      item: name,
    };
    participant.acquire(member);
    return member;
  }

  *leave(member: Holding): Steps<void> {
    const { participant } = this;
    if (!participant.putDown(member)) return;
    yield* deleteSurely(participant.zk, member.path);
    participant.note({ ...member, what: 'released' });
  }

  /** Looks at every change, as long as the session lives. */
  *watch(changed: (members: readonly string[]) => void): Steps<never> {
    const { participant, dir: resource } = this;
    yield* ensurePath(participant.zk, resource);
    for (;;) {
      const change = new Signal();
      const { children, stat } = yield* participant.zk.getChildren(resource, firing(change));
      const items = [...children].sort();
      const recipe = 'group-membership';
      participant.note({ recipe, resource, what: 'viewed', items, seen: stat.pzxid });
      changed(items);
      yield* change.wait();
    }
  }
}
