import { describe, expect, it } from 'vitest';
import { LeaderElection } from '../../../../src/client/recipes/leader-election.ts';
import type { Participant } from '../../../../src/client/recipes/participant.ts';
import { RecipeWorld } from '../../../support/recipe-world.ts';

function election(who: Participant): LeaderElection {
  return new LeaderElection(who, '/election', `host${who.client}:80`);
}

describe('an election', () => {
  it('has one leader, whom everybody can find', () => {
    const world = new RecipeWorld(3);
    const grant = world.perform(2, (who) => election(who).lead());
    world.begin(1, (who) => election(who).lead());
    const leader = world.perform(3, (who) => election(who).leader());
    expect(leader).toEqual({ address: 'host2:80', token: grant.token });
  });

  it('makes the next in line the leader when the first resigns or dies', () => {
    const world = new RecipeWorld(3);
    const grant = world.perform(1, (who) => election(who).lead());
    const second = world.begin(2, (who) => election(who).lead());
    world.pass(100_000);
    const third = world.begin(3, (who) => election(who).lead());
    world.perform(1, (who) => election(who).resign(grant));
    world.until(() => second.outcome?.how === 'finished', 2);
    expect(third.outcome).toBeNull();
    world.ensemble.world.host(world.hostOf(2)).losePower();
    world.until(() => third.outcome?.how === 'finished', 10);
    const tokens = world.events
      .filter(({ what }) => what === 'acquired')
      .map(({ token = 0 }) => token);
    expect(tokens).toEqual([...tokens].sort((a, b) => a - b));
  });

  it('has no leader as long as nobody stands', () => {
    const world = new RecipeWorld(1);
    world.perform(1, ({ zk }) => zk.create('/election', null, 0));
    expect(world.perform(1, (who) => election(who).leader())).toBeNull();
  });
});
