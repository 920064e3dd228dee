import { describe, expect, it } from 'vitest';
import { type Grant, Lock } from '../../../../src/client/recipes/lock.ts';
import {
  standInBlindly,
  standInUnsynced,
  UnfencedResource,
} from '../../../../src/client/recipes/naive.ts';
import type { StandIn } from '../../../../src/client/recipes/nodes.ts';
import type { Participant } from '../../../../src/client/recipes/participant.ts';
import { FencedResource, type Resource } from '../../../../src/client/recipes/resource.ts';
import type { Steps } from '../../../../src/client/task.ts';
import { OP } from '../../../../src/keeper/codes.ts';
import { EVENT_TYPE } from '../../../../src/keeper/requests.ts';
import { SECOND } from '../../../support/plans.ts';
import { RecipeWorld } from '../../../support/recipe-world.ts';

const DIR = '/locks/a';

/** Takes the lock so many times, and holds it a little while. */
function* useOften(participant: Participant, times: number): Steps<void> {
  const lock = new Lock(participant, DIR);
  for (let time = 0; time < times; time++) {
    const grant = yield* lock.acquire();
    yield* participant.sleep(20_000);
    yield* lock.release(grant);
  }
}

/** Who holds it, entry by entry of the log. */
function holders(world: RecipeWorld): number[] {
  let count = 0;
  return world.events.map(({ what }) => {
    if (what === 'acquired') count++;
    if (what === 'releasing') count--;
    return count;
  });
}

describe('a lock on a good day', () => {
  it('is held by one at a time, in the order of the tokens', () => {
    const world = new RecipeWorld(3);
    const users = [1, 2, 3].map((client) => world.begin(client, (who) => useOften(who, 4)));
    world.until(() => users.every(({ outcome }) => outcome?.how === 'finished'));
    const acquired = world.events.filter(({ what }) => what === 'acquired');
    const tokens = acquired.map(({ token = 0 }) => token);
    expect(acquired).toHaveLength(12);
    expect(Math.max(...holders(world))).toBe(1);
    expect(tokens).toEqual([...tokens].sort((a, b) => a - b));
    expect(new Set(tokens).size).toBe(12);
  });

  it('wakes one of those who wait when it is released', () => {
    const world = new RecipeWorld(3);
    const lock = (who: Participant) => new Lock(who, DIR);
    const grant = world.perform(1, (who) => lock(who).acquire());
    const waiting = [2, 3].map((client) => world.begin(client, (who) => lock(who).acquire()));
    world.pass(SECOND);
    expect(waiting.map(({ outcome }) => outcome)).toEqual([null, null]);
    world.perform(1, (who) => lock(who).release(grant));
    world.until(() => waiting.some(({ outcome }) => outcome !== null));
    world.pass(SECOND);
    expect(waiting.filter(({ outcome }) => outcome !== null)).toHaveLength(1);
    const woken = world.history.events.filter(({ type }) => type === EVENT_TYPE.NodeDeleted);
    expect(woken).toHaveLength(1);
  });

  it('goes to the next in line when its holder dies', () => {
    const world = new RecipeWorld(2);
    world.perform(1, (who) => new Lock(who, DIR).acquire());
    const next = world.begin(2, (who) => new Lock(who, DIR).acquire());
    world.ensemble.world.host(world.hostOf(1)).losePower();
    world.until(() => next.outcome !== null, 10);
    expect(next.outcome?.how).toBe('finished');
  });
});

describe('a lock whose holder loses its connection', () => {
  it('may not be used until it is back, and is the same then', () => {
    const world = new RecipeWorld(1);
    const participant = world.participant(1);
    const grant = world.perform(1, (who) => new Lock(who, DIR).acquire());
    world.reset(1);
    world.until(() => !participant.isConnected);
    world.until(() => participant.isConnected);
    expect(world.story.slice(-3)).toEqual([
      '1 acquired lock',
      '1 suspended lock',
      '1 resumed lock',
    ]);
    expect(participant.holds(grant)).toBe(true);
  });

  it('is lost with the session', () => {
    const world = new RecipeWorld(1);
    const participant = world.participant(1);
    const grant = world.perform(1, (who) => new Lock(who, DIR).acquire());
    world.cut(1);
    world.until(() => participant !== world.participant(1));
    expect(world.story.slice(-2)).toEqual(['1 suspended lock', '1 lost lock']);
    expect(participant.holds(grant)).toBe(false);
  });
});

/** Client 1 holds the lock and stands still until client 2 has it; then it writes. */
function overtake(world: RecipeWorld, resource: Resource): [first: Grant, second: Grant] {
  const host = world.ensemble.world.host(world.hostOf(1));
  const first = world.perform(1, (who) => new Lock(who, DIR).acquire());
  const overtaken = world.participant(1);
  host.pause();
  const second = world.perform(2, (who) => new Lock(who, DIR).acquire());
  resource.write(world.participant(2), second.token);
  expect(overtaken.holds(first)).toBe(true);
  resource.write(overtaken, first.token);
  return [first, second];
}

describe('a lock whose holder crashes', () => {
  it('is lost there and then, and nobody hears what its code still says', () => {
    const world = new RecipeWorld(1);
    const participant = world.participant(1);
    const grant = world.perform(1, (who) => new Lock(who, DIR).acquire());
    world.ensemble.world.host(world.hostOf(1)).kill();
    expect(participant.holds(grant)).toBe(false);
    participant.note({ recipe: 'lock', resource: DIR, what: 'asked' });
    participant.sessionChanged('Disconnected');
    expect(world.story.slice(-2)).toEqual(['1 acquired lock', '1 lost lock']);
  });

  it('is not had by its next process, but by the next in line when the session has ended', () => {
    const world = new RecipeWorld(2);
    const first = world.participant(1);
    world.perform(1, (who) => new Lock(who, DIR).acquire());
    const next = world.begin(2, (who) => new Lock(who, DIR).acquire());
    const host = world.ensemble.world.host(world.hostOf(1));
    host.kill();
    host.start();
    world.until(() => world.participant(1) !== first && world.participant(1).isConnected);
    const again = world.begin(1, (who) => new Lock(who, DIR).acquire());
    world.until(() => next.outcome !== null, 10);
    world.pass(SECOND);
    expect(again.outcome).toBeNull();
    expect(world.story.slice(-2)).toEqual(['1 asked lock', '2 acquired lock']);
  });
});

describe('a holder who is overtaken', () => {
  it('has a lower token, and a resource that compares them refuses it', () => {
    const world = new RecipeWorld(2);
    const [first, second] = overtake(world, new FencedResource('disk'));
    expect(first.token).toBeLessThan(second.token);
    expect(world.story.slice(-2)).toEqual(['2 wrote', '1 refused']);
  });

  it('spoils a resource that does not', () => {
    const world = new RecipeWorld(2);
    overtake(world, new UnfencedResource('disk'));
    expect(world.story.slice(-2)).toEqual(['2 wrote', '1 wrote']);
  });
});

/** Client 1 asks for the lock, and the answer to its create is lost. */
function loseTheAnswer(world: RecipeWorld, standIn?: StandIn) {
  world.perform(1, ({ zk }) => zk.create('/locks', null, 0));
  world.perform(1, ({ zk }) => zk.create(DIR, null, 0));
  const asked = world.begin(1, (who) => new Lock(who, DIR, standIn).acquire());
  // It has found the directory and sends its create; nothing is heard from now on.
  world.until(() => world.history.operations.at(-1)?.question.type === OP.create2);
  world.silence(1);
  world.until(() => !world.participant(1).isConnected);
  world.heal(1);
  return asked;
}

describe('a create whose answer is lost', () => {
  it('is found again, and the lock is taken with one node', () => {
    const world = new RecipeWorld(2);
    const asked = loseTheAnswer(world);
    world.until(() => asked.outcome?.how === 'finished');
    const { children } = world.perform(2, ({ zk }) => zk.getChildren(DIR));
    expect(children).toHaveLength(1);
  });

  it('and that is sent again blindly waits for itself', () => {
    const world = new RecipeWorld(2);
    const asked = loseTheAnswer(world, standInBlindly);
    world.pass(5 * SECOND);
    expect(asked.outcome).toBeNull();
    const { children } = world.perform(2, ({ zk }) => zk.getChildren(DIR));
    expect(children).toHaveLength(2);
  });
});

/** Client 1 asks for the lock, moves to another server, and its create is committed only then. */
function commitLate(world: RecipeWorld, standIn?: StandIn) {
  world.perform(1, ({ zk }) => zk.create('/locks', null, 0));
  world.perform(1, ({ zk }) => zk.create(DIR, null, 0));
  const servers = new Set<number>();
  const asked = world.begin(1, (who) => new Lock(who, DIR, standIn).acquire());
  world.withStalledDisks(() => {
    world.until(() => world.history.operations.at(-1)?.question.type === OP.create2);
    servers.add(world.history.operations.at(-1)?.server ?? 0);
    // The create reaches the leader, which proposes it.
    world.pass(20_000);
    world.reset(1);
    world.until(() => !world.participant(1).isConnected);
    world.until(() => world.participant(1).isConnected);
    world.pass(20_000);
  });
  servers.add(world.history.operations.at(-1)?.server ?? 0);
  expect(servers.size).toBe(2);
  return asked;
}

describe('a create that is committed after a look at another server', () => {
  it('is found by who syncs before the look', () => {
    const world = new RecipeWorld(2);
    const asked = commitLate(world);
    world.until(() => asked.outcome?.how === 'finished');
    const { children } = world.perform(2, ({ zk }) => zk.getChildren(DIR));
    expect(children).toHaveLength(1);
  });

  it('is an orphan of who does not, and blocks it', () => {
    const world = new RecipeWorld(2);
    const asked = commitLate(world, standInUnsynced);
    world.pass(5 * SECOND);
    expect(asked.outcome).toBeNull();
    const { children } = world.perform(2, ({ zk }) => zk.getChildren(DIR));
    expect(children).toHaveLength(2);
  });
});
