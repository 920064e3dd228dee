import { describe, expect, it } from 'vitest';
import { GroupMembership } from '../../../../src/client/recipes/group-membership.ts';
import type { Participant } from '../../../../src/client/recipes/participant.ts';
import { ServiceDiscovery } from '../../../../src/client/recipes/service-discovery.ts';
import { RecipeWorld } from '../../../support/recipe-world.ts';

const NAMES = ['', 'a', 'b', 'c'];

function group(who: Participant): GroupMembership {
  return new GroupMembership(who, '/group');
}

function join(world: RecipeWorld, client: number) {
  return world.perform(client, (who) => group(who).join(NAMES[client] ?? ''));
}

describe('a group', () => {
  it('is seen with everybody who joins, leaves or dies', () => {
    const world = new RecipeWorld(3);
    const views: string[] = [];
    world.begin(1, (who) => group(who).watch((members) => views.push(members.join(' '))));
    join(world, 1);
    const member = join(world, 2);
    join(world, 3);
    world.until(() => views.at(-1) === 'a b c', 2);
    world.perform(2, (who) => group(who).leave(member));
    world.until(() => views.at(-1) === 'a c', 2);
    world.ensemble.world.host(world.hostOf(3)).losePower();
    world.until(() => views.at(-1) === 'a', 10);
    const seen = world.events
      .filter(({ what }) => what === 'viewed')
      .map((event) => event.seen ?? 0);
    expect(seen).toEqual([...seen].sort((a, b) => a - b));
  });

  it('keeps a member that comes back before its old session has ended', () => {
    const world = new RecipeWorld(2);
    join(world, 1);
    const old = world.participant(1);
    const host = world.ensemble.world.host(world.hostOf(1));
    host.kill();
    host.start();
    world.until(() => world.participant(1) !== old && world.participant(1).isConnected);
    const { path } = join(world, 1);
    const { session } = world.participant(1).zookeeper;
    expect(session).not.toBe(old.zookeeper.session);
    world.pass(10_000_000);
    const stat = world.perform(2, ({ zk }) => zk.exists(path));
    expect(stat?.ephemeralOwner).toBe(session);
  });

  it('is seen as it is after a connection was lost', () => {
    const world = new RecipeWorld(2);
    const views: string[] = [];
    world.begin(1, (who) => group(who).watch((members) => views.push(members.join(' '))));
    world.until(() => views.length === 1);
    world.cut(1);
    join(world, 2);
    world.until(() => !world.participant(1).isConnected);
    world.heal(1);
    world.until(() => views.at(-1) === 'b', 5);
  });
});

describe('a service', () => {
  it('is found where its instances say, as long as they are registered', () => {
    const world = new RecipeWorld(3);
    const service = (who: Participant) => new ServiceDiscovery(who, '/svc/web');
    let found: readonly string[] = [];
    world.begin(1, (who) =>
      service(who).watch((instances) => {
        found = instances;
      }),
    );
    const holding = world.perform(2, (who) => service(who).register('i2', 'host2:80'));
    world.perform(3, (who) => service(who).register('i3', 'host3:80'));
    world.until(() => found.join() === 'i2=host2:80,i3=host3:80', 2);
    world.perform(2, (who) => service(who).unregister(holding));
    world.until(() => found.join() === 'i3=host3:80', 2);
    world.reset(1);
    world.until(() => !world.participant(1).isConnected);
    expect(found).toEqual(['i3=host3:80']);
    const { length } = world.events;
    world.until(() => world.events.slice(length).some(({ what }) => what === 'viewed'), 5);
    expect(found).toEqual(['i3=host3:80']);
  });
});
