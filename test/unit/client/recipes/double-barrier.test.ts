import { describe, expect, it } from 'vitest';
import { DoubleBarrier } from '../../../../src/client/recipes/double-barrier.ts';
import type { Participant } from '../../../../src/client/recipes/participant.ts';
import type { Steps } from '../../../../src/client/task.ts';
import { SECOND } from '../../../support/plans.ts';
import { RecipeWorld } from '../../../support/recipe-world.ts';

function barrier(who: Participant, size = 3): DoubleBarrier {
  return new DoubleBarrier(who, '/barrier/1', `p${who.client}`, size);
}

function* takePart(who: Participant): Steps<void> {
  const own = yield* barrier(who).enter();
  yield* who.sleep(100_000 * who.client);
  yield* barrier(who).leave(own);
}

describe('a double barrier', () => {
  it('lets nobody begin before all are there, and nobody end before all have', () => {
    const world = new RecipeWorld(3);
    const begun = [world.begin(1, takePart), world.begin(2, takePart)];
    world.pass(3 * SECOND);
    expect(world.story).not.toContain('1 entered p1');
    begun.push(world.begin(3, takePart));
    world.until(() => begun.every(({ outcome }) => outcome?.how === 'finished'));
    const order = world.events.map(({ what }) => what);
    expect(order.lastIndexOf('entering')).toBeLessThan(order.indexOf('entered'));
    expect(order.lastIndexOf('leaving')).toBeLessThan(order.indexOf('left'));
    expect(order.filter((what) => what === 'left')).toHaveLength(3);
  });

  it('does not wait at the end for one who has died', () => {
    const world = new RecipeWorld(3);
    const begun = [1, 2, 3].map((client) => world.begin(client, (who) => barrier(who).enter()));
    world.until(() => begun.every(({ outcome }) => outcome?.how === 'finished'));
    world.ensemble.world.host(world.hostOf(3)).losePower();
    const leaving = [0, 1].map((index) => {
      const outcome = begun[index]?.outcome;
      if (outcome?.how !== 'finished') throw new Error('has not entered');
      return world.begin(index + 1, (who) => barrier(who).leave(outcome.result));
    });
    world.until(() => leaving.every(({ outcome }) => outcome?.how === 'finished'), 10);
    expect(world.story).not.toContain('3 left p3');
  });

  it('counts who comes back with a new session once', () => {
    const world = new RecipeWorld(2);
    const old = world.participant(1);
    world.begin(1, (who) => barrier(who, 2).enter());
    world.pass(SECOND);
    world.ensemble.world.host(world.hostOf(1)).kill();
    world.ensemble.world.host(world.hostOf(1)).start();
    world.until(() => world.participant(1) !== old && world.participant(1).isConnected);
    world.begin(1, (who) => barrier(who, 2).enter());
    world.pass(5 * SECOND);
    expect(world.story).not.toContain('1 entered p1');
    world.perform(2, (who) => barrier(who, 2).enter());
    world.until(() => world.story.includes('1 entered p1'), 2);
  });
});
